import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { examples } from '../../api/testing/fuzz.ts';
import { isCompleted } from '../argo/metric.ts';
import type { Plan } from '../argo/plan.ts';
import { type ReplicaSet, sumOf } from '../argo/replica-set.ts';
import type { RolloutState } from '../argo/rollout-state.ts';
import { hasPause, type RolloutStatus } from '../argo/status.ts';
import { setWeight, weightInForce } from '../argo/weight.ts';
import { type ArbitraryRelease, arbitraryRelease, bounds, isSound } from './testing/arbitrary-release.ts';
import { playRelease } from './testing/play-release.ts';

/** What is wrong with a state, undefined where nothing is; `before` is what was before this reconcile, undefined after anything else. */
type Flaw = (state: RolloutState, before: Before | undefined, isAtRest: boolean) => string | undefined;

interface Before {
  readonly sets: readonly ReplicaSet[];
  readonly phases: ReadonlyMap<string, string>;
}

/** Plays a release and throws at the first flaw. A million states are looked at: `expect` would take most of the time. */
function playWithout(release: ArbitraryRelease, flaw: Flaw): RolloutState {
  let before: Before = { sets: [], phases: new Map() };
  return playRelease(release, (state, after) => {
    const found = flaw(state, after === 'reconcile' ? before : undefined, after === 'rest');
    if (found !== undefined) {
      throw new Error(`${found}: ${JSON.stringify(before.sets)} -> ${JSON.stringify(state.replicaSets)}`);
    }
    before = { sets: state.replicaSets.map((set) => ({ ...set })), phases: phasesOf(state) };
  });
}

const asked = (sets: readonly ReplicaSet[]) => sumOf(sets, 'specReplicas');
/** Pods that users reach once each ReplicaSet has what it asks for: those that are not ready go first. */
const reachable = (sets: readonly ReplicaSet[]) =>
  sets.reduce((sum, { specReplicas, availableReplicas }) => sum + Math.min(specReplicas, availableReplicas), 0);
const phasesOf = ({ runs }: RolloutState): ReadonlyMap<string, string> =>
  new Map(
    runs.flatMap(({ name, phase, results }) => [
      ...(phase !== '' && isCompleted(phase) ? [[name, phase] as const] : []),
      ...[...results]
        .filter(([, one]) => isCompleted(one.phase))
        .map(([metric, one]) => [`${name} ${metric}`, one.phase] as const),
    ]),
  );

/**
 * The real controller goes one step past the end when a step completes in the reconcile of a full promotion or of a rollback within the
 * window, until the next reconcile: `syncRolloutStatusCanary` sets the index to the number of steps and then adds one to it
 * (argo-rollouts `rollout/canary.go`, v1.10.2).
 */
const oddNumbers: Flaw = ({ plan, status, replicaSets }, _, isAtRest) => {
  const index = status.currentStepIndex ?? 0;
  const weights = [setWeight(plan, status), weightInForce(plan, status)];
  if (!weights.every((weight) => weight >= 0 && weight <= 100)) {
    return `weight ${weights}`;
  }
  if (!(index >= 0 && index <= plan.steps.length + (isAtRest ? 0 : 1))) {
    return `step ${index}`;
  }
  return replicaSets.every(({ specReplicas }) => Number.isInteger(specReplicas) && specReplicas >= 0)
    ? undefined
    : 'no whole pods';
};

/** More may be left of a larger number of replicas, and only become fewer. */
const tooMany: Flaw = ({ plan, replicaSets }, before) =>
  before !== undefined && asked(replicaSets) > Math.max(asked(before.sets), bounds(plan).most)
    ? `more than ${bounds(plan).most} pods`
    : undefined;

const tooFew: Flaw = ({ plan, replicaSets }, before) =>
  before !== undefined && reachable(replicaSets) < Math.min(reachable(before.sets), bounds(plan).least)
    ? `fewer than ${bounds(plan).least} pods to reach`
    : undefined;

const changedItsMind: Flaw = (state, before) => {
  const phases = phasesOf(state);
  const changed = [...(before?.phases ?? [])].find(([name, phase]) => phases.get(name) !== phase);
  return changed && `${changed.join(' was ')}`;
};

/**
 * What an abort does not move in the real controller either (argo-rollouts v1.10.2): a Rollout that is paused itself is not scaled; a full
 * promotion outlives an abort by the deadline, since its weight stays 100 (`GetCanaryReplicasOrWeight`, `utils/replicaset/canary.go`);
 * and one whose `replicas` changed while an inconclusive analysis paused it is only synced to the new number, which that very pause
 * forbids (`syncReplicasOnly`, `rollout/sync.go`; `haltProgress`, `rollout/context.go`).
 */
const isHeld = (plan: Plan, status: RolloutStatus) =>
  plan.isPaused || status.isPromoteFull || hasPause(status, 'InconclusiveAnalysisRun');

describe('a release of any plan, with any pods, reads and acts of people', () => {
  test.each([
    ['keeps weights within 0 and 100, steps within the plan, and whole pods', true, oddNumbers],
    ['never asks for more pods than replicas and surge', true, tooMany],
    ['never takes away pods below replicas without unavailable', false, tooFew],
    ['never changes what an analysis or a metric came to', true, changedItsMind],
  ])('%s', (_, mayFail, flaw) => {
    fc.assert(
      fc.property(arbitraryRelease({ mayFail }), (release) => {
        playWithout(release, flaw);
      }),
      examples(40),
    );
  });

  test('goes back to stable after every abort, when its pods start', () => {
    fc.assert(
      fc.property(arbitraryRelease({ mayFail: true }), fc.nat({ max: 300 }), (release, t) => {
        const actions = [...release.actions.filter((one) => one.t <= t), { t, action: 'abort' as const }];
        const { plan, status, replicaSets } = playRelease({ ...release, actions }, () => undefined);
        const promoted = status.stableRS === 'stable' ? release.stable : release.canary;
        if (!status.isAborted || isHeld(plan, status) || !isSound(promoted)) {
          return;
        }
        const left = replicaSets.filter(({ specReplicas }) => specReplicas > 0);
        expect(left.map(({ hash, availableReplicas }) => [hash, availableReplicas])).toEqual(
          plan.replicas === 0 ? [] : [[status.stableRS, plan.replicas]],
        );
      }),
      examples(40),
    );
  });

  test('comes to rest: asked again, it changes nothing', () => {
    fc.assert(
      fc.property(arbitraryRelease({ mayFail: true }), (release) => {
        const seen: string[] = [];
        playRelease(release, ({ status, replicaSets }, after) => {
          if (after === 'rest') {
            seen.push(JSON.stringify([status, replicaSets]));
          }
        });
        expect(seen.at(-1)).toBe(seen.at(-2));
      }),
      examples(40),
    );
  });

  test('comes to rest when stable is wanted again behind a deadline that stood still in a pause', () => {
    const spec = { metrics: [{ name: 'success-rate', interval: 1, isDryRun: false }] };
    const release: ArbitraryRelease = {
      plan: {
        name: 'app',
        replicas: 3,
        maxSurge: 1,
        maxUnavailable: 0,
        minReadySeconds: 0,
        progressDeadlineSeconds: 11,
        progressDeadlineAbort: false,
        isPaused: false,
        rollbackWindow: 0,
        steps: [],
        analysis: { spec, startingStep: undefined },
        invalid: undefined,
      },
      stable: { startupSeconds: 0 },
      canary: { startupSeconds: 0, flapUp: 8, flapDown: 12 },
      reads: ['Successful', 'Inconclusive'],
      actions: [{ t: 20, action: 'setImage', arg: 'stable' }],
    };
    expect(playRelease(release, () => undefined).status.phase).toBe('Healthy');
  });
});
