import { expect, test } from '@jest/globals';
import { RehearsalError } from './errors.ts';
import { readScenario } from './read-scenario.ts';

const messageOf = (text: string) => {
  try {
    readScenario('own/mine.yaml', text);
  } catch (error) {
    if (error instanceof RehearsalError) {
      return error.message;
    }
    throw error;
  }
  return 'no error';
};

test('reads what is there and fills in the rest', () => {
  const scenario = readScenario(
    'own/mine.yaml',
    'title: Mine\nload: {requestsPerSecond: 5}\nexpect: {verdict: stuck}\n',
  );
  expect(scenario).toMatchObject({
    name: 'mine',
    title: 'Mine',
    requestsPerSecond: 5,
    env: {},
    outages: [],
    canary: { failureRatio: 0 },
  });
});

test.each([
  ['', 'own/mine.yaml:1:1: it is empty'],
  ['title: [', 'own/mine.yaml:1:'],
  [
    'titel: x\ntitle: x\nload: {requestsPerSecond: 1}\nexpect: {verdict: promoted}\n',
    "own/mine.yaml:1:1: the scenario must have known fields only, not 'titel' (known: title, change",
  ],
  [
    'title: x\nload: {requestsPerSecond: -1}\nexpect: {verdict: promoted}\n',
    'own/mine.yaml:2:8: load.requestsPerSecond must be >= 0',
  ],
  [
    'title: x\nload: {requestsPerSecond: 1}\nexpect:\n  verdict: promoted\n  wait: 3\n',
    "own/mine.yaml:5:3: expect must have known fields only, not 'wait' (known: verdict, weight, within, lost, words)",
  ],
  [
    'title: x\nload: {requestsPerSecond: 1}\nexpect: {verdict: promoted}\nfaults: {canary: {failureRatio: 2}}\n',
    'own/mine.yaml:4:19: faults.canary.failureRatio must be <= 1',
  ],
  [
    'load: {requestsPerSecond: 1}\nexpect: {verdict: promoted}\n',
    "own/mine.yaml:1:1: the scenario must have required property 'title'",
  ],
])('%j is told with its line', (text, message) => {
  expect(messageOf(text)).toContain(message);
});

test('refuses an alias without anchor with the file, not with an error of the library', () => {
  expect(() => readScenario('mine.yaml', 'title: *none\n')).toThrow(RehearsalError);
  expect(() => readScenario('mine.yaml', 'title: *none\n')).toThrow(/^mine\.yaml:1:1: Unresolved alias/);
});
