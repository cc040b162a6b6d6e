import type { ShapedSeries } from '../../model/scrapes.ts';
import { CANARY, STABLE } from '../release.ts';
import type { Model } from './model.ts';

/** What the model world assumes because the manifests do not say it. */
export interface Assumptions {
  /** Seconds between two scrapes, where no monitor says. */
  readonly scrapeSeconds: number;
  /** Whether an app exposes its series at 0 from its start. By default only this repository's API does. */
  readonly isBornComplete: boolean | undefined;
  /** Seconds until a person promotes a pause without duration. */
  readonly promoteAfterSeconds: number;
}

export const USUAL: Assumptions = { scrapeSeconds: 30, isBornComplete: undefined, promoteAfterSeconds: 60 };

/** A line for each assumption that a model needed, with the option that sets it. */
export function describeAssumptions(model: Omit<Model, 'assumed'>): readonly string[] {
  const { workload, assumptions, isBornComplete, seriesOf } = model;
  const canary = seriesOf({ name: 'canary', hash: CANARY });
  const stable = seriesOf({ name: 'stable', hash: STABLE });
  const lines: string[] = [];
  const [ofCanary, ofStable] = [askedLabels(canary), askedLabels(stable)];
  const alone = [...ofCanary].filter((label) => !ofStable.has(label));
  if (workload.scraping === undefined && canary.length > 0) {
    const carried = [...ofCanary].filter((label) => ofStable.has(label));
    const labels = carried.length === 0 ? '' : ` and carry ${carried.join(', ')}`;
    const versions = alone.length === 0 ? '' : `; the canary's alone carry ${alone.join(', ')}`;
    lines.push(
      `assumed: no monitor is among the manifests; the pods are scraped every ${assumptions.scrapeSeconds} s${labels}${versions} (--scrape-interval SECONDS)`,
    );
  }
  if (!isBornComplete && assumptions.isBornComplete === undefined && canary.some(({ shape }) => shape.isOfRequests)) {
    lines.push(
      'assumed: a series of requests begins with the first answer of its kind (--series from-start where the app exposes them at 0)',
    );
  }
  const waits = workload.plan.steps.flatMap((step, index) =>
    step.kind === 'pause' && step.seconds === undefined ? [index + 1] : [],
  );
  if (waits.length > 0) {
    lines.push(
      `assumed: a person promotes ${waits.map((index) => `the pause of step ${index}`).join(' and ')} after ${assumptions.promoteAfterSeconds} s (--promote-after SECONDS)`,
    );
  }
  return lines;
}

/** The labels that queries name, as `app="shop"`; without those that tell how requests ended. */
function askedLabels(series: readonly ShapedSeries[]): ReadonlySet<string> {
  return new Set(series.flatMap(({ shape }) => [...shape.base].map(([label, value]) => `${label}="${value}"`)));
}
