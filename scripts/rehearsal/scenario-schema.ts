const ratio = { type: 'number', minimum: 0, maximum: 1 } as const;
const seconds = { type: 'number', minimum: 0 } as const;
const env = { type: 'object', additionalProperties: { type: 'string' } } as const;

function record<T extends object>(properties: T, required: readonly (keyof T)[] = []) {
  return { type: 'object', additionalProperties: false, properties, required } as const;
}

const faults = record({
  failureRatio: ratio,
  latencySeconds: seconds,
  hangRatio: ratio,
  neverReady: { type: 'boolean' },
  crashesAtStart: { type: 'boolean' },
  crashesAfterRequests: { type: 'integer', minimum: 1 },
});

const outage = record({ after: seconds, seconds });

/** A scenario file, as JSON Schema. */
export const SCENARIO_SCHEMA = record(
  {
    title: { type: 'string', minLength: 1 },
    maxSpeed: { type: 'number', exclusiveMinimum: 0 },
    change: record({ env }),
    stable: record({ env }),
    patch: {
      type: 'array',
      items: record({ kind: { type: 'string' }, name: { type: 'string' }, merge: { type: 'object' } }, [
        'kind',
        'merge',
      ]),
    },
    stores: { type: 'object', additionalProperties: { type: ['string', 'null'] } },
    events: {
      type: 'array',
      items: { ...record({ backendDown: outage, prometheusDown: outage }), minProperties: 1, maxProperties: 1 },
    },
    faults: record({ canary: faults, stable: faults }),
    load: record({ requestsPerSecond: { type: 'number', minimum: 0 } }, ['requestsPerSecond']),
    expect: record(
      {
        verdict: { enum: ['promoted', 'aborted', 'stuck', 'either'] },
        weight: { type: 'integer', minimum: 0, maximum: 100 },
        within: seconds,
        lost: { type: 'integer', minimum: 0 },
        words: { type: 'string' },
      },
      ['verdict'],
    ),
  },
  ['title', 'load', 'expect'],
);
