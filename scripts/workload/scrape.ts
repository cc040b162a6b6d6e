import { readGoDuration } from '../argo/duration.ts';
import { at, isMap, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { labelsOf, type Manifest } from '../manifest/manifest.ts';
import type { Objects } from './objects.ts';
import { containersOf, podLabels, type Rollout } from './rollout.ts';
import { labelsMatch, selectorMatches } from './selector.ts';

/** One endpoint of a monitor that scrapes the pods of a Rollout. */
export interface Scrape {
  readonly monitor: Manifest;
  /** The endpoint in the monitor. */
  readonly path: Path;
  readonly endpoint: JsonMap;
  /** The Service that a ServiceMonitor selects; undefined for a PodMonitor. */
  readonly service: Manifest | undefined;
  /** The container port: its number if the files say it, else its name. */
  readonly port: number | string;
  /** Undefined if the endpoint sets none: Prometheus' own default is not in the files. */
  readonly intervalSeconds: number | undefined;
}

/** The Services in a Rollout's folder and namespace that select its pods. */
export function servicesOf(objects: Objects, rollout: Rollout): readonly Manifest[] {
  const labels = podLabels(rollout);
  return objects
    .peers(rollout.manifest, 'Service')
    .filter((service) => labelsMatch(mapAt(service.object, ['spec', 'selector']), labels));
}

/** Whether a monitor covers the namespace of an object: its own, unless its `namespaceSelector` names others. */
function looksInto(monitor: Manifest, target: Manifest): boolean {
  const selector = mapAt(monitor.object, ['spec', 'namespaceSelector']);
  const names = listAt(selector, ['matchNames']);
  if (at(selector, ['any']) === true) {
    return true;
  }
  return names.length > 0
    ? target.namespace === undefined || names.includes(target.namespace)
    : monitor.namespace === undefined || target.namespace === undefined || monitor.namespace === target.namespace;
}

/** Several rules need the scrapes of each Rollout, and finding them goes through every monitor. */
const memo = new WeakMap<Rollout, readonly Scrape[]>();

/** All scrapes of a Rollout's pods, ServiceMonitors' before PodMonitors', each in the order of the files. */
export function scrapesOf(objects: Objects, rollout: Rollout): readonly Scrape[] {
  const known = memo.get(rollout);
  const scrapes = known ?? findScrapes(objects, rollout);
  if (known === undefined) {
    memo.set(rollout, scrapes);
  }
  return scrapes;
}

function findScrapes(objects: Objects, rollout: Rollout): readonly Scrape[] {
  const services = servicesOf(objects, rollout);
  const throughServices = objects
    .ofKind('ServiceMonitor')
    .flatMap((monitor) =>
      services
        .filter((service) => selects(monitor, service, labelsOf(service)))
        .flatMap((service) => endpointsOf(rollout, monitor, 'endpoints', service)),
    );
  const straight = objects
    .ofKind('PodMonitor')
    .filter((monitor) => selects(monitor, rollout.manifest, podLabels(rollout)))
    .flatMap((monitor) => endpointsOf(rollout, monitor, 'podMetricsEndpoints', undefined));
  return [...throughServices, ...straight];
}

/** Whether a monitor selects an object with these labels. */
export function selects(monitor: Manifest, target: Manifest, labels: JsonMap): boolean {
  return looksInto(monitor, target) && selectorMatches(at(monitor.object, ['spec', 'selector']), labels);
}

/** The scrapes of a monitor's endpoints; none for an endpoint whose port the Service does not have. */
function endpointsOf(
  rollout: Rollout,
  monitor: Manifest,
  field: string,
  service: Manifest | undefined,
): readonly Scrape[] {
  return listAt(monitor.object, ['spec', field]).flatMap((endpoint, index) => {
    const port = isMap(endpoint) ? portOf(endpoint, service) : undefined;
    return isMap(endpoint) && port !== undefined
      ? [
          {
            ...{ monitor, path: ['spec', field, index], endpoint, service, port: containerPort(rollout, port) },
            // Prometheus' durations agree with Go's in seconds, minutes and hours.
            intervalSeconds: readGoDuration(textAt(endpoint, ['interval'])),
          },
        ]
      : [];
  });
}

/** Name or number of the pods' port; undefined if the Service has no port of the endpoint's name. */
function portOf(endpoint: JsonMap, service: Manifest | undefined): string | number | undefined {
  const named = textAt(endpoint, ['port']);
  if (service === undefined || named === undefined) {
    const port = numberAt(endpoint, ['portNumber']) ?? numberAt(endpoint, ['targetPort']);
    return named ?? port ?? textAt(endpoint, ['targetPort']) ?? '';
  }
  const port = listAt(service.object, ['spec', 'ports']).find((candidate) => textAt(candidate, ['name']) === named);
  return numberAt(port, ['targetPort']) ?? textAt(port, ['targetPort']) ?? numberAt(port, ['port']);
}

/** The number of a container port given by name; the name itself where no container has it. */
export function containerPort(rollout: Rollout, port: string | number): number | string {
  const found = containersOf(rollout)
    .flatMap(({ container }) => listAt(container, ['ports']))
    .find((candidate) => textAt(candidate, ['name']) === port);
  return numberAt(found, ['containerPort']) ?? port;
}
