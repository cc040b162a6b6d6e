import { at, type Json, type JsonMap, listAt, numberAt, textAt } from '../../manifest/json.ts';

/** A variable whose value differs between the cluster and this machine; listed at the end of a rehearsal. */
export interface Mapping {
  readonly name: string;
  /** The value in the manifest or the scenario. */
  readonly from: string;
  /** The value that the process got, without a password. */
  readonly to: string;
}

/** The ports and addresses of one pod on this machine. */
export interface PodPlace {
  /** Port of this machine by container port. */
  readonly ports: ReadonlyMap<number, number>;
  /** The address to use in place of one in the cluster; undefined to keep it. */
  readonly addressOf: (url: URL) => string | undefined;
  /** Values for `fieldRef`, by field path. */
  readonly fields: Readonly<Record<string, string>>;
  /** Variables that the scenario sets; they override the manifest's. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The variable from which the app reads the port for users; set to `userPort` unless the manifest sets the variable. */
  readonly portVariable: string | undefined;
  /** Port of this machine for users. */
  readonly userPort: number;
}

export interface PodEnv {
  readonly env: Readonly<Record<string, string>>;
  readonly mappings: readonly Mapping[];
}

/**
 * The environment of a container's process: the variables with a `value` or a known `fieldRef`, then the scenario's, with
 * ports and addresses mapped. Other `valueFrom`, such as Secrets, are left out.
 */
export function podEnv(container: JsonMap, place: PodPlace): PodEnv {
  const mappings: Mapping[] = [];
  const env: Record<string, string> = {};
  const written = new Map(
    listAt(container, ['env']).flatMap((variable): [string, string][] => {
      const value = writtenValue(variable, place.fields);
      return value === undefined ? [] : [[textAt(variable, ['name']) ?? '', value]];
    }),
  );
  for (const [name, value] of [...written, ...Object.entries(place.overrides)]) {
    const mapped = mapValue(value, place);
    env[name] = mapped;
    if (mapped !== value) {
      mappings.push({ name, from: value, to: withoutPassword(mapped) });
    }
  }
  if (place.portVariable !== undefined && env[place.portVariable] === undefined) {
    env[place.portVariable] = String(place.userPort);
  }
  return { env, mappings };
}

function writtenValue(variable: Json, fields: Readonly<Record<string, string>>): string | undefined {
  const value = textAt(variable, ['value']);
  const field = textAt(variable, ['valueFrom', 'fieldRef', 'fieldPath']);
  return value ?? (field === undefined ? undefined : fields[field]);
}

function mapValue(value: string, { ports, addressOf }: PodPlace): string {
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
