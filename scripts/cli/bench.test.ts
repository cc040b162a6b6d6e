import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { main } from './bench.ts';

test.each([
  [['speed'], "there is no measurement 'speed': throughput, start, memory, model, commands"],
  // What every JavaScript object has is no measurement.
  [['constructor'], "there is no measurement 'constructor'"],
  [['--rounds', '0'], "--rounds must be an integer greater than 0, got '0'"],
  [['--minutes', '1'], "Unknown option '--minutes'"],
])('%j is wrong usage', async (args, message) => {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const exit = await main(args, { out, err, cwd: '/' });
  out.end();
  err.end();
  expect({ exit, out: await text(out) }).toEqual({ exit: 2, out: '' });
  expect(await text(err)).toContain(message);
});
