import { at, formatPath, type Json, type JsonMap, listAt } from '../../manifest/json.ts';
import { CONTAINER_CONTROLS, forbiddenIn, POD_CONTROLS } from '../pod-security.ts';
import { everyContainer, podsOf } from '../pods.ts';
import type { Rule } from '../rule.ts';

/** The settings that a container lacks for the `restricted` Pod Security Standard and a read-only root. */
function missing(container: JsonMap, pod: JsonMap): readonly string[] {
  // A container's own value counts before its pod's.
  const effective = (...field: string[]): Json | undefined =>
    at(container, ['securityContext', ...field]) ?? at(pod, ['securityContext', ...field]);
  const own = (...field: string[]) => at(container, ['securityContext', ...field]);
  const user = effective('runAsUser');
  const profile = effective('seccompProfile', 'type');
  return [
    ...(effective('runAsNonRoot') === true ? [] : ['`runAsNonRoot: true`']),
    ...(typeof user === 'number' && user > 0 ? [] : ['`runAsUser` as a number other than 0']),
    ...(own('allowPrivilegeEscalation') === false ? [] : ['`allowPrivilegeEscalation: false`']),
    ...(own('readOnlyRootFilesystem') === true ? [] : ['`readOnlyRootFilesystem: true`']),
    ...(listAt(own('capabilities', 'drop')).includes('ALL') ? [] : ['`capabilities.drop: [ALL]`']),
    ...(profile === 'RuntimeDefault' || profile === 'Localhost' ? [] : ['`seccompProfile.type: RuntimeDefault`']),
  ];
}

export const podRestricted: Rule = {
  id: 'pod/restricted',
  severity: 'info',
  why: 'A namespace that enforces the `restricted` Pod Security Standard refuses the pod, and Kubernetes cannot prove of an image’s named user that it is not root; elsewhere a break-in has more to work with.',
  fix: 'Set what is missing in the pod’s or the container’s `securityContext`, and take out what may not be there.',
  *check(workspace) {
    for (const pods of podsOf(workspace)) {
      for (const { path, must } of forbiddenIn(pods.spec, POD_CONTROLS)) {
        yield { manifest: pods.manifest, path: [...pods.path, ...path], message: `${formatPath(path)} ${must}` };
      }
      for (const { path, container } of everyContainer(pods)) {
        const fields = missing(container, pods.spec);
        if (fields.length > 0) {
          const message = `securityContext of container '${container.name}' must set ${fields.join(', ')}`;
          yield { manifest: pods.manifest, path: [...path, 'securityContext'], pointAt: 'key', message };
        }
        for (const { path: field, must } of forbiddenIn(container, CONTAINER_CONTROLS)) {
          const message = `${formatPath(field)} of container '${container.name}' ${must}`;
          yield { manifest: pods.manifest, path: [...path, ...field], message };
        }
      }
    }
  },
};
