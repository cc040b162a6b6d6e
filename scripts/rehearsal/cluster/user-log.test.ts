import { describe, expect, test } from '@jest/globals';
import { CANARY, createState, STABLE } from '../release.ts';
import { sampleWorkload } from './testing/sample.ts';
import { createLoggedUsers } from './user-log.ts';

const { plan } = await sampleWorkload();

/** Users whose log answers in turn; an Error is a look that fails. */
function usersOf(answers: readonly (string | Error)[], [stable, canary]: readonly [number, number] = [3, 1]) {
  const state = createState(plan);
  for (const [hash, readyReplicas] of [
    [STABLE, stable],
    [CANARY, canary],
  ] as const) {
    const set = { hash, createdAt: 0, revision: 1, specReplicas: 0, desired: 0, replicas: 0, availableReplicas: 0 };
    state.replicaSets.push({ ...set, readyReplicas });
  }
  let asked = 0;
  const cluster = {
    list: async () => [{ metadata: { name: 'users-1' }, status: { phase: 'Running' } }],
    async readLog() {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? '';
      asked += 1;
      if (typeof answer !== 'string') {
        throw answer;
      }
      return answer;
    },
  };
  return createLoggedUsers(cluster, 'home', state);
}

const line = (second: number, good: number, bad: number) =>
  `${JSON.stringify({ second, codes: { 200: good, 503: bad } })}\n`;

describe('createLoggedUsers', () => {
  test('counts each second once, from the beginning of the release on', async () => {
    const users = usersOf([line(1, 90, 10), line(1, 90, 10) + line(2, 80, 20), line(2, 80, 20) + line(3, 100, 0)]);
    await users.look(100);
    expect([users.hasBegun(), users.totals(100)]).toEqual([true, { succeeded: 0, lost: 0, losses: {}, canary: 0 }]);
    users.begin(100.5);
    await users.look(101);
    await users.look(102);
    expect(users.totals(102)).toEqual({ succeeded: 180, lost: 20, losses: { failed: 20 }, canary: 50 });
    expect(users.firstCanary()).toBe(101);
  });

  test('sends nobody to a canary without a ready pod', async () => {
    const users = usersOf([line(1, 0, 0), line(2, 100, 0)], [4, 0]);
    users.begin(0);
    await users.look(1);
    await users.look(2);
    expect([users.totals(2).canary, users.firstCanary()]).toEqual([0, undefined]);
  });

  test('forgives looks that fail, and gives up on a log that is gone', async () => {
    const gone = new Error('gone');
    const users = usersOf([line(1, 1, 0), ...Array<Error>(10).fill(gone), line(2, 5, 0), gone]);
    users.begin(0);
    for (let look = 1; look <= 12; look += 1) {
      await users.look(look);
    }
    expect(users.totals(12).succeeded).toBe(6);
    for (let look = 13; look <= 22; look += 1) {
      await users.look(look);
    }
    await expect(users.look(23)).rejects.toBe(gone);
  });
});
