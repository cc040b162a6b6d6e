import { NO_FAULTS, type PodFaults, type Scenario } from './scenario.ts';

/** The faults of each version; those left out do not occur. */
export interface PlainFaults {
  readonly canary?: Partial<PodFaults>;
  readonly stable?: Partial<PodFaults>;
}

/** A scenario for the model world with the given faults, no other events, and no expectation of the outcome. */
export function plainScenario(requestsPerSecond: number, { canary, stable }: PlainFaults = {}): Scenario {
  return {
    name: 'plain',
    title: '',
    isBuiltIn: false,
    env: {},
    stableEnv: {},
    patches: [],
    stores: {},
    outages: [],
    canary: { ...NO_FAULTS, ...canary },
    stable: { ...NO_FAULTS, ...stable },
    requestsPerSecond,
    measures: {},
    routes: {},
    expect: { verdict: 'either' },
  };
}
