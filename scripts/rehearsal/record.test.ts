import { expect, test } from '@jest/globals';
import { passUntil } from './loop.ts';
import { createRecord, outcomeOf } from './record.ts';
import { CANARY, createState, STABLE } from './release.ts';
import { plan } from './testing/plain-plan.ts';
import type { World } from './world.ts';

const replicaSet = (hash: string, pods: number) => ({
  hash,
  createdAt: 0,
  revision: 1,
  specReplicas: pods,
  desired: 4,
  replicas: pods,
  readyReplicas: pods,
  availableReplicas: pods,
});

/** What a real controller is read to say, by seconds since the release began. */
const POLLS = [
  { t: 0, phase: 'Progressing', message: 'more replicas need to be updated', canary: 0, isAborted: false },
  { t: 10, phase: 'Progressing', message: '', canary: 1, isAborted: false },
  { t: 40, phase: 'Degraded', message: 'RolloutAborted: it failed', canary: 0, isAborted: true },
] as const;

test('makes the outcome of a release that another controller decides: a world that only polls it', () => {
  const begin = 1_000_000;
  let now = begin;
  let seen = -1;
  const state = createState(plan, CANARY);
  state.replicaSets.push(replicaSet(STABLE, 4), replicaSet(CANARY, 0));
  const users = {
    begin: () => undefined,
    totals: (at: number) => ({
      succeeded: 10 * (at - begin),
      lost: Math.max(0, at - begin - 10),
      losses: {},
      canary: 1,
      firstCanary: begin + 10,
    }),
  };
  const record = createRecord(state, users);
  const world: World = {
    state,
    now: () => now,
    controller: {
      notify: () => undefined,
      reconcile() {
        const poll = POLLS.findLast(({ t }) => now - begin >= t) ?? POLLS[0];
        const isNews = POLLS.indexOf(poll) !== seen;
        seen = POLLS.indexOf(poll);
        const { phase, message, isAborted, canary } = poll;
        state.status = { ...state.status, phase, message, isAborted, currentStepIndex: 0 };
        state.replicaSets[1] = replicaSet(CANARY, canary);
        return isNews;
      },
      nextWake: (time) => time + 0.5,
    },
    pods: { reconcile: () => false, nextWake: () => undefined },
    reconcileSeconds: 0,
  };
  record.begin(now);
  for (const time of passUntil(world, record.end, record)) {
    now = time;
  }

  const outcome = outcomeOf(record.result(now), users);
  expect(outcome).toMatchObject({
    verdict: 'aborted',
    message: 'RolloutAborted: it failed',
    weight: 25,
    step: 0,
    seconds: 40,
    secondsServed: 30,
    // Watched eight seconds longer.
    sent: 480 + 38,
    lost: 38,
  });
  expect(outcome.samples.map(({ canaryReady, lost }) => [canaryReady, lost]).slice(8, 12)).toEqual([
    [0, 0],
    [0, 0],
    [1, 1],
    [1, 1],
  ]);
  expect(outcome.events.filter(({ event }) => event === 'abort')).toEqual([{ event: 'abort', value: true, t: 40 }]);
});
