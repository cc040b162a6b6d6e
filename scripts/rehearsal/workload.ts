import { basename } from 'node:path';
import type { Plan } from '../argo/plan.ts';
import { formatPath, type JsonMap, mapAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { referenceProblems } from '../validation/references.ts';
import { rolloutProblems } from '../validation/rollout.ts';
import { withConfigMaps } from '../workload/config-map-env.ts';
import { createObjects } from '../workload/objects.ts';
import { type Container, containersOf, type Rollout, readRollout } from '../workload/rollout.ts';
import { podsInRelease, type WorkloadDeployment, workloadDeployment } from '../workload/workload-deployment.ts';
import { RehearsalError } from './errors.ts';
import { located, place } from './place.ts';
import { PlanError } from './plan-error.ts';
import { readLeniently } from './read-leniently.ts';
import type { MeasuredMetric } from './read-metric.ts';
import { readPlan } from './read-plan.ts';
import { type ClusterFacts, readRun } from './read-run.ts';
import { readScraping, type Scraping } from './scraping.ts';

/** A workload's folder as a cluster would read it. */
export interface Workload {
  readonly folder: string;
  readonly name: string;
  /** The Rollout's namespace, else the folder's name, as the ApplicationSet sets it. */
  readonly namespace: string;
  readonly manifests: readonly Manifest[];
  readonly facts: ClusterFacts;
  readonly rollout: Rollout;
  readonly plan: Plan;
  /** Every metric of every analysis, those of the steps first; names may occur twice. */
  readonly metrics: readonly MeasuredMetric[];
  readonly container: Container;
  /** What a `workloadRef` names; undefined without one. */
  readonly deployment: WorkloadDeployment | undefined;
  /** Undefined where nothing scrapes the pods: queries for their series then return nothing. */
  readonly scraping: Scraping | undefined;
  /** Lines for the user about what is played otherwise than the files say. */
  readonly assumed: readonly string[];
}

/** The user says nothing about the cluster. */
export const NO_FACTS: ClusterFacts = { args: new Map(), prometheusAddress: '' };

/** Argo's Rollouts among manifests, in their order. */
export function rolloutsIn(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.filter(({ kind, apiVersion }) => kind === 'Rollout' && apiVersion.startsWith('argoproj.io/'));
}

/**
 * Reads a folder's manifests; `only` is the Rollout to play where there are several. Throws RehearsalError for a Rollout
 * that cannot be played, and without `only` for a folder that does not hold exactly one.
 */
export function readWorkload(
  folder: string,
  written: readonly Manifest[],
  facts = NO_FACTS,
  only?: Manifest,
): Workload {
  const { manifests, assumed } = readLeniently(written, only && written.indexOf(only));
  const objects = createObjects(manifests);
  const found = only === undefined ? rolloutsIn(manifests) : manifests.filter((_, index) => written[index] === only);
  const [manifest] = found;
  if (manifest === undefined || found.length > 1) {
    throw new RehearsalError(`${folder} must hold one Rollout, found ${found.length}`);
  }
  const rollout = readRollout(manifest, (kind, name) => objects.find(manifest, kind, name));
  const namespace = manifest.namespace ?? basename(folder);
  const metrics: MeasuredMetric[] = [];
  const object = { ...manifest.object, metadata: { ...(manifest.object.metadata as JsonMap), namespace } };
  const source = { objects, manifest, rollout: object, facts };
  const [first] = [...rolloutProblems(object), ...referenceProblems(objects, rollout)];
  const invalid = first && `The Rollout "${manifest.name}" is invalid: ${formatPath(first.path)}: ${first.message}`;
  const readAnalysis = (path: Path) => {
    const spec = readRun(source, path);
    metrics.push(...spec.metrics);
    return spec;
  };
  const plan = located(manifest, () => readPlan(object, readAnalysis, invalid));
  located(manifest, () => refuseUnknownWorkload(rollout, plan));
  const deployment = workloadDeployment(rollout);
  // A spec that the controller refuses starts no pods.
  const [container = invalid === undefined ? undefined : { manifest, path: ['spec', 'template'], container: {} }] =
    containersOf(rollout);
  if (container === undefined) {
    throw new RehearsalError(`${place(manifest, ['spec', 'template'])}: the pod template must have a container`);
  }
  return {
    folder,
    name: manifest.name,
    namespace,
    manifests,
    facts,
    rollout,
    plan,
    metrics,
    container: withConfigMaps(objects, container),
    deployment,
    scraping: readScraping(objects, rollout),
    assumed: [...assumed, ...ownPodsLine(deployment)],
  };
}

/** Throws PlanError for a `workloadRef` whose object is not among the manifests. */
function refuseUnknownWorkload(rollout: Rollout, { invalid }: Plan): void {
  const reference = mapAt(rollout.manifest.object, ['spec', 'workloadRef']);
  const kind = textAt(reference, ['kind']);
  if (kind !== undefined && rollout.template === undefined) {
    const message = `${kind} '${textAt(reference, ['name'])}' must be among these manifests: its template is what is released`;
    throw new PlanError(['spec', 'workloadRef', 'name'], invalid ?? message);
  }
}

/** A line for the user about the Deployment's own pods in the release; none where it has none. */
function ownPodsLine(deployment: WorkloadDeployment | undefined): readonly string[] {
  const count = deployment === undefined ? 0 : podsInRelease(deployment);
  const taken = deployment?.scaleDown === 'never' ? '' : ', which the release brings back';
  return count === 0
    ? []
    : [
        `assumed: Deployment '${deployment?.name}' has ${count} pods of its own${taken}: they get the new version at once, past every step, and keep it after an abort`,
      ];
}
