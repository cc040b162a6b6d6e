import type { Json, Path } from '../../manifest/json.ts';
import { placeholdersOf } from '../../workload/resolve-metric.ts';
import type { Rule } from '../rule.ts';

/** Every `{{…}}` in a metric, with the place of the text that holds it. */
function* placeholders(value: Json, path: Path): Generator<{ readonly path: Path; readonly name: string }> {
  if (typeof value === 'string') {
    for (const name of placeholdersOf(value)) {
      yield { path, name };
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      yield* placeholders(child, [...path, key]);
    }
  }
}

export const analysisUnknownArgument: Rule = {
  id: 'analysis/unknown-argument',
  severity: 'error',
  why: 'The AnalysisRun ends as Error at once ("Unable to resolve metric arguments"), and every release is aborted.',
  fix: 'Declare it under `spec.args`, and give it a value there or in the Rollout.',
  *check({ metrics }) {
    for (const { manifest, path, written, arguments: args } of metrics) {
      const declared = new Set(args.map(({ name }) => `args.${name}`));
      for (const { path: place, name } of placeholders(written, path)) {
        if (!declared.has(name)) {
          const whose = name.startsWith('args.') ? "one of the template's `args`" : 'an argument, `{{args.…}}`';
          yield { manifest, path: place, message: `{{${name}}} must be ${whose}` };
        }
      }
    }
  },
};
