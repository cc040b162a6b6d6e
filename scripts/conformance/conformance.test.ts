import { readdirSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { main } from '../cli/conformance.ts';

const folder = new URL('testdata/', import.meta.url).pathname;
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

async function conformance(args: readonly string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const exit = await main(args, { out, err, cwd: folder });
  out.end();
  err.end();
  return { exit, out: await text(out), err: await text(err) };
}

// Each was made by the code it is about; testdata/README.md and every file's own description say how.
test.each(files)('the engine agrees with every case of %s', async (file) => {
  const { exit, out } = await conformance([file]);
  expect(out).toMatch(/^[1-9]\d* passed, 0 failed\n$/);
  expect(exit).toBe(0);
});

test('a case that differs is told with what was wanted and what came out', async () => {
  const url = new URL('testdata/README.md', import.meta.url).pathname;
  expect(await conformance([url])).toMatchObject({ exit: 3, err: expect.stringContaining('error: reading') });
  expect(await conformance([])).toMatchObject({ exit: 2, err: expect.stringContaining('Usage:') });
});
