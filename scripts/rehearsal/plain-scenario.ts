import { NO_FAULTS, type PodFaults, type Scenario } from './scenario.ts';

/** What differs from a release in which all goes well. */
export interface PlainFaults {
  readonly canary?: Partial<PodFaults>;
  readonly stable?: Partial<PodFaults>;
}

/** A release whose pods do as `faults` say; nothing else happens, and nothing is expected of it. For the model world. */
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
