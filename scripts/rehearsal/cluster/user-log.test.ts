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

const line = (succeeded: number, failed: number) => `${JSON.stringify({ succeeded, failed })}\n`;

describe('createLoggedUsers', () => {
  test('counts what ended since the beginning of the release, once, from whole lines alone', async () => {
    const users = usersOf(['(node:1) Warning: {}', line(90, 10), line(170, 30), `${line(270, 30)}{"succeeded":3`]);
    await users.look(99);
    expect(users.hasBegun()).toBe(false);
    await users.look(100);
    const none = { succeeded: 0, lost: 0, losses: {}, canary: 0, firstCanary: undefined };
    expect([users.hasBegun(), users.totals()]).toEqual([true, none]);
    users.begin(100.5);
    await users.look(101);
    await users.look(102);
    const totals = { succeeded: 180, lost: 20, losses: { failed: 20 }, canary: 50, firstCanary: 101 };
    expect(users.totals()).toEqual(totals);
  });

  test('sends nobody to a canary without a ready pod', async () => {
    const users = usersOf([line(0, 0), line(100, 0)], [4, 0]);
    users.begin(0);
    await users.look(1);
    await users.look(2);
    expect(users.totals()).toMatchObject({ canary: 0, firstCanary: undefined });
  });

  test('forgives looks that fail, and gives up on a log that is gone', async () => {
    const gone = new Error('gone');
    const users = usersOf([line(1, 0), ...Array<Error>(10).fill(gone), line(6, 0), gone]);
    users.begin(0);
    for (let look = 1; look <= 12; look += 1) {
      await users.look(look);
    }
    expect(users.totals().succeeded).toBe(6);
    for (let look = 13; look <= 22; look += 1) {
      await users.look(look);
    }
    await expect(users.look(23)).rejects.toBe(gone);
  });
});
