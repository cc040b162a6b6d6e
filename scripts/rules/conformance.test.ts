import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../manifest/json.ts';
import { createManifest } from '../manifest/manifest.ts';
import { checkManifests } from './check.ts';

// Made by the real controller's validation (argo-rollouts v1.9.1): what it refuses, verify refuses at the same field; what it accepts
// draws no error from the rules that mirror it.
interface Case {
  readonly id: string;
  readonly kind: 'rollout' | 'template' | 'references';
  readonly defect: string;
  readonly object: JsonMap;
  readonly templates?: readonly JsonMap[];
  readonly errors: readonly { readonly field: string; readonly text: string }[];
  readonly decodeError?: string;
}

const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('testdata/conformance/validation.json', import.meta.url), 'utf8'),
);
const MIRRORS = /^(schema\/.*|rollout\/(spec|strategy|pod-template|references)|analysis\/metric-spec)$/;

/** The controller's own names for a few places: it leaves `canary` out, and has two that are no field at all. */
const fieldOf = (field: string) =>
  field
    .replace('.strategy.canary.', '.strategy.')
    .replace('spec.strategy.strategy', 'spec.strategy')
    .replace('spec.template.labels', 'spec.template.metadata.labels');

async function findingsOf({ object, templates = [], kind }: Case) {
  const objects = [object, ...templates];
  const manifests = objects.map((one, index) =>
    createManifest({ file: 'vector.json', text: JSON.stringify(objects[index], undefined, 1) }, 0, [], one),
  );
  const { findings } = await checkManifests(manifests);
  return findings.filter(
    ({ rule, severity }) =>
      MIRRORS.test(rule) &&
      severity === 'error' &&
      // The vectors of Rollouts alone were made without the templates that they name, and those of references without the specs.
      (kind === 'rollout' ? rule !== 'rollout/references' : kind !== 'references' || rule === 'rollout/references'),
  );
}

const accepted = cases.filter(({ errors, decodeError }) => errors.length === 0 && !decodeError);
const refused = cases.filter(({ errors, decodeError }) => errors.length > 0 || decodeError);

test('there are vectors of both kinds', () => {
  expect([accepted.length > 50, refused.length > 50]).toEqual([true, true]);
});

describe('what the controller accepts', () => {
  test.each(accepted)('$id $kind: $defect', async (one) => {
    expect(await findingsOf(one)).toEqual([]);
  });
});

describe('what the controller refuses', () => {
  test.each(refused)('$id $kind: $defect', async (one) => {
    const fields = (await findingsOf(one)).map(({ field }) => fieldOf(field));
    if (one.decodeError) {
      expect(fields).not.toEqual([]);
    }
    for (const { field } of one.errors) {
      // A finding may be more exact than the controller, and name the field inside the one that it names.
      expect(fields.some((found) => found === fieldOf(field) || found.startsWith(fieldOf(field)))).toBe(true);
    }
  });
});
