import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { JsonMap } from '../manifest/json.ts';
import { checkFields } from './check-fields.ts';
import { type Fields, METRIC_FIELDS, ROLLOUT_FIELDS, TEMPLATE_FIELDS } from './fields.ts';
import { PlanError } from './plan-error.ts';

const models = dirname(createRequire(import.meta.url).resolve('@kubernetes-models/argo-rollouts/package.json'));

interface Field {
  readonly path: string;
  readonly type: string;
}

/** The fields of a published type and, while a table does not say what becomes of one as a whole, of those inside it. */
function fieldsOf(type: string, fields: Fields, prefix = ''): readonly Field[] {
  const text = readFileSync(join(models, 'argoproj.io/v1alpha1', `${type}.d.ts`), 'utf8');
  const [, body = ''] = /declare class \w+ extends[^{]*\{([\s\S]*?)\n\}/.exec(text) ?? [];
  return [...body.matchAll(/^ {4}"(\w+)"\??: (.*?);?$/gm)].flatMap(([, name = '', written = '']) => {
    const isList = written.startsWith('Array<');
    const path = `${prefix}${name}${isList ? '[]' : ''}`;
    const own = /V1alpha1(\w+?)>?$/.exec(written)?.[1];
    const isWhole = fields[path] !== undefined || fields[`${prefix}${name}`] !== undefined;
    return isWhole || own === undefined || own === 'DurationString' || own === 'ValueFromPodTemplateHash'
      ? [{ path: isWhole && fields[path] === undefined ? `${prefix}${name}` : path, type: written }]
      : fieldsOf(own, fields, `${path}.`);
  });
}

const TYPES: Readonly<Record<string, RegExp>> = {
  text: /^string$|^"|(DurationString|ValueFromPodTemplateHash|ProgressType)$/,
  integer: /^number$/,
  boolean: /^boolean$/,
  'integer or text': /IntOrString$/,
};

test.each([
  ['Rollout', ROLLOUT_FIELDS],
  ['AnalysisTemplate', TEMPLATE_FIELDS],
  ['ClusterAnalysisTemplate', TEMPLATE_FIELDS],
  ['Metric', METRIC_FIELDS],
] as const)(
  'every field of the published %s is played, harmless or refused, and a played one is of its type',
  (type, fields) => {
    const found = fieldsOf(type, fields);
    expect(found.length).toBeGreaterThan(10);
    expect(found.filter(({ path }) => fields[path] === undefined)).toEqual([]);
    for (const { path, type: written } of found) {
      const treatment = fields[path];
      if (typeof treatment === 'string' && treatment !== 'whole') {
        expect({ path, written, isFine: TYPES[treatment]?.test(written) }).toMatchObject({ isFine: true });
      }
    }
    // And nothing is in the table that is not published.
    const known = found.map(({ path }) => path);
    expect(Object.keys(fields).filter((path) => !known.includes(path))).toEqual([]);
  },
);

const CANARY = { setWeight: 25 };

/** The message for a Rollout with these fields in its spec, empty where nothing is said. */
function refusal(spec: JsonMap): string {
  try {
    checkFields({ kind: 'Rollout', spec }, ROLLOUT_FIELDS);
    return '';
  } catch (error) {
    if (!(error instanceof PlanError)) {
      throw error;
    }
    return `${error.path.join('.')}: ${error.message}`;
  }
}

test.each<readonly [JsonMap, string]>([
  [{ replicas: 4, paused: false, workloadRef: null }, ''],
  [{ strategy: { canary: { steps: [CANARY], trafficRouting: null, dynamicStableScale: false } } }, ''],
  [{ replicas: '4' }, 'spec.replicas: must be integer: the API server refuses "4"'],
  [
    { strategy: { canary: { steps: [{ setWeight: 2.5 }] } } },
    'spec.strategy.canary.steps.0.setWeight: must be integer: the API server refuses 2.5',
  ],
  [
    { strategy: { canary: { steps: CANARY } } },
    'spec.strategy.canary.steps: must be a list: the API server refuses it',
  ],
  [{ strategy: { canary: [CANARY] } }, 'spec.strategy.canary: must be a map: the API server refuses it'],
  [
    { strategy: { canary: { steps: [{ pause: 60 }] } } },
    'spec.strategy.canary.steps.0.pause: must be a map: the API server refuses it',
  ],
  [
    { strategy: { canary: { steps: [{ setWieght: 25 }] } } },
    'spec.strategy.canary.steps.0.setWieght: the field is not known here, so it cannot be played',
  ],
])('%j', (spec, message) => {
  expect(refusal(spec)).toBe(message);
});
