import { at, type Json, listAt, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** The object of a kind and name, as a Rollout would find it; undefined where the files have none. */
export type FindTemplate = (kind: string, name: string) => Manifest | undefined;

/** What references to templates lead to, nested ones included. */
export interface CollectedTemplates {
  /** Each once, AnalysisTemplates before cluster ones. */
  readonly templates: readonly Manifest[];
  /** References that lead nowhere; `index` is that of the outermost reference. */
  readonly missing: readonly { readonly index: number; readonly kind: string; readonly name: string }[];
  /** A template that comes to itself again: the controller follows it until it crashes. */
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
