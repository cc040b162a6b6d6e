import { at, type Json, type JsonMap, listAt, mapAt, textAt } from '../manifest/json.ts';
import { labelsOf } from '../manifest/manifest.ts';
import type { Labels } from '../promql/labels.ts';
import type { Objects } from '../workload/objects.ts';
import { relabel } from '../workload/relabel.ts';
import { CANARY, podLabels, type Rollout } from '../workload/rollout.ts';
import { type Scrape, scrapesOf } from '../workload/scrape.ts';
import { labelName, targetLabels } from '../workload/target-labels.ts';
import { isOfDeployment, STABLE } from './release.ts';

/** How Prometheus scrapes the pods. */
export interface Scraping {
  /** Seconds; Prometheus' own default is a minute. */
  readonly intervalSeconds: number;
  readonly path: string;
  /** Container port. */
  readonly port: number;
  /**
   * The possible scrape targets of a version's pods, by pod template hash, with labels but those of the single pod. Whether a pod is a
   * target now depends on the Service: `isTarget`.
   */
  readonly targetsOf: (hash: string) => readonly Target[];
  /** Names of the labels that a scrape adds, as Prometheus writes them, without those whose values are unknown. */
  readonly added: ReadonlySet<string>;
}

/** A scrape target. */
export interface Target {
  /** The labels that the scrape adds to every series. */
  readonly labels: Labels;
  /** Rules for each scraped sample, with the labels of the target: `relabel`. */
  readonly metricRelabelings: readonly Json[];
}

const PROMETHEUS_DEFAULT_INTERVAL = 60;

/** Undefined where no monitor scrapes the pods, or the port is unknown. */
export function readScraping(objects: Objects, rollout: Rollout): Scraping | undefined {
  const all = scrapesOf(objects, rollout);
  const [first] = all;
  if (first === undefined || typeof first.port !== 'number') {
    return undefined;
  }
  // Only the port and path of the first scrape, where the app's metrics are expected; others expose other metrics.
  const scrapes = all.filter((one) => one.port === first.port && pathOf(one) === pathOf(first));
  const known = new Map<string, readonly LabeledTarget[]>();
  const targets = (hash: string) => {
    const found = known.get(hash) ?? scrapes.flatMap((one) => targetOf(one, podLabelsOf(rollout, hash)) ?? []);
    known.set(hash, found);
    return found;
  };
  const unknown = new Set(targets(STABLE).flatMap((one) => [...one.unknown]));
  return {
    intervalSeconds: first.intervalSeconds ?? PROMETHEUS_DEFAULT_INTERVAL,
    path: pathOf(first),
    port: first.port,
    targetsOf: targets,
    added: targetLabels(objects).difference(unknown),
  };
}

const pathOf = ({ endpoint }: Scrape) => textAt(endpoint, ['path']) ?? '/metrics';

/**
 * Whether the Service of a target selects pods of a version. `services`: hash by name of the Services that the controller
 * sets.
 */
export function isTarget(labels: Labels, hash: string, services: ReadonlyMap<string, string> | undefined): boolean {
  return (services?.get(labels.get('service') ?? '') ?? hash) === hash;
}

/**
 * Labels of the pods of a hash: the template's, the controller's hash label, and of a Rollout's pods those of `stableMetadata` or
 * `canaryMetadata`.
 */
export function podLabelsOf(rollout: Rollout, hash: string): JsonMap {
  if (isOfDeployment(hash)) {
    return { ...podLabels(rollout), 'pod-template-hash': hash };
  }
  const role = hash === STABLE ? 'stableMetadata' : 'canaryMetadata';
  return {
    ...podLabels(rollout),
    'rollouts-pod-template-hash': hash,
    ...mapAt(rollout.manifest.object, [...CANARY, role, 'labels']),
  };
}

interface LabeledTarget extends Target {
  /** Names of labels whose values are not in the files. */
  readonly unknown: ReadonlySet<string>;
}

/** The target with the labels that prometheus-operator's relabelling adds, in its order: a later label replaces an earlier one. */
function targetOf({ monitor, service, endpoint }: Scrape, ofPod: JsonMap): LabeledTarget | undefined {
  const ofService = service === undefined ? {} : labelsOf(service);
  const copied = (field: string, from: JsonMap) =>
    listAt(monitor.object, ['spec', field]).flatMap((name) => labelFrom(labelName(String(name)), String(name), from));
  const job = service?.name ?? `${monitor.namespace ?? ''}/${monitor.name}`;
  const labels = new Map([
    ...(service === undefined ? [] : [['service', service.name] as const, ...copied('targetLabels', ofService)]),
    ...copied('podTargetLabels', ofPod),
    ['job', job],
    ...labelFrom('job', textAt(monitor.object, ['spec', 'jobLabel']) ?? '', service === undefined ? ofPod : ofService),
    ['endpoint', String(at(endpoint, ['port']) ?? at(endpoint, ['targetPort']) ?? '')],
  ]);
  const meta = [
    ...metaLabels('pod', ofPod),
    ...metaLabels('service', ofService),
    ...(service === undefined ? [] : [['__meta_kubernetes_service_name', service.name] as const]),
  ];
  const isInFiles = /^__meta_kubernetes_(pod|service)_label|^(?!__|namespace$|pod$|instance$)/;
  const relabeled = relabel(listAt(endpoint, ['relabelings']), new Map([...labels, ...meta]), (name) =>
    isInFiles.test(name),
  );
  return (
    relabeled && {
      labels: new Map([...relabeled.labels].filter(([name, value]) => value !== '' && !name.startsWith('__'))),
      unknown: relabeled.unknown,
      metricRelabelings: listAt(endpoint, ['metricRelabelings']),
    }
  );
}

/** A Kubernetes object's labels as service discovery names them. */
function metaLabels(role: 'pod' | 'service', labels: JsonMap): readonly (readonly [string, string])[] {
  return Object.entries(labels).flatMap(([name, value]) => [
    [`__meta_kubernetes_${role}_label_${labelName(name)}`, String(value)] as const,
    [`__meta_kubernetes_${role}_labelpresent_${labelName(name)}`, 'true'] as const,
  ]);
}

/** One label with the value of `name` in `from`, or none where that is absent or empty. */
function labelFrom(label: string, name: string, from: JsonMap): readonly (readonly [string, string])[] {
  const value = textAt(from, [name]) ?? '';
  return value === '' ? [] : [[label, value]];
}
