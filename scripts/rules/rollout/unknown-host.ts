import { listAt, mapAt, numberAt, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { allows, type PodEndpoint } from '../../workload/network-policy.ts';
import { podLabels, podSpec, type Rollout } from '../../workload/rollout.ts';
import { labelsMatch } from '../../workload/selector.ts';
import { each, type Rule } from '../rule.ts';
import { pods, rolloutContainers } from '../subjects.ts';
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
  const peers = (kind: string) => workspace.peers(rollout.manifest, kind);
  const policies = peers('NetworkPolicy').map(({ object }) => ({ namespace: '', object }));
  const selector = mapAt(service.object, ['spec', 'selector']);
  const from = endpoint(podLabels(rollout), listAt(podSpec(rollout), ['containers']));
  const targets = [...pods(workspace)]
    .filter(({ manifest, labels }) => peers(manifest.kind).includes(manifest) && labelsMatch(selector, labels))
    .map(({ labels, spec }) => endpoint(labels, listAt(spec, ['containers'])));
  const isOpen = (to: PodEndpoint) =>
    listAt(service.object, ['spec', 'ports']).some((port) => {
      const wanted = textAt(port, ['targetPort']);
      const named = to.ports.find((one) => textAt(one, ['name']) === wanted);
      const number =
        numberAt(named, ['containerPort']) ?? numberAt(port, ['targetPort']) ?? numberAt(port, ['port']) ?? 0;
      return allows(policies, { from, to, port: number, protocol: 'TCP' });
    });
  return targets.length > 0 && !targets.some(isOpen);
}

export const unknownHost: Rule = {
  id: 'rollout/unknown-host',
  severity: 'warning',
  why: 'A pod that asks for a host that is not there, or that it may not reach, never serves: the release ends by its deadline, or fails every request.',
  fix: 'Name a Service of this folder, or write the whole name of one elsewhere (`name.namespace`); let the network policy have it.',
  check: each(rolloutContainers, function* ({ rollout, container }, workspace) {
    const services = workspace.peers(rollout.manifest, 'Service');
    for (const [index, variable] of services.length === 0 ? [] : listAt(container, ['env']).entries()) {
      const [, host = ''] = URL_WITH_HOST.exec(textAt(variable, ['value']) ?? '') ?? [];
      const path = ['env', index, 'value'];
      const what = `host '${host}' of ${textAt(variable, ['name'])} must be`;
      const service = services.find(({ name }) => name === host);
      if (!isServiceName(host)) {
        continue;
      }
      if (service === undefined) {
        yield { path, message: `${what} a Service of this folder (${services.map(({ name }) => name).join(', ')})` };
      } else if (isCutOff(workspace, rollout, service)) {
        const reason = 'the network policies of this folder let the pods connect to none of its ports';
        yield { path, message: `${what} reachable: ${reason}` };
      }
    }
  }),
};
