import { at, type Json, type JsonMap, listAt, numberAt, textAt } from '../../manifest/json.ts';
import type { Version } from './versions.ts';

/** A variable whose value differs between the cluster and this machine; listed at the end of a rehearsal. */
export interface Mapping {
  readonly name: string;
  /** The value in the manifest or the scenario. */
  readonly from: string;
  /** The value that the process got, without a password. */
  readonly to: string;
}

/** Ports of this machine by container port. */
export type Ports = ReadonlyMap<number, number>;

/**
 * The environment of a version's process: the variables with a `value` or a known `fieldRef`, then the scenario's, with ports and
 * addresses mapped. Other `valueFrom`, such as Secrets, are left out.
 */
export function podEnv(
  version: Pick<Version, 'container' | 'overrides' | 'addressOf' | 'fields' | 'portVariable' | 'userPort'>,
  ports: Ports,
): { readonly env: Readonly<Record<string, string>>; readonly mappings: readonly Mapping[] } {
  const { container, overrides, addressOf, fields, portVariable, userPort } = version;
  const mappings: Mapping[] = [];
  const env: Record<string, string> = {};
  const written = new Map<string, string>();
  for (const variable of listAt(container, ['env'])) {
    const field = textAt(variable, ['valueFrom', 'fieldRef', 'fieldPath']) ?? '';
    const value = textAt(variable, ['value']) ?? fields[field];
    if (value !== undefined) {
      written.set(textAt(variable, ['name']) ?? '', value);
    }
  }
  for (const [name, value] of [...written, ...Object.entries(overrides)]) {
    const mapped = mapValue(value, ports, addressOf);
    env[name] = mapped;
    if (mapped !== value) {
      mappings.push({ name, from: value, to: withoutPassword(mapped) });
    }
  }
  if (portVariable !== undefined && env[portVariable] === undefined) {
    env[portVariable] = String(ports.get(userPort) ?? userPort);
  }
  return { env, mappings };
}

function mapValue(value: string, ports: Ports, addressOf: Version['addressOf']): string {
  const port = ports.get(Number(value));
  if (port !== undefined && value.trim() !== '') {
    return String(port);
  }
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? URL.parse(value) : null;
  return (url === null ? undefined : addressOf(url)) ?? value;
}

function withoutPassword(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.password === '') {
    return text;
  }
  url.password = '***';
  return url.href;
}

/** The ports that a container declares, by number. */
export function containerPorts(container: JsonMap): readonly number[] {
  return listAt(container, ['ports']).flatMap((port) => numberAt(port, ['containerPort']) ?? []);
}

/** A port of a probe or a Service as a number; a name is looked up among the container's ports. Undefined for an unknown name. */
export function portNumber(container: JsonMap, port: Json | undefined): number | undefined {
  if (typeof port === 'number') {
    return port;
  }
  const named = listAt(container, ['ports']).find((one) => at(one, ['name']) === port);
  return (
    numberAt(named, ['containerPort']) ?? (typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : undefined)
  );
}
