import type { Measurement, MeasurementPhase } from '../../argo/metric.ts';
import { NO_STATUS, type PauseReason, type RolloutPhase, type RolloutStatus } from '../../argo/status.ts';
import { type Json, type JsonMap, listAt, mapAt, numberAt, textAt } from '../../manifest/json.ts';

/** A pod as a live view shows it. */
export interface ObservedPod {
  readonly name: string;
  /** `STABLE` or `CANARY`. */
  readonly hash: string;
  readonly isReady: boolean;
  readonly restarts: number;
}

/** The condition of a type in an object's status; undefined without one. */
export function conditionOf(object: JsonMap, type: string): JsonMap | undefined {
  return listAt(object, ['status', 'conditions'])
    .map((one) => mapAt(one))
    .find((one) => one.type === type);
}

/** A Rollout's status, with the fields that the record of a release uses; the others keep the values of `NO_STATUS`. */
export function readStatus(rollout: JsonMap): RolloutStatus {
  const status = mapAt(rollout, ['status']);
  const [progressing, invalidSpec] = [conditionOf(rollout, 'Progressing'), conditionOf(rollout, 'InvalidSpec')];
  return {
    ...NO_STATUS,
    phase: textAt(status, ['phase']) as RolloutPhase | undefined,
    message: textAt(status, ['message']) ?? '',
    currentStepIndex: numberAt(status, ['currentStepIndex']),
    isAborted: status.abort === true,
    pauseConditions: listAt(status, ['pauseConditions']).map((pause) => ({
      reason: textAt(pause, ['reason']) as PauseReason,
      startTime: secondsOf(pause, ['startTime']) ?? 0,
    })),
    conditions: {
      ...NO_STATUS.conditions,
      progressing: progressing && {
        status: textAt(progressing, ['status']) as 'True' | 'False' | 'Unknown',
        reason: textAt(progressing, ['reason']) ?? '',
        message: textAt(progressing, ['message']) ?? '',
        lastUpdateTime: secondsOf(progressing, ['lastUpdateTime']) ?? 0,
      },
      invalidSpec: textAt(invalidSpec, ['status']) === 'True' ? textAt(invalidSpec, ['message']) : undefined,
    },
  };
}

/** A measurement of an AnalysisRun's status, as a list of one; empty while it has not finished. */
export function readMeasurement(measurement: Json): readonly Measurement[] {
  const finishedAt = secondsOf(measurement, ['finishedAt']);
  const phase = textAt(measurement, ['phase']) as MeasurementPhase;
  const message = textAt(measurement, ['message']);
  return finishedAt === undefined
    ? []
    : [{ phase, value: textAt(measurement, ['value']) ?? '', ...(message !== undefined && { message }), finishedAt }];
}

export function readPod(pod: JsonMap, hash: string): ObservedPod {
  const containers = listAt(pod, ['status', 'containerStatuses']);
  return {
    name: nameOf(pod),
    hash,
    isReady: textAt(conditionOf(pod, 'Ready'), ['status']) === 'True',
    restarts: containers.reduce((sum: number, one) => sum + (numberAt(one, ['restartCount']) ?? 0), 0),
  };
}

export function nameOf(object: JsonMap): string {
  return textAt(object, ['metadata', 'name']) ?? '';
}

/** The RFC 3339 time at a path, in seconds since the epoch; undefined where there is none. */
export function secondsOf(value: Json | undefined, path: readonly string[]): number | undefined {
  const text = textAt(value, path);
  return text === undefined ? undefined : Date.parse(text) / 1000;
}
