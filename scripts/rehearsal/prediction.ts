import type { Outcome } from './outcome.ts';

/** Seconds by which the end may differ from the model's: real pods become ready sooner or later than simulated ones. */
const TOLERANCE = 5;

/** How a release differs from the model world's prediction, in words: at most one message, none where it went as predicted. */
export function differencesFrom(predicted: Outcome, { verdict, weight, seconds }: Outcome): readonly string[] {
  const said = `the model predicted ${predictionText(predicted)}`;
  if (predicted.verdict !== verdict) {
    return [`${said}, it was ${verdict} after ${seconds.toFixed(0)} s`];
  }
  const isElsewhere = verdict !== 'promoted' && predicted.weight !== weight;
  if (isElsewhere) {
    return [`${said} at weight ${predicted.weight}, it was at weight ${weight}`];
  }
  return Math.abs(predicted.seconds - seconds) > TOLERANCE ? [`${said}, it took ${seconds.toFixed(0)} s`] : [];
}

/** Verdict and time of a prediction: `aborted, 46 s`. */
export function predictionText({ verdict, seconds }: Outcome): string {
  return `${verdict}, ${seconds.toFixed(0)} s`;
}
