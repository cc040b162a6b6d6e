import fc from 'fast-check';
import type { AnalysisSpec } from '../../argo/analysis-run.ts';
import type { MeasurementPhase, Metric } from '../../argo/metric.ts';
import type { Plan, Step } from '../../argo/plan.ts';
import { type IntOrPercent, resolveSurge } from '../../argo/pods.ts';
import type { PodBehaviour } from '../../model/pods.ts';
import type { UserAction } from '../user-action.ts';

/** A release: its plan and pods, the results of its reads, and what people do. Times are seconds after its begin. */
export interface ArbitraryRelease {
  readonly plan: Plan;
  readonly stable: PodBehaviour;
  readonly canary: PodBehaviour;
  /** The phases of the reads in turn; after the last one, the first follows again. */
  readonly reads: readonly MeasurementPhase[];
  /** Earliest first. */
  readonly actions: readonly (UserAction & { readonly t: number })[];
}

/** Seconds that each of these releases is played. */
export const HORIZON = 900;

const replicas = fc.nat({ max: 20 });
const seconds = fc.nat({ max: 30 });
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const podBound: fc.Arbitrary<IntOrPercent> = fc.oneof(
  fc.constant(undefined),
  fc.nat({ max: 6 }),
  fc.nat({ max: 100 }).map((percent) => `${percent}%`),
);

const metric: fc.Arbitrary<Metric> = fc.record(
  {
    name: fc.constantFrom('success-rate', 'latency'),
    interval: fc.integer({ min: 1, max: 60 }),
    initialDelay: seconds,
    count: fc.nat({ max: 4 }),
    failureLimit: fc.nat({ max: 3 }),
    inconclusiveLimit: fc.nat({ max: 2 }),
    consecutiveErrorLimit: fc.nat({ max: 5 }),
    consecutiveSuccessLimit: fc.nat({ max: 3 }),
    isDryRun: fc.boolean(),
  },
  { requiredKeys: ['name', 'isDryRun'] },
);
const spec: fc.Arbitrary<AnalysisSpec> = fc.record({
  metrics: fc.uniqueArray(metric, { minLength: 1, maxLength: 2, selector: ({ name }) => name }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('setWeight'), weight: fc.nat({ max: 100 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pause'), seconds: optional(seconds) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('analysis'), spec }) },
);

/** Plans that the controller's validation accepts: `maxSurge` and `maxUnavailable` must not both be 0. */
const plan: fc.Arbitrary<Plan> = fc
  .record({
    name: fc.constant('app'),
    replicas,
    maxSurge: podBound,
    maxUnavailable: podBound,
    minReadySeconds: fc.nat({ max: 10 }),
    progressDeadlineSeconds: fc.integer({ min: 11, max: 200 }),
    progressDeadlineAbort: fc.boolean(),
    isPaused: fc.constant(false),
    rollbackWindow: fc.nat({ max: 2 }),
    steps: fc.array(step, { maxLength: 8 }),
    analysis: optional(fc.record({ spec, startingStep: optional(fc.nat({ max: 4 })) })),
    invalid: fc.constant(undefined),
  })
  .filter(({ maxSurge, maxUnavailable }) => !(isZero(maxSurge) && isZero(maxUnavailable)));

function isZero(bound: IntOrPercent): boolean {
  return bound !== undefined && Number.parseInt(String(bound), 10) === 0;
}

/** Pods that become ready and stay ready. */
const sound: fc.Arbitrary<PodBehaviour> = fc.record({ startupSeconds: seconds });
/** Whether these pods become ready and stay ready. */
export const isSound = ({ neverReady, flapUp, crashAfter }: PodBehaviour) =>
  [neverReady, flapUp, crashAfter].every((one) => one === undefined);
const period = fc.integer({ min: 1, max: 40 });
/** Pods that are never ready, become ready and unready in turn, or crash. */
const unsound: fc.Arbitrary<PodBehaviour> = fc.oneof(
  fc.record({ startupSeconds: seconds, neverReady: fc.constant(true) }),
  fc.record({ startupSeconds: seconds, flapUp: period, flapDown: period }),
  fc.record({ startupSeconds: seconds, crashAfter: period }),
);

const action: fc.Arbitrary<UserAction> = fc.oneof(
  fc
    .constantFrom('promote', 'promoteFull', 'abort', 'retry', 'pause', 'resume')
    .map((name) => ({ action: name }) as const),
  fc.constantFrom('stable', 'canary', 'canary2').map((hash) => ({ action: 'setImage', arg: hash }) as const),
  replicas.map((count) => ({ action: 'scale', arg: count }) as const),
);
const actions = fc
  .array(fc.tuple(fc.nat({ max: 300 }), action), { maxLength: 5 })
  .map((list) => list.sort(([left], [right]) => left - right).map(([t, one]) => ({ ...one, t })));

/** Releases of any plan; with `mayFail`, the canary's pods may be unsound. */
export function arbitraryRelease({ mayFail }: { readonly mayFail: boolean }): fc.Arbitrary<ArbitraryRelease> {
  const pods = mayFail ? fc.oneof(sound, unsound) : sound;
  return fc.record({
    plan,
    stable: sound,
    canary: pods,
    reads: fc.array(fc.constantFrom<MeasurementPhase>('Successful', 'Failed', 'Error', 'Inconclusive'), {
      minLength: 1,
      maxLength: 6,
    }),
    actions,
  });
}

/** The most pods that a plan allows, and the fewest that must be available. */
export function bounds({ replicas, maxSurge, maxUnavailable }: Plan) {
  const resolved = resolveSurge(maxSurge, maxUnavailable, replicas);
  return { most: replicas + resolved.maxSurge, least: replicas - resolved.maxUnavailable };
}
