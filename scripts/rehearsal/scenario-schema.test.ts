import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { SCENARIO_SCHEMA } from './scenario-schema.ts';

const file = new URL('scenario.schema.json', import.meta.url);
const scenarios = new URL('scenarios/', import.meta.url);

test('scenario.schema.json is the schema that scenarios are read with', () => {
  const text = `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...SCENARIO_SCHEMA }, undefined, 2)}\n`;
  if (process.env.UPDATE_GOLDEN) {
    writeFileSync(file, text);
  }
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(text));
});

test.each(readdirSync(scenarios))('%s names it for editors', (name) => {
  const [first = ''] = readFileSync(new URL(name, scenarios), 'utf8').split('\n');
  const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
  expect(existsSync(new URL(path, scenarios))).toBe(true);
  expect(new URL(path, scenarios).href).toBe(file.href);
});
