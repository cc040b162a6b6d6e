const ratio = { type: 'number', minimum: 0, maximum: 1 } as const;
const seconds = { type: 'number', minimum: 0 } as const;
const env = { type: 'object', additionalProperties: { type: 'string' } } as const;

function record<T extends object>(properties: T, required: readonly (keyof T)[] = []) {
  return { type: 'object', additionalProperties: false, properties, required } as const;
}

/** With the words that an editor shows. */
function explained<T extends object>(description: string, schema: T) {
  return { description, ...schema };
}

const faults = record({
  failureRatio: explained('Share of requests that are answered with a 5xx, 0 to 1.', ratio),
  latencySeconds: explained('Seconds that every answer takes longer.', seconds),
  hangRatio: explained('Share of requests that are never answered, 0 to 1.', ratio),
  neverReady: explained('Its pods never pass their readiness probe.', { type: 'boolean' }),
  crashesAtStart: explained('Its pods end as soon as they start.', { type: 'boolean' }),
  crashesAfterRequests: explained('A pod ends after so many requests, again and again.', {
    type: 'integer',
    minimum: 1,
  }),
});

const outage = record({
  after: explained('Seconds after the first pause began; without it the outage begins with the release.', seconds),
  seconds: explained('How long it lasts; without it, for good.', seconds),
});

/** A scenario file, as JSON Schema; scenario.schema.json is the same for editors. */
export const SCENARIO_SCHEMA = record(
  {
    title: explained('What is released, in a sentence.', { type: 'string', minLength: 1 }),
    change: explained(
      'What the release changes in the pod template: environment variables of the container.',
      record({ env }),
    ),
    stable: explained('Environment variables that the old version has beside those of the manifest.', record({ env })),
    patch: explained('Changes of the manifests before the release, as JSON merge patches (RFC 7386).', {
      type: 'array',
      items: record(
        {
          kind: explained('The kind of the objects to change: Rollout, AnalysisTemplate …', { type: 'string' }),
          name: explained('The one of that name; without it every object of the kind.', { type: 'string' }),
          merge: explained('What is merged into it; null removes a field, a list replaces one.', { type: 'object' }),
        },
        ['kind', 'merge'],
      ),
    } as const),
    stores: explained(
      'Host names of stores that are there, and the id that each reports; null for one that reports none.',
      {
        type: 'object',
        additionalProperties: { type: ['string', 'null'] },
      } as const,
    ),
    events: explained('What goes down during the release.', {
      type: 'array',
      items: {
        ...record({
          backendDown: explained('The backend of both versions.', outage),
          prometheusDown: explained('The Prometheus that the gate asks.', outage),
          stableNotReady: explained(
            'The old version’s pods fail their readiness probe. Not in the cluster world.',
            outage,
          ),
        }),
        minProperties: 1,
        maxProperties: 1,
      },
    } as const),
    faults: explained(
      'What the change comes to, for the simulated world, which starts no process.',
      record({ canary: faults, stable: faults }),
    ),
    load: explained(
      'Requests from users.',
      record({ requestsPerSecond: { type: 'number', minimum: 0 } }, ['requestsPerSecond']),
    ),
    routes: explained(
      'The share of the requests that match a route of setHeaderRoute or setMirrorRoute, by its name; without it, none.',
      { type: 'object', additionalProperties: ratio } as const,
    ),
    measures: explained(
      'What metrics come to that are not of Prometheus (job, web, datadog …), measurement by measurement; the last one repeats. Without it each is taken as Successful.',
      {
        type: 'object',
        additionalProperties: {
          type: 'array',
          minItems: 1,
          items: explained(
            'A value for the conditions of the metric (without any, 0 is Failed and other numbers Successful), or the phase itself.',
            {
              anyOf: [
                { type: 'number' },
                { type: 'array', items: { type: 'number' } },
                { enum: ['Successful', 'Failed', 'Inconclusive', 'Error'] },
              ],
            },
          ),
        },
      } as const,
    ),
    expect: explained(
      'How it must end; what is not named is not checked.',
      record(
        {
          verdict: { enum: ['promoted', 'aborted', 'stuck', 'either'] },
          weight: explained('Weight in force at the end, in percent.', { type: 'integer', minimum: 0, maximum: 100 }),
          within: explained('Seconds from the canary’s first request to the end, at most.', seconds),
          lost: explained('Requests lost, at most.', { type: 'integer', minimum: 0 }),
          words: explained('What the report must say.', { type: 'string' }),
        },
        ['verdict'],
      ),
    ),
  },
  ['title', 'load', 'expect'],
);
