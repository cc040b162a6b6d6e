import { editScalar, placeOf, scalarAt } from '../manifest/edit.ts';
import { at, type Json, listAt, mapAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest, Source } from '../manifest/manifest.ts';
import { readSource } from '../manifest/read-source.ts';
import { parseYaml } from '../manifest/yaml.ts';

/** The workload that is copied. Its name is part of every object's name in its files. */
export const MODEL = 'sample-api';

export interface NewWorkload {
  readonly name: string;
  readonly image: string;
  /** The API's port. Its metrics have another: `metricsPortBeside`. */
  readonly port: number;
  /** The value of the annotation `redeploy`. */
  readonly redeploy: string;
}

interface Edit {
  readonly path: Path;
  readonly value: string | number;
}

const METRICS_PORT = 9090;

/** A file of the copied workload with the new name everywhere, even in comments, and the new image, ports and `redeploy`. */
export function copyManifest(source: Source, workload: NewWorkload): string {
  const text = source.text.replaceAll(MODEL, workload.name);
  return readSource({ file: source.file, text }).manifests.reduce((edited, manifest) => {
    const document = parseYaml(edited).documents[manifest.documentIndex];
    return editsOf(manifest, workload)
      .map(({ path, value }) => ({ place: placeOf(manifest, path), value }))
      .filter(({ place, value }) => scalarAt(document, place.path)?.value !== value)
      .reduce((last, { place, value }) => editScalar(last, place, value), edited);
  }, text);
}

/** The port of the metrics: 9090, or 9091 when the API uses 9090. */
export function metricsPortBeside(port: number): number {
  return port === METRICS_PORT ? METRICS_PORT + 1 : METRICS_PORT;
}

function editsOf({ kind, object }: Manifest, workload: NewWorkload): readonly Edit[] {
  switch (kind) {
    case 'Rollout':
      return rolloutEdits(object, workload);
    case 'Service':
      return namedPorts(object, ['spec', 'ports'], 'port', workload).filter(({ port }) => port === 'http-metrics');
    default:
      return [];
  }
}

function rolloutEdits(object: Json, { image, port, redeploy }: NewWorkload): readonly Edit[] {
  const template: Path = ['spec', 'template'];
  const containers: Path = [...template, 'spec', 'containers'];
  const annotation = [...template, 'metadata', 'annotations', 'redeploy'];
  const variables: Readonly<Record<string, number>> = { PORT: port, METRICS_PORT: metricsPortBeside(port) };
  return [
    ...(textAt(object, annotation) === undefined ? [] : [{ path: annotation, value: redeploy }]),
    ...listAt(object, containers).flatMap((container, index) => {
      const here: Path = [...containers, index];
      const ports = namedPorts(object, [...here, 'ports'], 'containerPort', { port });
      if (!ports.some((one) => one.port === 'http')) {
        return [];
      }
      const env = listAt(container, ['env']).flatMap((variable, position): readonly Edit[] => {
        const value = variables[textAt(variable, ['name']) ?? ''];
        return value === undefined ? [] : [{ path: [...here, 'env', position, 'value'], value: String(value) }];
      });
      return [{ path: [...here, 'image'], value: image }, ...ports, ...env];
    }),
  ];
}

/** The ports of a list that are called `http` and `http-metrics`, with their numbers. */
function namedPorts(
  object: Json,
  list: Path,
  field: string,
  { port }: Pick<NewWorkload, 'port'>,
): readonly (Edit & { readonly port: string })[] {
  const numbers: Readonly<Record<string, number>> = { http: port, 'http-metrics': metricsPortBeside(port) };
  return listAt(object, list).flatMap((entry, index) => {
    const name = textAt(mapAt(entry), ['name']) ?? '';
    const value = numbers[name];
    return value === undefined || at(entry, [field]) === undefined
      ? []
      : [{ path: [...list, index, field], value, port: name }];
  });
}
