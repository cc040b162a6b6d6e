import { afterEach, describe, expect, test } from '@jest/globals';
import { textAt } from '../../manifest/json.ts';
import { brokenExpectations } from '../outcome.ts';
import type { Scenario } from '../scenario.ts';
import { connectTo } from './testing/connect.ts';
import { type FakeCluster, type FakeClusterSettings, startFakeCluster } from './testing/fake-cluster.ts';
import { createPatientClock } from './testing/patient-clock.ts';
import { sampleWorkload, scenarioNamed } from './testing/sample.ts';
import { type ClusterOptions, playCluster } from './world.ts';

/** Seconds of the cluster in one of the wall, at most. */
const SPEED = 20;

let fake: FakeCluster;
afterEach(() => fake.close());

interface Played {
  readonly scenario: Scenario;
  readonly options?: Partial<ClusterOptions>;
  readonly settings?: FakeClusterSettings;
}

async function play({ scenario, options = {}, settings = {} }: Played) {
  const workload = await sampleWorkload(scenario);
  const clock = createPatientClock(SPEED);
  fake = await startFakeCluster(workload, scenario, clock, settings);
  return playCluster(connectTo(fake.server.url), workload, scenario, {
    isKept: false,
    userPath: '/api/items',
    usersImage: undefined,
    signal: new AbortController().signal,
    onEvent: () => undefined,
    onProgress: () => undefined,
    onWait: () => undefined,
    clock,
    ...options,
  });
}

describe('a release on a cluster', () => {
  test('comes to the outcome that the controller decides: aborted at 25 %, after two failed reads', async () => {
    const scenario = scenarioNamed('errors');
    const outcome = await play({ scenario });
    expect(brokenExpectations(scenario, outcome)).toEqual([]);
    expect(outcome).toMatchObject({ verdict: 'aborted', weight: 25, step: 1 });
    expect(outcome.message).toContain('Metric "success-rate" assessed Failed due to failed (2) > failureLimit (1)');
    const reads = outcome.events.flatMap((event) => (event.event === 'measurement' ? [event] : []));
    expect(reads.map(({ metric, phase }) => `${metric} ${phase}`).toSorted()).toEqual([
      'latency Successful',
      'latency Successful',
      'success-rate Failed',
      'success-rate Failed',
    ]);
    expect(outcome.lost).toBeGreaterThan(0);
    expect(outcome.canaryRequests).toBeGreaterThan(0);
    expect(outcome.samples.length).toBeGreaterThan(40);
    expect(fake.server.list('Namespace')).toEqual([]);
  });

  test('loses nobody to a version that is never ready', async () => {
    const scenario = { ...scenarioNamed('bad-backend'), requestsPerSecond: 20 };
    const outcome = await play({ scenario });
    expect(brokenExpectations(scenario, outcome)).toEqual([]);
    expect(outcome).toMatchObject({
      verdict: 'aborted',
      step: 0,
      lost: 0,
      canaryRequests: 0,
      secondsServed: undefined,
    });
  });

  test('takes the store away for a while, as the scenario says', async () => {
    const scenario = scenarioNamed('backend-outage');
    const outcome = await play({ scenario });
    expect(brokenExpectations(scenario, outcome)).toEqual([]);
    expect(outcome.lost).toBeGreaterThan(0);
    expect(fake.server.writes.filter((write) => write.endsWith('/statefulsets/sample-api-redis')).length).toBe(3);
  });

  test('ships the fix of a version that is not ready at all', async () => {
    const good = scenarioNamed('good');
    const scenario = { ...good, requestsPerSecond: 10, stable: { ...good.stable, neverReady: true } };
    expect(await play({ scenario })).toMatchObject({ verdict: 'promoted', weight: 100 });
  });

  test('needs nobody who asks', async () => {
    const scenario = scenarioNamed('prometheus-down');
    const outcome = await play({ scenario: { ...scenario, requestsPerSecond: 0 } });
    expect(outcome).toMatchObject({ verdict: 'aborted', weight: 25, sent: 0, canaryRequests: 0 });
    expect(fake.server.writes.some((write) => write.includes('/jobs'))).toBe(false);
  });

  test('goes on where the watches were cut off', async () => {
    let cuts = 0;
    const outcome = await play({
      scenario: scenarioNamed('errors'),
      options: {
        onEvent(event) {
          if (event.event === 'step' && cuts < 1) {
            cuts += 1;
            fake.server.forgetWatches();
          }
        },
      },
    });
    expect(cuts).toBe(1);
    expect(outcome).toMatchObject({ verdict: 'aborted', weight: 25 });
  });
});

describe('every end removes what was made', () => {
  test('an interruption', async () => {
    const interrupted = new AbortController();
    const playing = play({
      scenario: scenarioNamed('good'),
      options: {
        signal: interrupted.signal,
        onEvent: () => interrupted.abort(),
      },
    });
    await expect(playing).rejects.toThrow('aborted');
    expect(fake.server.list('Namespace')).toEqual([]);
  });

  test.each([
    [
      'an image that cannot be pulled',
      {
        stable: {
          phase: 'Pending',
          containerStatuses: [{ image: 'ghcr.io/you/api:1', state: { waiting: { reason: 'ErrImagePull' } } }],
        },
      },
      "image 'ghcr.io/you/api:1' cannot be pulled (ErrImagePull): push it, or kind load docker-image ghcr.io/you/api:1",
    ],
    [
      'an old version that is never ready',
      {
        stable: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'False' }],
          containerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } } }],
        },
      },
      /waited 300 s for the old version: Pod 'sample-api-stable-\w+-1': CrashLoopBackOff: back-off 40s/,
    ],
    ['users whose image has no Node', { users: { phase: 'Failed' } }, '--users-image names one that has it'],
  ])('%s, which is told', async (_, settings, message) => {
    await expect(play({ scenario: scenarioNamed('good'), settings })).rejects.toThrow(message);
    expect(fake.server.list('Namespace')).toEqual([]);
  });

  test('unless it is to be kept', async () => {
    await play({ scenario: scenarioNamed('errors'), options: { isKept: true } });
    expect(fake.server.list('Namespace').map((one) => textAt(one, ['metadata', 'name']))).toEqual(['home']);
    expect(fake.server.list('Rollout').length).toBe(1);
  });
});
