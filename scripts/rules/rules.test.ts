import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { explainAll } from '../cli/explain.ts';
import { createGatePlayer } from '../cli/play-gates.ts';
import { parseExposition } from '../exposition/parse.ts';
import { readSource } from '../manifest/read-source.ts';
import { renderFindings } from '../render/findings.ts';
import { checkManifests } from './check.ts';
import { RULES } from './index.ts';
import { type Answer, type Live, metricsOf } from './live.ts';

// Golden files: what is in ok/ prints nothing, what is in bad/ exactly the .txt beside it. UPDATE_GOLDEN=1 writes those anew.
const folder = new URL('testdata/', import.meta.url);
const fileOf = (id: string) => id.replace('/', '-');

async function print(kind: 'ok' | 'bad', id: string): Promise<string> {
  const file = `${kind}/${fileOf(id)}.yaml`;
  const { manifests, notes, errors } = readSource({
    file: `scripts/rules/testdata/${file}`,
    text: readFileSync(new URL(file, folder), 'utf8'),
  });
  expect([...notes, ...errors]).toEqual([]);
  const { findings } = await checkManifests(manifests, {
    origin: 'git@github.com:acme/shop.git',
    ...(id.startsWith('gate/') ? { play: createGatePlayer(manifests) } : {}),
    ...(id.startsWith('live/') ? { askLive: async () => recordedLive(kind, id) } : {}),
  });
  // Most examples are a Rollout without a gate, to be short.
  const own = findings.filter(({ rule }) => rule !== 'canary/ungated' || rule === id);
  return renderFindings(own, new PassThrough());
}

/** What a running instance answered once; a rule's own recording stands beside its file. */
function recordedLive(kind: string, id: string): Live {
  const own = new URL(`${kind}/${fileOf(id)}.metrics`, folder);
  const recording = readFileSync(existsSync(own) ? own : new URL('live.metrics', folder), 'utf8');
  return {
    address: 'http://localhost:8080',
    answers: new Map<string, Answer>([
      ['/metrics', 200],
      ['/readyz', 200],
      ['/livez', 200],
      ['/healthz', 404],
      ['/slow', 503],
      ['/gone', 'ECONNREFUSED'],
      ['/prometheus', 404],
      ['/html', 200],
    ]),
    unreadable: new Map([['/html', "line 1: unexpected '<'"]]),
    metrics: metricsOf(parseExposition(recording, 'text/plain; version=0.0.4')),
  };
}

describe.each(RULES)('$id', ({ id, why, fix }) => {
  test('finds nothing in its ok file', async () => {
    expect(await print('ok', id)).toBe('');
  });

  test('finds exactly what is wrong in its bad file', async () => {
    const golden = new URL(`bad/${fileOf(id)}.txt`, folder);
    const printed = await print('bad', id);
    if (process.env.UPDATE_GOLDEN) {
      writeFileSync(golden, printed);
    }
    expect(printed).toBe(readFileSync(golden, 'utf8'));
    expect(printed).toContain(`[${id}]`);
  });

  test('says why and what to do in sentences', () => {
    expect(why).toMatch(/^[A-Z0-9].*\.$/);
    expect(fix).toMatch(/^[A-Z].*\.$/);
  });
});

test('docs/rules.md is what --rules --format markdown prints', async () => {
  const page = new URL('../../docs/rules.md', import.meta.url);
  const printed = await explainAll();
  if (process.env.UPDATE_GOLDEN) {
    writeFileSync(page, printed);
  }
  expect(printed).toBe(readFileSync(page, 'utf8'));
});

test('every golden file belongs to a rule', () => {
  const names = RULES.map(({ id }) => fileOf(id));
  for (const kind of ['ok', 'bad']) {
    const found = readdirSync(new URL(`${kind}/`, folder)).map((name) => name.replace(/\.(yaml|txt|metrics)$/, ''));
    expect(new Set(found)).toEqual(new Set(names));
  }
});

test('every rule file is named after its rule and in force', () => {
  for (const { id } of RULES) {
    expect(existsSync(new URL(`${id}.ts`, import.meta.url))).toBe(true);
  }
  const files = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' }).filter(readIsRule);
  expect(files.length).toBe(RULES.length);
});

function readIsRule(name: string): boolean {
  return name.endsWith('.ts') && /: Rule = \{/.test(readFileSync(new URL(name, import.meta.url), 'utf8'));
}
