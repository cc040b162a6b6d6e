import type { AnalysisSpec } from '../argo/analysis-run.ts';
import { pauseSeconds } from '../argo/duration.ts';
import type { Plan, Step } from '../argo/plan.ts';
import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { ANALYSIS, CANARY, STEPS } from '../workload/rollout.ts';
import { checkFields } from './check-fields.ts';
import { ROLLOUT_FIELDS } from './fields.ts';
import { PlanError } from './plan-error.ts';
import { readRoutedStep, readRouting, readServices } from './read-routing.ts';

/**
 * The plan of a Rollout. `readAnalysis` reads the `analysis` block at a path. `invalid` is why the controller refuses the spec;
 * steps, analysis and routing are not read then. Throws PlanError for what the engine does not play.
 */
export function readPlan(
  rollout: JsonMap,
  readAnalysis: (path: Path) => AnalysisSpec,
  invalid: string | undefined = undefined,
): Plan {
  const spec = mapAt(rollout, ['spec']);
  const canary = mapAt(rollout, CANARY);
  const plan: Plan = {
    name: textAt(rollout, ['metadata', 'name']) ?? '',
    replicas: Math.max(0, numberAt(spec, ['replicas']) ?? 1),
    maxSurge: numberAt(canary, ['maxSurge']) ?? textAt(canary, ['maxSurge']),
    maxUnavailable: numberAt(canary, ['maxUnavailable']) ?? textAt(canary, ['maxUnavailable']),
    minReadySeconds: Math.max(0, numberAt(spec, ['minReadySeconds']) ?? 0),
    progressDeadlineSeconds: numberAt(spec, ['progressDeadlineSeconds']) ?? 600,
    progressDeadlineAbort: spec.progressDeadlineAbort === true,
    isPaused: spec.paused === true,
    rollbackWindow: numberAt(spec, ['rollbackWindow', 'revisions']) ?? 0,
    steps: [],
    analysis: undefined,
    invalid,
  };
  if (invalid !== undefined) {
    return plan;
  }
  checkFields(withoutPastRestart(rollout), ROLLOUT_FIELDS);
  if (!isMap(at(rollout, CANARY))) {
    throw new PlanError(['spec', 'strategy'], '`canary` must be set: nothing else is played here');
  }
  return {
    ...plan,
    routing: readRouting(canary),
    services: readServices(canary),
    progressThreshold: readThreshold(canary),
    workloadScaleDown: readScaleDown(spec),
    steps: listAt(canary, ['steps']).map((step, index) => readStep(step, [...STEPS, index], readAnalysis)),
    analysis: hasTemplates(canary)
      ? { spec: readAnalysis(ANALYSIS), startingStep: numberAt(canary, ['analysis', 'startingStep']) }
      : undefined,
  };
}

/** Drops a `restartAt` in the past: every pod of a rehearsal is started after it. */
function withoutPastRestart(rollout: JsonMap): JsonMap {
  const { restartAt, ...spec } = mapAt(rollout, ['spec']);
  const isPast = typeof restartAt === 'string' && Date.parse(restartAt) <= Date.now();
  return isPast ? { ...rollout, spec } : rollout;
}

function readThreshold({ replicaProgressThreshold: threshold = null }: JsonMap): Plan['progressThreshold'] {
  const value = numberAt(threshold, ['value']);
  const type = textAt(threshold, ['type']) === 'Percent' ? 'Percent' : 'Pods';
  return value === undefined ? undefined : { type, value };
}

/** Only a Deployment can be scaled down. */
function readScaleDown({ workloadRef = null }: JsonMap): Plan['workloadScaleDown'] {
  const scaleDown = textAt(workloadRef, ['kind']) === 'Deployment' ? textAt(workloadRef, ['scaleDown']) : undefined;
  return scaleDown === 'onsuccess' || scaleDown === 'progressively' ? scaleDown : undefined;
}

/** Without templates the controller creates no AnalysisRun. */
function hasTemplates(block: Json): boolean {
  return listAt(block, ['analysis', 'templates']).length > 0;
}

function readStep(step: Json, path: Path, readAnalysis: (path: Path) => AnalysisSpec): Step {
  const weight = numberAt(step, ['setWeight']);
  if (weight !== undefined) {
    return { kind: 'setWeight', weight };
  }
  if (isMap(at(step, ['pause']))) {
    const duration = numberAt(step, ['pause', 'duration']) ?? textAt(step, ['pause', 'duration']);
    return { kind: 'pause', seconds: duration === undefined ? undefined : pauseSeconds(duration) };
  }
  if (isMap(at(step, ['analysis']))) {
    return { kind: 'analysis', spec: hasTemplates(step) ? readAnalysis([...path, 'analysis']) : undefined };
  }
  const routed = readRoutedStep(step);
  if (routed !== undefined) {
    return routed;
  }
  throw new PlanError(path, 'must be setWeight, pause, analysis or a step of a traffic router to be played here');
}
