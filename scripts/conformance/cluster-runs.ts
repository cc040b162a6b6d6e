import type { MeasurementPhase, Metric } from '../argo/metric.ts';
import type { JsonMap } from '../manifest/json.ts';
import { createManifest } from '../manifest/manifest.ts';
import { USUAL } from '../rehearsal/model/assumptions.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import type { Outcome } from '../rehearsal/outcome.ts';
import { plainScenario } from '../rehearsal/plain-scenario.ts';
import type { Reading } from '../rehearsal/release.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { compare, type Difference } from './check.ts';

/** A gate with which releases of a real cluster were recorded. */
export interface RecordedGate {
  readonly scrapeIntervalSeconds: number;
  readonly podTargetLabels?: readonly string[];
  readonly rolloutSpec: JsonMap;
  readonly metrics: readonly JsonMap[];
}

export interface ClusterRunCase {
  readonly gate: string;
  readonly requestsPerSecond: number;
  readonly canary: {
    readonly failureRatio?: number;
    readonly latencySeconds?: number;
    readonly ready?: boolean;
    readonly stableFailureRatio?: number;
    readonly prometheus?: string;
  };
  readonly verdict: string;
  readonly events: readonly { readonly t: number; readonly step: number; readonly abort: boolean }[];
  readonly reads: Readonly<
    Record<string, readonly { readonly t: number; readonly phase: MeasurementPhase; readonly value: string }[]>
  >;
}

/** Seconds: the recorder polled every 0.7 s and cut the times of reads to whole seconds, and its machine was not idle. */
const TOLERANCE = 2;
/** Seconds between two polls of the recorder: it may have missed a step that took less. */
const POLL = 0.7;
/** A recorded value that is nearer than this to the metric's limit may be on the other side of it in the model. */
const NEAR = 0.01;

/**
 * Plays a recorded release in the model world and compares the verdict, the last step, every read and the time of the abort. A read near
 * the limit is replayed as it was recorded; all that follows from it is compared.
 */
export function checkClusterRun(vector: ClusterRunCase, gate: RecordedGate): Difference | undefined {
  const workload = readWorkload('sample-api', manifestsOf(gate));
  // The recorded test server has every series from its start: its idle release is promoted.
  const model = createModel(workload, { ...USUAL, isBornComplete: true });
  const outcome = playModel(model, scenarioOf(vector), { warmUpSeconds: 45, replay: replayOf(vector) });
  const wantedStep = Math.max(0, ...vector.events.slice(1).map(({ step }) => step));
  const { seen, any } = lastSteps(outcome);
  const step = wantedStep >= seen && wantedStep <= any ? wantedStep : any;
  const ending = compare({ verdict: vector.verdict, step: wantedStep }, { verdict: outcome.verdict, step });
  const abort = vector.events.find((event) => event.abort)?.t;
  const isLate = abort !== undefined && Math.abs(abort - outcome.seconds) > TOLERANCE;
  return ending ?? (isLate ? { wanted: abort, got: outcome.seconds } : undefined) ?? compareReads(vector, outcome);
}

function replayOf({ reads }: ClusterRunCase) {
  const taken = new Map<string, number>();
  return (metric: Metric & { readonly limit?: number | undefined }, reading: Reading): Reading => {
    const index = taken.get(metric.name) ?? 0;
    taken.set(metric.name, index + 1);
    const recorded = reads[metric.name]?.[index];
    const isNear = Math.abs(numberIn(recorded?.value) - (metric.limit ?? Number.NaN)) < NEAR;
    return recorded !== undefined && isNear ? { phase: recorded.phase, value: recorded.value } : reading;
  };
}

/** The number in `[0.97]`; NaN for another text. */
const numberIn = (value = '') => Number(/^\[(.*)\]$/.exec(value)?.[1] ?? Number.NaN);

/** The last step that took long enough for the recorder to see it, and the last step of all. */
function lastSteps({ events, seconds }: Outcome): { readonly seen: number; readonly any: number } {
  const steps = events.filter(({ t }) => t > 0).flatMap((event) => (event.event === 'step' ? [event] : []));
  const lasted = steps.filter(({ t }, place) => (steps[place + 1]?.t ?? Math.max(seconds, t) + POLL) - t >= POLL);
  const last = (list: typeof steps) => Math.max(0, ...list.map(({ index }) => index));
  return { seen: last(lasted), any: last(steps) };
}

function compareReads(vector: ClusterRunCase, { events }: Outcome): Difference | undefined {
  for (const [metric, wanted] of Object.entries(vector.reads)) {
    const got = events.flatMap((event) => (event.event === 'measurement' && event.metric === metric ? [event] : []));
    for (const [index, read] of wanted.entries()) {
      const found = got[index];
      if (found?.phase !== read.phase || Math.abs(found.t - read.t) > TOLERANCE) {
        return { wanted: { metric, ...read }, got: found };
      }
    }
  }
  return undefined;
}

function scenarioOf({ canary, requestsPerSecond }: ClusterRunCase): Scenario {
  const { failureRatio = 0, latencySeconds = 0, ready = true, stableFailureRatio = 0 } = canary;
  const faults = {
    canary: { failureRatio, latencySeconds, neverReady: !ready },
    stable: { failureRatio: stableFailureRatio },
  };
  const outages: Scenario['outages'] =
    canary.prometheus === undefined ? [] : [{ what: 'prometheus', after: undefined, seconds: undefined }];
  return { ...plainScenario(requestsPerSecond, faults), outages };
}

/** The manifests of a recorded gate: its Rollout and metrics, and the other objects that a workload needs. */
function manifestsOf({ scrapeIntervalSeconds, podTargetLabels = [], rolloutSpec, metrics }: RecordedGate) {
  const labels = { app: 'sample-api' };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'app', image: 'app', ports: [{ name: 'http', containerPort: 8080 }] }] },
  };
  const args = [{ name: 'canary-hash', value: 'none' }];
  const [first = {}, ...others] = metrics;
  const objects: JsonMap[] = [
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      spec: { ...rolloutSpec, selector: { matchLabels: labels }, template },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { labels },
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      spec: {
        selector: { matchLabels: labels },
        podTargetLabels,
        endpoints: [{ port: 'http', interval: `${scrapeIntervalSeconds}s` }],
      },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AnalysisTemplate',
      metadata: { name: 'sample-api-success-rate' },
      spec: { args, metrics: [first] },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AnalysisTemplate',
      metadata: { name: 'sample-api-latency' },
      spec: { args, metrics: others },
    },
  ];
  return objects.map((object) => {
    const named = { ...object, metadata: { name: 'sample-api', ...(object.metadata as JsonMap | undefined) } };
    return createManifest({ file: 'recorded.json', text: JSON.stringify(named) }, 0, [], named);
  });
}
