import type { IntOrPercent } from '../argo/pods.ts';
import { at, mapAt, numberAt, textAt } from '../manifest/json.ts';
import type { Rollout } from './rollout.ts';

/** The Deployment that a `workloadRef` names, which runs pods of its own. */
export interface WorkloadDeployment {
  readonly name: string;
  /** By default 1. */
  readonly replicas: number;
  /** Whether its manifest says `replicas`, so that applying it brings the pods back. */
  readonly isScaleWritten: boolean;
  /** When the controller scales it down. */
  readonly scaleDown: 'never' | 'onsuccess' | 'progressively';
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
  readonly minReadySeconds: number;
  /** Whether its strategy ends the old pods before it makes new ones. */
  readonly isRecreated: boolean;
  readonly isPaused: boolean;
}

/** Undefined if the Rollout's `workloadRef` names no Deployment in the files. */
export function workloadDeployment({ manifest, template }: Rollout): WorkloadDeployment | undefined {
  const reference = mapAt(manifest.object, ['spec', 'workloadRef']);
  if (textAt(reference, ['kind']) !== 'Deployment' || template === undefined) {
    return undefined;
  }
  const spec = mapAt(template.manifest.object, ['spec']);
  const replicas = numberAt(spec, ['replicas']);
  const scaleDown = textAt(reference, ['scaleDown']);
  const bounds = mapAt(spec, ['strategy', 'rollingUpdate']);
  const bound = (field: string) => numberAt(bounds, [field]) ?? textAt(bounds, [field]);
  return {
    name: template.manifest.name,
    replicas: replicas ?? 1,
    isScaleWritten: replicas !== undefined,
    scaleDown: scaleDown === 'onsuccess' || scaleDown === 'progressively' ? scaleDown : 'never',
    maxSurge: bound('maxSurge'),
    maxUnavailable: bound('maxUnavailable'),
    minReadySeconds: numberAt(spec, ['minReadySeconds']) ?? 0,
    isRecreated: textAt(spec, ['strategy', 'type']) === 'Recreate',
    isPaused: at(spec, ['paused']) === true,
  };
}

/** Pods of its own during a release. With `scaleDown` they are gone before it, and come back where `replicas` is written. */
export function podsInRelease({ replicas, scaleDown, isScaleWritten }: WorkloadDeployment): number {
  return scaleDown === 'never' || isScaleWritten ? replicas : 0;
}
