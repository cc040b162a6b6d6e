import { at, mapAt, numberAt, textAt } from '../manifest/json.ts';
import type { Rollout } from './rollout.ts';

/** The Deployment that a `workloadRef` names, and the pods that it runs besides those of the Rollout. */
export interface DeploymentPods {
  readonly name: string;
  /** Its `replicas`, by default 1; 0 if the controller scales it down and its manifest leaves `replicas` out. */
  readonly written: number;
  /** Pods left after the first version is deployed: 0 if `workloadRef.scaleDown` has the controller scale it down. */
  readonly left: number;
}

/** Undefined if the Rollout's `workloadRef` names no Deployment in the files. */
export function deploymentPods({ manifest, template }: Rollout): DeploymentPods | undefined {
  const reference = mapAt(manifest.object, ['spec', 'workloadRef']);
  if (textAt(reference, ['kind']) !== 'Deployment' || template === undefined) {
    return undefined;
  }
  const isWritten = at(template.manifest.object, ['spec', 'replicas']) !== undefined;
  const written = numberAt(template.manifest.object, ['spec', 'replicas']) ?? 1;
  const isScaledDown = ['onsuccess', 'progressively'].includes(textAt(reference, ['scaleDown']) ?? '');
  return {
    name: template.manifest.name,
    written: isScaledDown && !isWritten ? 0 : written,
    left: isScaledDown ? 0 : written,
  };
}
