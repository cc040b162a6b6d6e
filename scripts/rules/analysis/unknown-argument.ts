import { type Json, listAt, type Path, textAt } from '../../manifest/json.ts';
import type { Rule } from '../rule.ts';

/** Every `{{args.name}}` in a metric, with the place of the text that holds it. */
function* placeholders(value: Json, path: Path): Generator<{ readonly path: Path; readonly name: string }> {
  if (typeof value === 'string') {
    for (const [, name] of value.matchAll(/\{\{\s*args\.([\w.-]+?)\s*\}\}/g)) {
      yield { path, name: name ?? '' };
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
  *check({ ofKind }) {
    for (const manifest of [...ofKind('AnalysisTemplate'), ...ofKind('ClusterAnalysisTemplate')]) {
      const declared = new Set(listAt(manifest.object, ['spec', 'args']).map((argument) => textAt(argument, ['name'])));
      for (const { path, name } of placeholders(listAt(manifest.object, ['spec', 'metrics']), ['spec', 'metrics'])) {
        if (!declared.has(name)) {
          yield { manifest, path, message: `{{args.${name}}} must be one of the template's \`args\`` };
        }
      }
    }
  },
};
