import { at, type Json, listAt, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** Finds the template of a kind and name to which a Rollout refers; returns undefined if it is not in the files. */
export type FindTemplate = (kind: string, name: string) => Manifest | undefined;

/** The templates that a list of references names, directly or through other templates. */
export interface CollectedTemplates {
  /** Each once, AnalysisTemplates before ClusterAnalysisTemplates. */
  readonly templates: readonly Manifest[];
  /** The templates that were not found; `index` is the position of the outermost reference in the list. */
  readonly missing: readonly { readonly index: number; readonly kind: string; readonly name: string }[];
  /** The name of a template that refers to itself, directly or through others: the controller recurses until it crashes. */
  readonly circle: string | undefined;
}

/** Mirrors `getAnalysisTemplatesFromRefs` in argo-rollouts `rollout/analysis.go` (v1.10.2). */
export function collectTemplates(references: readonly Json[], find: FindTemplate): CollectedTemplates {
  const found = new Set<Manifest>();
  const missing: CollectedTemplates['missing'][number][] = [];
  let circle: string | undefined;

  function follow(reference: Json, index: number, outer: readonly Manifest[]): void {
    const kind = at(reference, ['clusterScope']) === true ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
    const name = textAt(reference, ['templateName']) ?? '';
    const template = find(kind, name);
    if (template === undefined) {
      missing.push({ index, kind, name });
    } else if (outer.includes(template)) {
      circle ??= name;
    } else {
      found.add(template);
      for (const inner of listAt(template.object, ['spec', 'templates'])) {
        follow(inner, index, [...outer, template]);
      }
    }
  }
  for (const [index, reference] of references.entries()) {
    follow(reference, index, []);
  }
  const ofKind = (wanted: string) => [...found].filter(({ kind }) => kind === wanted);
  return { templates: [...ofKind('AnalysisTemplate'), ...ofKind('ClusterAnalysisTemplate')], missing, circle };
}
