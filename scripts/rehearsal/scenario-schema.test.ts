import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const file = new URL('scenario.schema.json', import.meta.url);
const scenarios = new URL('scenarios/', import.meta.url);

test.each(readdirSync(scenarios))('%s names its schema for editors', (name) => {
  const [first = ''] = readFileSync(new URL(name, scenarios), 'utf8').split('\n');
  const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
  expect(new URL(path, scenarios).href).toBe(file.href);
});
