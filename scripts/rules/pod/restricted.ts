import { at, formatPath, type Json, type JsonMap, listAt } from '../../manifest/json.ts';
import { CONTAINER_CONTROLS, forbiddenIn, POD_CONTROLS } from '../pod-security.ts';
import { each, type Rule } from '../rule.ts';
import { everyContainer, pods } from '../subjects.ts';

/** The settings that a container lacks for the `restricted` Pod Security Standard and a read-only root. */
function missing(container: JsonMap, pod: JsonMap): readonly string[] {
  const own = (...field: string[]): Json | undefined => at(container, ['securityContext', ...field]);
  // A container's own value counts before its pod's.
  const effective = (...field: string[]) => own(...field) ?? at(pod, ['securityContext', ...field]);
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

export const restricted: Rule = {
  id: 'pod/restricted',
  severity: 'info',
  why: 'A namespace that enforces the `restricted` Pod Security Standard refuses the pod, and Kubernetes cannot prove of an image’s named user that it is not root; elsewhere a break-in has more to work with.',
  fix: 'Set what is missing in the pod’s or the container’s `securityContext`, and take out what may not be there.',
  check: each(pods, function* (pod) {
    for (const { path, must } of forbiddenIn(pod.spec, POD_CONTROLS)) {
      yield { path, message: `${formatPath(path)} ${must}` };
    }
    for (const { path: here, container } of everyContainer(pod.spec)) {
      const fields = missing(container, pod.spec);
      if (fields.length > 0) {
        const message = `securityContext of container '${container.name}' must set ${fields.join(', ')}`;
        yield { path: [...here, 'securityContext'], pointAt: 'key', message };
      }
      for (const { path, must } of forbiddenIn(container, CONTAINER_CONTROLS)) {
        yield { path: [...here, ...path], message: `${formatPath(path)} of container '${container.name}' ${must}` };
      }
    }
  }),
};
