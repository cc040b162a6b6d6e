import { pauseSeconds } from '../argo/duration.ts';
import { type PodCounts, podsAtWeight, resolveSurge } from '../argo/pods.ts';
import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** A Rollout's manifest, and the fields that are read most, with Argo's defaults. */
export interface Rollout {
  readonly manifest: Manifest;
  /** Undefined for blue-green. */
  readonly canary: JsonMap | undefined;
  readonly steps: readonly Json[];
  /** Whether a traffic router splits the requests; without one, a weight is a share of the pods. */
  readonly hasRouter: boolean;
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly minReadySeconds: number;
  /** The object and path that hold the pod template: the Rollout's own, or its workloadRef's. Undefined where that object is not in the files. */
  readonly template: { readonly manifest: Manifest; readonly path: Path } | undefined;
}

export const CANARY: Path = ['spec', 'strategy', 'canary'];
export const STEPS: Path = [...CANARY, 'steps'];
export const ANALYSIS: Path = [...CANARY, 'analysis'];

/** `findWorkload` returns the object that a workloadRef names. */
export function readRollout(
  manifest: Manifest,
  findWorkload: (kind: string, name: string) => Manifest | undefined,
): Rollout {
  const { object } = manifest;
  const canary = at(object, CANARY);
  const replicas = numberAt(object, ['spec', 'replicas']) ?? 1;
  const written = (field: string) => numberAt(canary, [field]) ?? textAt(canary, [field]);
  const reference = mapAt(object, ['spec', 'workloadRef']);
  const kind = textAt(reference, ['kind']);
  const owner = kind === undefined ? manifest : findWorkload(kind, textAt(reference, ['name']) ?? '');
  const path = kind === 'PodTemplate' ? ['template'] : ['spec', 'template'];
  return {
    manifest,
    canary: isMap(canary) ? canary : undefined,
    steps: listAt(canary, ['steps']),
    hasRouter: isMap(at(canary, ['trafficRouting'])),
    replicas,
    ...resolveSurge(written('maxSurge'), written('maxUnavailable'), replicas),
    minReadySeconds: numberAt(object, ['spec', 'minReadySeconds']) ?? 0,
    template: owner && isMap(at(owner.object, path)) ? { manifest: owner, path } : undefined,
  };
}

export function podLabels(rollout: Rollout): JsonMap {
  return rollout.template
    ? mapAt(rollout.template.manifest.object, [...rollout.template.path, 'metadata', 'labels'])
    : {};
}

export function podSpec(rollout: Rollout): JsonMap {
  return rollout.template ? mapAt(rollout.template.manifest.object, [...rollout.template.path, 'spec']) : {};
}

/** A container of the pod template with its path in the object that holds it. */
export interface Container {
  readonly manifest: Manifest;
  readonly path: Path;
  readonly container: JsonMap;
}

/** The containers of the pod template, without its init containers. */
export function containersOf(rollout: Rollout): readonly Container[] {
  if (rollout.template === undefined) {
    return [];
  }
  const { manifest, path } = rollout.template;
  return listAt(podSpec(rollout), ['containers']).flatMap((container, index) =>
    isMap(container) ? [{ manifest, path: [...path, 'spec', 'containers', index], container }] : [],
  );
}

/** The literal `value` of a container's environment variable; undefined if it is not set, or by `valueFrom`. */
export function envValue(container: JsonMap, name: string): string | undefined {
  const entry = listAt(container, ['env']).find((variable) => textAt(variable, ['name']) === name);
  return textAt(entry, ['value']);
}

/** Pods of each version at each `setWeight` step; empty with a traffic router, where a weight is a share of the requests. */
export function podsAtSteps(rollout: Rollout): readonly { index: number; weight: number; pods: PodCounts }[] {
  if (rollout.hasRouter) {
    return [];
  }
  return rollout.steps.flatMap((step, index) => {
    const weight = numberAt(step, ['setWeight']);
    return weight === undefined || weight < 0 || weight > 100 || !Number.isInteger(weight)
      ? []
      : [{ index, weight, pods: podsAtWeight(rollout.replicas, weight, rollout.maxSurge) }];
  });
}

/** Seconds that a step pauses: 0 if it is no pause, infinite for a pause that waits for a person. */
export function pauseOf(step: Json | undefined): number {
  const pause = at(step, ['pause']);
  const duration = at(pause, ['duration']);
  if (typeof duration === 'number' || typeof duration === 'string') {
    return Math.max(0, pauseSeconds(duration));
  }
  return pause === undefined ? 0 : Number.POSITIVE_INFINITY;
}
