import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { explainAll } from '../cli/explain.ts';
import { renderFindings } from '../render/findings.ts';
import { RULES } from './index.ts';
import { checkExample, EXAMPLES, exampleOf } from './testing/check-example.ts';

// Golden files: what is in ok/ prints nothing, what is in bad/ exactly the .txt beside it. UPDATE_GOLDEN=1 writes those anew.
async function print(kind: 'ok' | 'bad', id: string): Promise<string> {
  const { findings } = await checkExample(kind, id);
  // Most examples are a Rollout without a gate, to be short.
  const own = findings.filter(({ rule }) => rule !== 'canary/ungated' || rule === id);
  return renderFindings(own, new PassThrough());
}

describe.each(RULES)('$id', ({ id, why, fix }) => {
  test('finds nothing in its ok file', async () => {
    expect(await print('ok', id)).toBe('');
  });

  test('finds exactly what is wrong in its bad file', async () => {
    const golden = new URL(`bad/${exampleOf(id)}.txt`, EXAMPLES);
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
  const names = RULES.map(({ id }) => exampleOf(id));
  for (const kind of ['ok', 'bad']) {
    const found = readdirSync(new URL(`${kind}/`, EXAMPLES)).map((name) => name.replace(/\.(yaml|txt|metrics)$/, ''));
    expect(new Set(found)).toEqual(new Set(names));
  }
});

test('every rule is in a file of its group', () => {
  const files = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' });
  const declared = files
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) =>
      [...readFileSync(new URL(name, import.meta.url), 'utf8').matchAll(/^ {2}id: '(.*)',$/gm)].map(([, id = '']) => ({
        id,
        folder: name.split('/')[0],
      })),
    );
  expect(declared.filter(({ id, folder }) => id.split('/')[0] !== folder)).toEqual([]);
  expect(declared.map(({ id }) => id).sort()).toEqual(RULES.map(({ id }) => id).sort());
});
