import type { MeasurementPhase, Metric } from '../argo/metric.ts';
import type { JsonMap } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readSource } from '../manifest/read-source.ts';
import { USUAL } from '../rehearsal/model/assumptions.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { playModel } from '../rehearsal/model/world.ts';
import type { Outcome } from '../rehearsal/outcome.ts';
import { plainScenario } from '../rehearsal/plain-scenario.ts';
import type { Reading } from '../rehearsal/release.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import type { Compared } from './compare.ts';

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
export function clusterRun(
  vector: ClusterRunCase,
  { gates = {} }: { readonly gates?: Readonly<Record<string, RecordedGate>> },
): Compared {
  const gate = gates[vector.gate];
  if (gate === undefined) {
    throw new TypeError(`its file has no gate '${vector.gate}'`);
  }
  const workload = readWorkload('sample-api', manifestsOf(gate));
  // The recorded test server has every series from its start: its idle release is promoted.
  const model = createModel(workload, { ...USUAL, isBornComplete: true });
  const outcome = playModel(model, scenarioOf(vector), { warmUpSeconds: 45, replay: replayOf(vector) });
  const step = Math.max(0, ...vector.events.slice(1).map((event) => event.step));
  const { seen, any } = lastSteps(outcome);
  const abort = vector.events.find((event) => event.abort)?.t;
  const reads = Object.entries(vector.reads).flatMap(([metric, recorded]) => {
    const played = outcome.events.flatMap((event) =>
      event.event === 'measurement' && event.metric === metric ? [event] : [],
    );
    return recorded.map(({ t, phase }, index) => ({
      wanted: { metric, t, phase },
      got: { metric, t: near(t, played[index]?.t), phase: played[index]?.phase },
    }));
  });
  return [
    { verdict: vector.verdict, step, abort, reads: reads.map(({ wanted }) => wanted) },
    {
      verdict: outcome.verdict,
      step: step >= seen && step <= any ? step : any,
      abort: abort && near(abort, outcome.seconds),
      reads: reads.map(({ got }) => got),
    },
  ];
}

/** The recorded time where a played one is near enough, else the played one. */
function near(recorded: number, played = Number.NaN): number {
  return Math.abs(played - recorded) <= TOLERANCE ? recorded : played;
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
function manifestsOf(gate: RecordedGate): readonly Manifest[] {
  const { scrapeIntervalSeconds, podTargetLabels = [], rolloutSpec, metrics } = gate;
  const labels = { app: 'sample-api' };
  const containers = [{ name: 'app', image: 'app', ports: [{ name: 'http', containerPort: 8080 }] }];
  const pods = { metadata: { labels }, spec: { containers } };
  const template = (name: string, measured: readonly JsonMap[]) => `
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: ${name} }
spec: { args: [{ name: canary-hash, value: none }], metrics: ${JSON.stringify(measured)} }
---`;
  const text = `${template('sample-api-success-rate', metrics.slice(0, 1))}${template('sample-api-latency', metrics.slice(1))}
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: sample-api }
spec: ${JSON.stringify({ ...rolloutSpec, selector: { matchLabels: labels }, template: pods })}
---
apiVersion: v1
kind: Service
metadata: { name: sample-api, labels: { app: sample-api } }
spec: { selector: { app: sample-api }, ports: [{ name: http, port: 80, targetPort: http }] }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: sample-api }
spec:
  selector: { matchLabels: { app: sample-api } }
  podTargetLabels: ${JSON.stringify(podTargetLabels)}
  endpoints: [{ port: http, interval: ${scrapeIntervalSeconds}s }]
`;
  return readSource({ file: 'recorded.yaml', text }).manifests;
}
