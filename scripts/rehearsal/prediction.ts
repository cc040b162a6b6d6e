import type { Outcome } from './outcome.ts';

/** Seconds by which a release may end sooner or later than the model says: the rest is how long pods take to be ready. */
const TOLERANCE = 5;

/** In which a release went otherwise than the model world predicted, in words; none where it went as predicted. */
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

/** `aborted, 46 s`. */
export function predictionText({ verdict, seconds }: Outcome): string {
  return `${verdict}, ${seconds.toFixed(0)} s`;
}
