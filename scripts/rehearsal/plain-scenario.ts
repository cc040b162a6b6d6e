import { type Means, type Scenario, WELL } from './scenario.ts';

/** What differs from a release in which all goes well. */
export interface PlainMeans {
  readonly canary?: Partial<Means>;
  readonly stable?: Partial<Means>;
}

/** A release whose pods do as `means` say; nothing else happens, and nothing is expected of it. For the model world. */
export function plainScenario(requestsPerSecond: number, { canary, stable }: PlainMeans = {}): Scenario {
  return {
    name: 'plain',
    title: '',
    env: {},
    stableEnv: {},
    patches: [],
    stores: {},
    outages: [],
    canary: { ...WELL, ...canary },
    stable: { ...WELL, ...stable },
    requestsPerSecond,
    maxSpeed: undefined,
    expect: { verdict: 'either' },
  };
}
