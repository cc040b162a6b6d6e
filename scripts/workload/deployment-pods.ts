import { at, mapAt, numberAt, textAt } from '../manifest/json.ts';
import type { Rollout } from './rollout.ts';

/** The Deployment that a `workloadRef` names, and the pods that it runs besides those of the Rollout. */
export interface DeploymentPods {
  readonly name: string;
  /** As its manifest has it; Kubernetes' default is 1. */
  readonly written: number;
  /** Once the first version is deployed; the controller then scales it to 0, if it is told to. */
  readonly left: number;
}

/** Undefined where no Deployment among the manifests is referred to. */
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
