import { parseAnalysisDuration } from '../argo/duration.ts';
import { limitValue } from '../argo/limit.ts';
import { at, isMap, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Expr } from '../promql/ast.ts';
import { type Arguments, bindArguments, CANARY_HASH, fillIn } from '../workload/arguments.ts';
import type { Objects } from '../workload/objects.ts';
import { ANALYSIS, type Rollout, STEPS } from '../workload/rollout.ts';
import { parseQuery } from './parse-query.ts';

/** How a Rollout uses a template. */
export interface Use {
  readonly rollout: Rollout;
  /** The `analysis` block: the background one, or a step's. */
  readonly path: Path;
  readonly isBackground: boolean;
}

/** One metric of an analysis template, as one Rollout uses it. */
export interface Gate {
  /** The template. */
  readonly manifest: Manifest;
  /** The metric in it. */
  readonly path: Path;
  readonly metric: JsonMap;
  /** Undefined for a template that no Rollout in the files uses. */
  readonly use: Use | undefined;
  readonly arguments: Arguments;
  /** A Prometheus query, its arguments filled in; undefined for other providers. */
  readonly query: GateQuery | undefined;
  readonly intervalSeconds: number | undefined;
  readonly initialDelaySeconds: number;
  /** Failed reads that are forgiven: one more fails the run. */
  readonly failureLimit: number;
}

export interface GateQuery {
  readonly path: Path;
  readonly text: string;
  /** Undefined where the text is no PromQL (with an error), or where an argument's unknown value decides whether it is (without). */
  readonly expr: Expr | undefined;
  readonly error: string | undefined;
}

/** Seconds of a duration field, its arguments filled in; undefined where it is missing or not a duration. */
function durationAt(metric: JsonMap, field: string, bound: Arguments): number | undefined {
  const { text } = fillIn(textAt(metric, [field]) ?? '', bound);
  if (text === '') {
    return undefined;
  }
  try {
    return parseAnalysisDuration(text);
  } catch {
    return undefined;
  }
}

/** Whether only the new version's pods are asked: a selector names the canary's hash. */
export function asksCanaryOnly(text: string): boolean {
  return text.includes(CANARY_HASH);
}

/** Every metric of every template, once for each Rollout that uses it. */
export function readGates(
  workspace: Pick<Objects, 'ofKind' | 'find'> & { readonly rollouts: readonly Rollout[] },
): readonly Gate[] {
  const uses = new Map<Manifest, Use[]>();
  for (const rollout of workspace.rollouts) {
    for (const { path, isBackground } of analysesOf(rollout)) {
      for (const reference of listAt(rollout.manifest.object, [...path, 'templates'])) {
        const kind = at(reference, ['clusterScope']) === true ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
        const template = workspace.find(rollout.manifest, kind, textAt(reference, ['templateName']) ?? '');
        if (template !== undefined) {
          uses.set(template, [...(uses.get(template) ?? []), { rollout, path, isBackground }]);
        }
      }
    }
  }
  const templates = [...workspace.ofKind('AnalysisTemplate'), ...workspace.ofKind('ClusterAnalysisTemplate')];
  return templates.flatMap((template) =>
    (uses.get(template) ?? [undefined]).flatMap((use) =>
      listAt(template.object, ['spec', 'metrics']).flatMap((metric, index) =>
        isMap(metric) ? [readGate(template, ['spec', 'metrics', index], metric, use)] : [],
      ),
    ),
  );
}

/** The background analysis, then those of the steps. */
export function analysesOf(rollout: Rollout): readonly { path: Path; isBackground: boolean }[] {
  const inline = rollout.steps.flatMap((step, index) =>
    isMap(at(step, ['analysis'])) ? [{ path: [...STEPS, index, 'analysis'], isBackground: false }] : [],
  );
  return isMap(at(rollout.canary, ['analysis'])) ? [{ path: ANALYSIS, isBackground: true }, ...inline] : inline;
}

function readGate(manifest: Manifest, path: Path, metric: JsonMap, use: Use | undefined): Gate {
  const given = use ? listAt(use.rollout.manifest.object, [...use.path, 'args']) : [];
  const bound = bindArguments(listAt(manifest.object, ['spec', 'args']), given);
  const provider: Path = ['provider', 'prometheus', 'query'];
  const raw = textAt(metric, provider);
  return {
    manifest,
    path,
    metric,
    use,
    arguments: bound,
    query: raw === undefined ? undefined : { path: [...path, ...provider], ...parseQuery(fillIn(raw, bound)) },
    intervalSeconds: durationAt(metric, 'interval', bound),
    initialDelaySeconds: durationAt(metric, 'initialDelay', bound) ?? 0,
    failureLimit: limitValue(at(metric, ['failureLimit'])) ?? 0,
  };
}

/** Step index at which the background analysis starts; Argo's default is 0, before any canary pod exists. */
export function startingStep(rollout: Rollout): number {
  return numberAt(mapAt(rollout.canary, ['analysis']), ['startingStep']) ?? 0;
}
