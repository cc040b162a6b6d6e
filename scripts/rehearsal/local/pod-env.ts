import { at, type Json, type JsonMap, listAt, numberAt, textAt } from '../../manifest/json.ts';

/** How a pod on this machine differs from one in a cluster: said at the end of a rehearsal. */
export interface Mapping {
  /** Variable, what the manifest says, what the process got. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export interface PodPlace {
  /** Container ports and those of this machine. */
  readonly ports: ReadonlyMap<number, number>;
  /** Answers the address that stands for one in the cluster. */
  readonly addressOf: (url: URL) => string | undefined;
  /** What `fieldRef` names. */
  readonly fields: Readonly<Record<string, string>>;
  /** Variables of the release, over the manifest's. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The variable that sets the port which users use, for an app whose manifest sets none. */
  readonly portVariable: string | undefined;
  readonly userPort: number;
}

export interface PodEnv {
  readonly env: Readonly<Record<string, string>>;
  readonly mappings: readonly Mapping[];
}

/** The environment of a container as its process gets it: ports and in-cluster addresses mapped, secrets left out. */
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

/** A probe's or a Service's port as a number: names are looked up among the container's. */
export function portNumber(container: JsonMap, port: Json | undefined): number | undefined {
  if (typeof port === 'number') {
    return port;
  }
  const named = listAt(container, ['ports']).find((one) => at(one, ['name']) === port);
  return (
    numberAt(named, ['containerPort']) ?? (typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : undefined)
  );
}
