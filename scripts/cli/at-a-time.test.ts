import { expect, test } from '@jest/globals';
import { mapAtATime } from './at-a-time.ts';

test('maps in order, never more at a time than asked', async () => {
  let [running, most] = [0, 0];
  const results = await mapAtATime([1, 2, 3, 4, 5], 2, undefined, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return item * 10;
  });
  expect(results).toEqual([10, 20, 30, 40, 50]);
  expect(most).toBe(2);
});

test('rejects with what failed first, not with what its abort did to the others, and starts no more', async () => {
  const begun: string[] = [];
  const mapped = mapAtATime(['waits', 'fails', 'never'], 2, undefined, (item, signal) => {
    begun.push(item);
    return item === 'fails'
      ? Promise.reject(new Error('broken'))
      : new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  });
  await expect(mapped).rejects.toThrow('broken');
  expect(begun).toEqual(['waits', 'fails']);
});

test('rejects with the reason of an abort from outside', async () => {
  const outer = AbortSignal.abort(new Error('interrupted'));
  await expect(mapAtATime([1], 2, outer, () => Promise.resolve(1))).rejects.toThrow('interrupted');
});
