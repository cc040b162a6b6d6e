import { compileGoRegexp, type GoRegexp } from '../go/regexp.ts';

/** Which metrics of a run are only watched, and why the run is refused for it. */
export interface DryRun {
  readonly isDryRun: (metric: string) => boolean;
  /** Where a rule matches none of these metrics; for an AnalysisSpec. */
  readonly problemFor: (metrics: readonly { readonly name: string }[]) => { readonly problem?: string };
}

/** `rules` are the texts of `dryRun[].metricName`: unanchored regular expressions; one that is none matches nothing. Mirrors `GetDryRunMetrics` (v1.9.1). */
export function readDryRun(rules: readonly string[]): DryRun {
  const patterns = rules.map(compileRule);
  return {
    isDryRun: (metric) => patterns.some((pattern) => pattern.test(metric)),
    problemFor(metrics) {
      const unmatched = patterns.findIndex((pattern) => !metrics.some(({ name }) => pattern.test(name)));
      const problem = `Analysis spec invalid: dryRun[${unmatched}]: Rule didn't match any metric name(s)`;
      return unmatched === -1 ? {} : { problem };
    },
  };
}

function compileRule(rule: string): Pick<GoRegexp, 'test'> {
  try {
    return compileGoRegexp(rule);
  } catch {
    // The controller drops this error too.
    return { test: () => false };
  }
}
