import type { AnalysisSpec } from '../argo/analysis-run.ts';
import { pauseSeconds } from '../argo/duration.ts';
import type { Plan, Step } from '../argo/plan.ts';
import type { IntOrPercent } from '../argo/pods.ts';
import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';

/** A field that the engine does not play, or that says what it cannot read. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  /** From the object's root: `['spec', 'strategy', 'canary', 'trafficRouting']`. */
  readonly path: Path;

  constructor(path: Path, message: string) {
    super(message);
    this.path = path;
  }
}

const CANARY: Path = ['spec', 'strategy', 'canary'];

/** What the controller has to do beside a basic canary, and what it would take to play it. */
const NOT_PLAYED: readonly (readonly [Path, string])[] = [
  [['spec', 'strategy', 'blueGreen'], 'a blue-green strategy'],
  [[...CANARY, 'trafficRouting'], 'a traffic router'],
  [[...CANARY, 'dynamicStableScale'], 'a traffic router'],
  [[...CANARY, 'replicaProgressThreshold'], 'a replica progress threshold'],
  [['spec', 'workloadRef'], 'a workloadRef'],
];

/**
 * The plan of a Rollout. `readAnalysis` answers what an `analysis` block measures. Throws PlanError for what the engine does not
 * play: traffic routers, experiments, blue-green, plugins.
 */
export function readPlan(rollout: JsonMap, readAnalysis: (analysis: JsonMap, path: Path) => AnalysisSpec): Plan {
  for (const [path, what] of NOT_PLAYED) {
    if (at(rollout, path) !== undefined) {
      throw new PlanError(path, `${what} is not played here, only the basic canary is`);
    }
  }
  const canary = at(rollout, CANARY);
  if (!isMap(canary)) {
    throw new PlanError(['spec', 'strategy'], '`canary` must be set: nothing else is played here');
  }
  const spec = mapAt(rollout, ['spec']);
  const analysis = mapAt(canary, ['analysis']);
  const path = [...CANARY, 'analysis'];
  return {
    name: textAt(rollout, ['metadata', 'name']) ?? '',
    replicas: numberAt(spec, ['replicas']) ?? 1,
    maxSurge: bound(canary.maxSurge),
    maxUnavailable: bound(canary.maxUnavailable),
    minReadySeconds: numberAt(spec, ['minReadySeconds']) ?? 0,
    progressDeadlineSeconds: numberAt(spec, ['progressDeadlineSeconds']) ?? 600,
    progressDeadlineAbort: spec.progressDeadlineAbort === true,
    isPaused: spec.paused === true,
    rollbackWindow: numberAt(spec, ['rollbackWindow', 'revisions']) ?? 0,
    steps: listAt(canary, ['steps']).map((step, index) => readStep(step, [...CANARY, 'steps', index], readAnalysis)),
    analysis:
      listAt(analysis, ['templates']).length === 0
        ? undefined
        : { spec: readAnalysis(analysis, path), startingStep: numberAt(analysis, ['startingStep']) },
    invalid: undefined,
  };
}

function bound(value: Json | undefined): IntOrPercent {
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

function readStep(step: Json, path: Path, readAnalysis: (analysis: JsonMap, path: Path) => AnalysisSpec): Step {
  const weight = numberAt(step, ['setWeight']);
  if (weight !== undefined) {
    return { kind: 'setWeight', weight };
  }
  if (isMap(at(step, ['pause']))) {
    const duration = at(step, ['pause', 'duration']) ?? undefined;
    const isDuration = typeof duration === 'number' || typeof duration === 'string';
    return { kind: 'pause', seconds: isDuration ? pauseSeconds(duration) : undefined };
  }
  const analysis = at(step, ['analysis']);
  if (isMap(analysis)) {
    return { kind: 'analysis', spec: readAnalysis(analysis, [...path, 'analysis']) };
  }
  const [kind = 'nothing'] = Object.keys(mapAt(step));
  throw new PlanError([...path, kind], `a step '${kind}' is not played here: setWeight, pause and analysis are`);
}
