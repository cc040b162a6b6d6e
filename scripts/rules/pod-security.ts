import { at, type Json, type JsonMap, listAt, mapAt, type Path, textAt } from '../manifest/json.ts';

/** A field whose value the `restricted` Pod Security Standard forbids. */
export interface Forbidden {
  /** From the root of the pod spec or of the container. */
  readonly path: Path;
  /** What follows the field in the message: `must not be true`. */
  readonly must: string;
}

type Find = (object: JsonMap) => Generator<Forbidden>;

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
const SELINUX_TYPES = ['', 'container_engine_t', 'container_init_t', 'container_kvm_t', 'container_t'];

function* notTrue(object: JsonMap, path: Path): Generator<Forbidden> {
  if (at(object, path) === true) {
    yield { path, must: 'must not be true' };
  }
}

/** Controls that apply to the security context of a pod and of a container. */
const SHARED: Readonly<Record<string, Find>> = {
  *HostProcess(object) {
    yield* notTrue(object, ['securityContext', 'windowsOptions', 'hostProcess']);
  },
  *AppArmor(object) {
    const path = ['securityContext', 'appArmorProfile', 'type'];
    const type = textAt(object, path);
    if (type !== undefined && !['RuntimeDefault', 'Localhost'].includes(type)) {
      yield { path, must: `must be RuntimeDefault or Localhost, got '${type}'` };
    }
  },
  *SELinux(object) {
    const options = mapAt(object, ['securityContext', 'seLinuxOptions']);
    if (!SELINUX_TYPES.includes(textAt(options, ['type']) ?? '')) {
      yield {
        path: ['securityContext', 'seLinuxOptions', 'type'],
        must: `must be one of ${SELINUX_TYPES.slice(1).join(', ')}`,
      };
    }
    for (const field of ['user', 'role']) {
      if ((textAt(options, [field]) ?? '') !== '') {
        yield { path: ['securityContext', 'seLinuxOptions', field], must: 'must not be set' };
      }
    }
  },
};

export const POD_CONTROLS: Readonly<Record<string, Find>> = {
  ...SHARED,
  *'Host Namespaces'(pod) {
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) {
      yield* notTrue(pod, [field]);
    }
  },
  *Sysctls(pod) {
    for (const [index, sysctl] of listAt(pod, ['securityContext', 'sysctls']).entries()) {
      const name = textAt(sysctl, ['name']) ?? '';
      if (!SYSCTLS.includes(name)) {
        yield { path: ['securityContext', 'sysctls', index, 'name'], must: `must be a safe one, got '${name}'` };
      }
    }
  },
  *'Volume Types'(pod) {
    for (const [index, volume] of listAt(pod, ['volumes']).entries()) {
      for (const type of Object.keys(mapAt(volume)).filter((key) => key !== 'name' && !VOLUME_TYPES.includes(key))) {
        yield { path: ['volumes', index, type], must: `must be one of ${VOLUME_TYPES.join(', ')}` };
      }
    }
  },
};

export const CONTAINER_CONTROLS: Readonly<Record<string, Find>> = {
  ...SHARED,
  *'Privileged Containers'(container) {
    yield* notTrue(container, ['securityContext', 'privileged']);
  },
  *Capabilities(container) {
    for (const [index, name] of listAt(container, ['securityContext', 'capabilities', 'add']).entries()) {
      if (name !== 'NET_BIND_SERVICE') {
        yield {
          path: ['securityContext', 'capabilities', 'add', index],
          must: `must be NET_BIND_SERVICE, got '${name}'`,
        };
      }
    }
  },
  *'Host Ports'(container) {
    for (const [index, port] of listAt(container, ['ports']).entries()) {
      if (![undefined, null, 0].includes(at(port, ['hostPort']) as Json as null)) {
        yield { path: ['ports', index, 'hostPort'], must: 'must not be set' };
      }
    }
  },
  *'Host Probes / Lifecycle Hooks'(container) {
    const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe): Path => [probe]);
    for (const handler of [...probes, ['lifecycle', 'postStart'], ['lifecycle', 'preStop']]) {
      for (const action of ['httpGet', 'tcpSocket']) {
        const path = [...handler, action, 'host'];
        if ((textAt(container, path) ?? '') !== '') {
          yield { path, must: 'must not be set' };
        }
      }
    }
  },
  *'/proc Mount Type'(container) {
    const type = textAt(container, ['securityContext', 'procMount']);
    if (type !== undefined && type !== 'Default') {
      yield { path: ['securityContext', 'procMount'], must: `must be Default, got '${type}'` };
    }
  },
};

/** Every field of a pod spec or of a container that one of the controls forbids. */
export function* forbiddenIn(object: JsonMap, controls: Readonly<Record<string, Find>>): Generator<Forbidden> {
  for (const find of Object.values(controls)) {
    yield* find(object);
  }
}
