import { basename } from 'node:path';
import type { AnalysisSpec } from '../argo/analysis-run.ts';
import type { Plan } from '../argo/plan.ts';
import { at, formatPath, isMap, type JsonMap, listAt, type Path, textAt } from '../manifest/json.ts';
import { createLocator } from '../manifest/locate.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { createObjects, type Objects } from '../workload/objects.ts';
import { type Container, containersOf, type Rollout, readRollout } from '../workload/rollout.ts';
import { type Scrape, scrapesOf } from '../workload/scrape.ts';
import { targetLabels } from '../workload/target-labels.ts';
import { readDryRun } from './dry-run.ts';
import { RehearsalError } from './errors.ts';
import { readGateArgs } from './gate-args.ts';
import { type GateMetric, readMetric } from './read-metric.ts';
import { PlanError, readPlan } from './read-plan.ts';

/** How Prometheus looks at the pods. */
export interface Scraping {
  /** Seconds; Prometheus' own default is a minute. */
  readonly intervalSeconds: number;
  readonly path: string;
  /** Container port. */
  readonly port: number;
  /** Of the Service, as a label. */
  readonly service: string;
  readonly endpoint: string;
  /** Names of the pod labels that the monitor asks for, as Kubernetes writes them. */
  readonly podLabels: readonly string[];
  /** Every label that a scrape adds, as Prometheus writes them. */
  readonly added: ReadonlySet<string>;
}

/** A workload's folder as a cluster would read it. */
export interface Workload {
  readonly folder: string;
  readonly name: string;
  /** The folder's name, as the ApplicationSet makes it, where the manifests name none. */
  readonly namespace: string;
  readonly manifests: readonly Manifest[];
  readonly rollout: Rollout;
  readonly plan: Plan;
  /** Every metric of every analysis, the steps' first; two analyses may name theirs alike. */
  readonly metrics: readonly GateMetric[];
  readonly container: Container;
  /** Undefined where nothing scrapes the pods: a gate that asks Prometheus is blind then. */
  readonly scraping: Scraping | undefined;
}

const PROMETHEUS_DEFAULT_INTERVAL = 60;

/** Throws RehearsalError, with file and line, for a folder that cannot be played. */
export function readWorkload(folder: string, manifests: readonly Manifest[]): Workload {
  const objects = createObjects(manifests);
  const found = objects.ofKind('Rollout').filter(({ apiVersion }) => apiVersion.startsWith('argoproj.io/'));
  const [manifest] = found;
  if (manifest === undefined || found.length > 1) {
    throw new RehearsalError(`${folder} must hold one Rollout, found ${found.length}`);
  }
  const rollout = readRollout(manifest, (kind, name) => objects.find(manifest, kind, name));
  const namespace = manifest.namespace ?? basename(folder);
  const metrics: GateMetric[] = [];
  const object = { ...manifest.object, metadata: { ...(manifest.object.metadata as JsonMap), namespace } };
  const plan = located(manifest, () =>
    readPlan(object, (analysis, path) => {
      const spec = readAnalysis(objects, manifest, object, analysis, path);
      metrics.push(...spec.metrics);
      return spec;
    }),
  );
  const [container] = containersOf(rollout);
  if (container === undefined) {
    throw new RehearsalError(`${place(manifest, ['spec', 'template'])}: the pod template must have a container`);
  }
  return {
    folder,
    name: manifest.name,
    namespace,
    manifests,
    rollout,
    plan,
    metrics,
    container,
    scraping: readScraping(objects, rollout),
  };
}

interface GateSpec extends AnalysisSpec {
  readonly metrics: readonly GateMetric[];
}

function readAnalysis(objects: Objects, manifest: Manifest, rollout: JsonMap, analysis: JsonMap, path: Path): GateSpec {
  const dryRun = readDryRun(listAt(analysis, ['dryRun']).map((rule) => textAt(rule, ['metricName']) ?? ''));
  const given = listAt(analysis, ['args']);
  const metrics = listAt(analysis, ['templates']).flatMap((reference, index) => {
    const name = textAt(reference, ['templateName']) ?? '';
    const kind = at(reference, ['clusterScope']) === true ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
    const template = objects.find(manifest, kind, name);
    if (template === undefined) {
      throw new PlanError([...path, 'templates', index], `${kind} '${name}' is not among the manifests`);
    }
    const args = readGateArgs(listAt(template.object, ['spec', 'args']), given, rollout);
    return listAt(template.object, ['spec', 'metrics']).map((metric, at) => {
      const own: Path = ['spec', 'metrics', at];
      const read = located(template, () => readMetric(isMap(metric) ? metric : {}, own, args, dryRun.isDryRun));
      return { ...read, place: place(template, [...own, 'provider', 'prometheus', 'query']) };
    });
  });
  return { metrics, ...dryRun.problemFor(metrics) };
}

function readScraping(objects: Objects, rollout: Rollout): Scraping | undefined {
  const [scrape] = scrapesOf(objects, rollout);
  if (scrape === undefined || typeof scrape.port !== 'number') {
    return undefined;
  }
  return {
    intervalSeconds: scrape.intervalSeconds ?? PROMETHEUS_DEFAULT_INTERVAL,
    path: textAt(scrape.endpoint, ['path']) ?? '/metrics',
    port: scrape.port,
    service: scrape.service?.name ?? '',
    endpoint: textAt(scrape.endpoint, ['port']) ?? '',
    podLabels: podLabelsAsked(scrape),
    added: targetLabels(objects),
  };
}

function podLabelsAsked({ monitor }: Scrape): readonly string[] {
  return listAt(monitor.object, ['spec', 'podTargetLabels']).map(String);
}

/** `file:line:column: field` of a place in a manifest. */
export function place(manifest: Manifest, path: Path): string {
  const { line, column } = createLocator()(manifest, path);
  return `${manifest.source.file}:${line}:${column}`;
}

function located<T>(manifest: Manifest, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PlanError)) {
      throw error;
    }
    throw new RehearsalError(`${place(manifest, error.path)}: ${formatPath(error.path)}: ${error.message}`, {
      cause: error,
    });
  }
}
