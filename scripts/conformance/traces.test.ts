import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { checkVector } from './run.ts';

const file = JSON.parse(readFileSync(new URL('testdata/traces-v1.9.json', import.meta.url), 'utf8'));
const trace = file.cases.find(({ id }: { id: string }) => id === 's050');

test('a recording of v1.9 agrees where v1.10 decides otherwise for a reason that is listed', async () => {
  expect(await checkVector(trace, file)).toBeUndefined();
  expect(await checkVector(trace, { ...file, source: 'argo-rollouts v1.10.2' })).toBeDefined();
});

test.each([
  ['a step', 'step', { index: 3 }],
  ['a phase', 'phase', { message: 'another' }],
  ['an abort', 'abort', { value: false }],
  ['the time of a scaling', 'scale', { t: 50 }],
])('a recording of v1.9 differs in %s all the same', async (_, kind, change) => {
  const index = trace.events.findLastIndex(({ event }: { event: string }) => event === kind);
  const events = trace.events.with(index, { ...trace.events[index], ...change });
  expect(await checkVector({ ...trace, events }, file)).toBeDefined();
});
