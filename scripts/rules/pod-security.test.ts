import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { readSource } from '../manifest/read-source.ts';
import { checkManifests } from './check.ts';

const folder = new URL('../../workloads/sample-api/', import.meta.url);

/** A manifest as it is parsed, to be changed. */
// biome-ignore lint/suspicious/noExplicitAny: each test changes another corner of it.
type Parsed = any;

/** What `pod/restricted` says of a file of workloads/sample-api, changed. */
async function restricted(file: string, change: (pod: Parsed, container: Parsed) => void = () => undefined) {
  const object = parse(readFileSync(new URL(file, folder), 'utf8'));
  const pod = object.spec.template.spec;
  change(pod, pod.containers[0]);
  const { manifests } = readSource({ file, text: stringify(object) });
  const { findings } = await checkManifests(manifests, { origin: undefined });
  return findings.filter(({ rule }) => rule === 'pod/restricted').map(({ message }) => message);
}

/** A breach of each control of the `restricted` Pod Security Standard, by its name there, and the field that is named. */
const BREACHES: readonly (readonly [string, string, (pod: Parsed, container: Parsed) => void])[] = [
  ['HostProcess', 'windowsOptions.hostProcess', (pod) => (pod.securityContext.windowsOptions = { hostProcess: true })],
  ['Host Namespaces', 'hostNetwork', (pod) => (pod.hostNetwork = true)],
  ['Host Namespaces', 'hostPID', (pod) => (pod.hostPID = true)],
  ['Host Namespaces', 'hostIPC', (pod) => (pod.hostIPC = true)],
  ['Privileged Containers', 'privileged', (_pod, container) => (container.securityContext.privileged = true)],
  [
    'Capabilities',
    'capabilities.add',
    (_pod, container) => (container.securityContext.capabilities.add = ['SYS_ADMIN']),
  ],
  ['Capabilities', 'capabilities.drop', (_pod, container) => (container.securityContext.capabilities.drop = ['KILL'])],
  ['HostPath Volumes', 'hostPath', (pod) => (pod.volumes = [{ name: 'x', hostPath: { path: '/' } }])],
  ['Volume Types', 'nfs', (pod) => (pod.volumes = [{ name: 'x', nfs: { server: 'a', path: '/' } }])],
  ['Host Ports', 'hostPort', (_pod, container) => (container.ports[0].hostPort = 80)],
  [
    'Host Probes / Lifecycle Hooks',
    'host',
    (_pod, container) => (container.livenessProbe = { httpGet: { host: '169.254.169.254', path: '/', port: 80 } }),
  ],
  ['AppArmor', 'appArmorProfile.type', (pod) => (pod.securityContext.appArmorProfile = { type: 'Unconfined' })],
  ['SELinux', 'seLinuxOptions.type', (pod) => (pod.securityContext.seLinuxOptions = { type: 'spc_t' })],
  [
    'SELinux',
    'seLinuxOptions.user',
    (_pod, container) => (container.securityContext.seLinuxOptions = { user: 'root' }),
  ],
  ['/proc Mount Type', 'procMount', (_pod, container) => (container.securityContext.procMount = 'Unmasked')],
  ['Seccomp', 'seccompProfile', (pod) => (pod.securityContext.seccompProfile.type = 'Unconfined')],
  ['Seccomp', 'seccompProfile', (pod) => delete pod.securityContext.seccompProfile],
  ['Sysctls', 'sysctls', (pod) => (pod.securityContext.sysctls = [{ name: 'kernel.msgmax', value: '1' }])],
  [
    'Privilege Escalation',
    'allowPrivilegeEscalation',
    (_pod, container) => delete container.securityContext.allowPrivilegeEscalation,
  ],
  ['Running as Non-root', 'runAsNonRoot', (pod) => (pod.securityContext.runAsNonRoot = false)],
  ['Running as Non-root', 'runAsNonRoot', (_pod, container) => (container.securityContext.runAsNonRoot = false)],
  ['Running as Non-root user', 'runAsUser', (pod) => (pod.securityContext.runAsUser = 0)],
  [
    'a read-only root, which the standard does not ask for',
    'readOnlyRootFilesystem',
    (_pod, container) => (container.securityContext.readOnlyRootFilesystem = false),
  ],
];

describe.each(['rollout.yaml', 'redis-stateful-set.yaml'])('the pods of %s', (file) => {
  test('keep every control of the restricted standard', async () => {
    expect(await restricted(file)).toEqual([]);
  });

  test.each(BREACHES)('are refused without: %s (%s)', async (_control, field, change) => {
    expect(await restricted(file, change)).toEqual([expect.stringContaining(field)]);
  });

  test('may add what the standard allows', async () => {
    const messages = await restricted(file, (pod, container) => {
      pod.securityContext.sysctls = [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '80' }];
      pod.securityContext.appArmorProfile = { type: 'RuntimeDefault' };
      container.securityContext.capabilities.add = ['NET_BIND_SERVICE'];
      container.securityContext.seLinuxOptions = { type: 'container_t' };
    });
    expect(messages).toEqual([]);
  });
});
