import { at, type Json, type JsonMap, mapAt, type Path } from '../manifest/json.ts';

type Control = readonly [
  /** From the root of the pod spec or of the container; `*` stands for each key or index. */
  field: string,
  forbids: (value: Json | undefined, key: string) => boolean,
  /** What follows the field in the message; `{}` stands for its value. */
  must: string,
];

// The controls of https://kubernetes.io/docs/concepts/security/pod-security-standards/, by their names there. Left out: those
// that require a field to be set (pod/restricted.ts), and annotations that fields have replaced.

const VOLUME_TYPES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];
const SELINUX_TYPES = ['container_engine_t', 'container_init_t', 'container_kvm_t', 'container_t'];

const isTrue = (value: Json | undefined) => value === true;
const isText = (value: Json | undefined) => typeof value === 'string' && value !== '';
const isOtherThan =
  (...allowed: readonly string[]) =>
  (value: Json | undefined) =>
    typeof value === 'string' && !allowed.includes(value);

/** Controls that apply to the security context of a pod and of a container. */
const SHARED: readonly Control[] = [
  // HostProcess
  ['securityContext.windowsOptions.hostProcess', isTrue, 'must not be true'],
  // AppArmor
  [
    'securityContext.appArmorProfile.type',
    isOtherThan('RuntimeDefault', 'Localhost'),
    'must be RuntimeDefault or Localhost, got {}',
  ],
  // SELinux
  [
    'securityContext.seLinuxOptions.type',
    isOtherThan('', ...SELINUX_TYPES),
    `must be one of ${SELINUX_TYPES.join(', ')}`,
  ],
  ['securityContext.seLinuxOptions.user', isText, 'must not be set'],
  ['securityContext.seLinuxOptions.role', isText, 'must not be set'],
];

export const POD_CONTROLS: readonly Control[] = [
  ...SHARED,
  // Host Namespaces
  ...['hostNetwork', 'hostPID', 'hostIPC'].map((field): Control => [field, isTrue, 'must not be true']),
  // Sysctls
  ['securityContext.sysctls.*.name', (name) => !SYSCTLS.includes(String(name)), 'must be a safe one, got {}'],
  // Volume Types
  [
    'volumes.*.*',
    (_, key) => key !== 'name' && !VOLUME_TYPES.includes(key),
    `must be one of ${VOLUME_TYPES.join(', ')}`,
  ],
];

const HANDLERS = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'];

export const CONTAINER_CONTROLS: readonly Control[] = [
  ...SHARED,
  // Privileged Containers
  ['securityContext.privileged', isTrue, 'must not be true'],
  // Capabilities
  ['securityContext.capabilities.add.*', (name) => name !== 'NET_BIND_SERVICE', 'must be NET_BIND_SERVICE, got {}'],
  // Host Ports
  ['ports.*.hostPort', (port) => (port ?? 0) !== 0, 'must not be set'],
  // Host Probes / Lifecycle Hooks
  ...HANDLERS.flatMap((handler) => [`${handler}.httpGet.host`, `${handler}.tcpSocket.host`]).map(
    (field): Control => [field, isText, 'must not be set'],
  ),
  // /proc Mount Type
  ['securityContext.procMount', isOtherThan('Default'), 'must be Default, got {}'],
];

/** Every field of a pod spec or of a container that one of the controls forbids; `must` follows the field in the message. */
export function* forbiddenIn(
  object: JsonMap,
  controls: readonly Control[],
): Generator<{ readonly path: Path; readonly must: string }> {
  for (const [field, forbids, must] of controls) {
    for (const path of pathsOf(object, field.split('.'))) {
      const value = at(object, path);
      if (forbids(value, String(path.at(-1)))) {
        yield { path, must: must.replace('{}', () => `'${value ?? ''}'`) };
      }
    }
  }
}

function pathsOf(value: Json | undefined, [part, ...rest]: readonly string[], path: Path = []): readonly Path[] {
  if (part === undefined) {
    return [path];
  }
  const parts = part !== '*' ? [part] : Array.isArray(value) ? [...value.keys()] : Object.keys(mapAt(value));
  return parts.flatMap((key) => pathsOf(at(value, [key]), rest, [...path, key]));
}
