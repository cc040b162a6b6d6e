import { listAt, mapAt, numberAt, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { allows, type PodEndpoint } from '../../workload/network-policy.ts';
import { containersOf, podLabels, podSpec, type Rollout } from '../../workload/rollout.ts';
import { labelsMatch } from '../../workload/selector.ts';
import { type Pods, podsOf } from '../pods.ts';
import type { Rule } from '../rule.ts';
import type { Workspace } from '../workspace.ts';

const URL_WITH_HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@\s]*@)?([^/:?#\s]+)(?::(\d+))?/i;

/** Whether a host can be a Service of the same namespace: a name without dots, not an IP address or `localhost`. */
const isServiceName = (host: string) => /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(host) && host !== 'localhost';

/** A pod as network policies see it. The namespace is empty: all objects of a folder share one. */
const endpoint = (labels: PodEndpoint['labels'], containers: PodEndpoint['ports']): PodEndpoint => ({
  namespace: '',
  namespaceLabels: {},
  labels,
  ports: containers.flatMap((container) => listAt(container, ['ports'])),
});

/** Whether the folder's network policies stop a Rollout's pods from reaching a Service's; false if that has no pods here. */
function isCutOff(workspace: Workspace, rollout: Rollout, service: Manifest): boolean {
  const policies = workspace.peers(rollout.manifest, 'NetworkPolicy').map(({ object }) => ({ namespace: '', object }));
  const labelsOf = ({ manifest, path }: Pods) => mapAt(manifest.object, [...path.slice(0, -1), 'metadata', 'labels']);
  const targets = [...podsOf(workspace)].filter(
    (pods) =>
      workspace.peers(rollout.manifest, pods.manifest.kind).includes(pods.manifest) &&
      labelsMatch(mapAt(service.object, ['spec', 'selector']), labelsOf(pods)),
  );
  const from = endpoint(podLabels(rollout), listAt(podSpec(rollout), ['containers']));
  const ports = listAt(service.object, ['spec', 'ports']);
  return (
    targets.length > 0 &&
    targets.every((pods) => {
      const to = endpoint(labelsOf(pods), listAt(pods.spec, ['containers']));
      return !ports.some((port) => {
        const wanted = textAt(port, ['targetPort']);
        const named = to.ports.find((one) => textAt(one, ['name']) === wanted);
        const number =
          numberAt(named, ['containerPort']) ?? numberAt(port, ['targetPort']) ?? numberAt(port, ['port']) ?? 0;
        return allows(policies, { from, to, port: number, protocol: 'TCP' });
      });
    })
  );
}

export const rolloutUnknownHost: Rule = {
  id: 'rollout/unknown-host',
  severity: 'warning',
  why: 'A pod that asks for a host that is not there, or that it may not reach, never serves: the release ends by its deadline, or fails every request.',
  fix: 'Name a Service of this folder, or write the whole name of one elsewhere (`name.namespace`); let the network policy have it.',
  *check(workspace) {
    for (const rollout of workspace.rollouts) {
      const services = workspace.peers(rollout.manifest, 'Service');
      for (const { manifest, path, container } of services.length === 0 ? [] : containersOf(rollout)) {
        for (const [index, variable] of listAt(container, ['env']).entries()) {
          const [, host = ''] = URL_WITH_HOST.exec(textAt(variable, ['value']) ?? '') ?? [];
          const service = services.find(({ name }) => name === host);
          const at = { manifest, path: [...path, 'env', index, 'value'] };
          if (!isServiceName(host)) {
            continue;
          }
          if (service === undefined) {
            yield {
              ...at,
              message: `host '${host}' of ${textAt(variable, ['name'])} must be a Service of this folder (${services.map(({ name }) => name).join(', ')})`,
            };
          } else if (isCutOff(workspace, rollout, service)) {
            yield {
              ...at,
              message: `host '${host}' of ${textAt(variable, ['name'])} must be reachable: the network policies of this folder let the pods connect to none of its ports`,
            };
          }
        }
      }
    }
  },
};
