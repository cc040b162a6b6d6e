import { type Means, type Scenario, WELL } from './scenario.ts';

/** A release whose pods do as `means` say, beside an old version that does well; nothing else happens and nothing is expected. */
export function plainScenario(requestsPerSecond: number, means: Partial<Means> = {}): Scenario {
  return {
    name: 'plain',
    title: '',
    env: {},
    stableEnv: {},
    patches: [],
    stores: {},
    outages: [],
    canary: { ...WELL, ...means },
    stable: WELL,
    requestsPerSecond,
    maxSpeed: undefined,
    expect: { verdict: 'either' },
  };
}
