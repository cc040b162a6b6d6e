import { at, type JsonMap, listAt, mapAt, textAt } from '../manifest/json.ts';
import { labelsOf } from '../manifest/manifest.ts';
import type { Objects } from '../workload/objects.ts';
import { CANARY, podLabels, type Rollout } from '../workload/rollout.ts';
import { type Scrape, scrapesOf } from '../workload/scrape.ts';
import { labelName, targetLabels } from '../workload/target-labels.ts';
import { STABLE } from './release.ts';

/** How Prometheus looks at the pods. */
export interface Scraping {
  /** Seconds; Prometheus' own default is a minute. */
  readonly intervalSeconds: number;
  readonly path: string;
  /** Container port. */
  readonly port: number;
  /** Labels that the scrape of a version's pods adds, by their hash; without those of one pod. */
  readonly labelsOf: (hash: string) => ReadonlyMap<string, string>;
  /** Every label that a scrape adds, as Prometheus writes them. */
  readonly added: ReadonlySet<string>;
}

const PROMETHEUS_DEFAULT_INTERVAL = 60;

/** Undefined where nothing scrapes the pods, or at a port that is not known. */
export function readScraping(objects: Objects, rollout: Rollout): Scraping | undefined {
  const [scrape] = scrapesOf(objects, rollout);
  if (scrape === undefined || typeof scrape.port !== 'number') {
    return undefined;
  }
  return {
    intervalSeconds: scrape.intervalSeconds ?? PROMETHEUS_DEFAULT_INTERVAL,
    path: textAt(scrape.endpoint, ['path']) ?? '/metrics',
    port: scrape.port,
    labelsOf: (hash) => labelsOfScrape(scrape, podLabelsOf(rollout, hash)),
    added: targetLabels(objects),
  };
}

/** A version's pod labels: those of the template, the controller's, and the ephemeral ones while it is the canary or stable. */
function podLabelsOf(rollout: Rollout, hash: string): JsonMap {
  const role = hash === STABLE ? 'stableMetadata' : 'canaryMetadata';
  return {
    ...podLabels(rollout),
    'rollouts-pod-template-hash': hash,
    ...mapAt(rollout.manifest.object, [...CANARY, role, 'labels']),
  };
}

/** What prometheus-operator's relabelling adds, in its order: a later one goes before an earlier one of its name. */
function labelsOfScrape({ monitor, service, endpoint }: Scrape, ofPod: JsonMap): ReadonlyMap<string, string> {
  const ofService = service === undefined ? {} : labelsOf(service);
  const copied = (field: string, from: JsonMap) =>
    listAt(monitor.object, ['spec', field]).flatMap((name) => labelFrom(labelName(String(name)), String(name), from));
  const job = service?.name ?? `${monitor.namespace ?? ''}/${monitor.name}`;
  return new Map([
    ...(service === undefined ? [] : [['service', service.name] as const, ...copied('targetLabels', ofService)]),
    ...copied('podTargetLabels', ofPod),
    ['job', job],
    ...labelFrom('job', textAt(monitor.object, ['spec', 'jobLabel']) ?? '', service === undefined ? ofPod : ofService),
    ['endpoint', String(at(endpoint, ['port']) ?? at(endpoint, ['targetPort']) ?? '')],
  ]);
}

/** An empty label is none. */
function labelFrom(label: string, name: string, from: JsonMap): readonly (readonly [string, string])[] {
  const value = textAt(from, [name]) ?? '';
  return value === '' ? [] : [[label, value]];
}
