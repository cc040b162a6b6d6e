import { type Assumptions, USUAL } from '../rehearsal/model/assumptions.ts';
import { UsageError } from './command.ts';

/** What the model world assumes where the manifests do not say it, for every command that plays in it. */
export const ASSUMPTIONS_USAGE = `  --scrape-interval SECONDS
                     between two scrapes, where no monitor is among the manifests; default ${USUAL.scrapeSeconds}
  --series WHEN      from-start: the app exposes its series at 0 from its start; on-answer: each with the first answer of its kind.
                     Default on-answer, but for this repository's API
  --promote-after SECONDS
                     how long a pause without duration waits for a person who promotes; default ${USUAL.promoteAfterSeconds}`;

export const ASSUMPTIONS_OPTIONS = {
  'scrape-interval': { type: 'string' },
  series: { type: 'string' },
  'promote-after': { type: 'string' },
} as const;

/** Throws UsageError. */
export function readAssumptions(values: {
  readonly 'scrape-interval'?: string | undefined;
  readonly series?: string | undefined;
  readonly 'promote-after'?: string | undefined;
}): Assumptions {
  const { series } = values;
  if (series !== undefined && series !== 'from-start' && series !== 'on-answer') {
    throw new UsageError(`--series must be 'from-start' or 'on-answer', got '${series}'`);
  }
  return {
    scrapeSeconds: secondsOf('scrape-interval', values['scrape-interval'], 1) ?? USUAL.scrapeSeconds,
    isBornComplete: series === undefined ? undefined : series === 'from-start',
    promoteAfterSeconds: secondsOf('promote-after', values['promote-after'], 0) ?? USUAL.promoteAfterSeconds,
  };
}

function secondsOf(option: string, text: string | undefined, least: number): number | undefined {
  const [, digits] = /^(\d+(?:\.\d+)?)s?$/.exec(text ?? '') ?? [];
  const seconds = Number(digits);
  if (text === undefined) {
    return undefined;
  }
  if (!(seconds >= least && seconds <= 3600)) {
    throw new UsageError(`--${option} must be seconds between ${least} and 3600, got '${text}'`);
  }
  return seconds;
}
