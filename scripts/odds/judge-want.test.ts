import { expect, test } from '@jest/globals';
import { createModel } from '../rehearsal/model/model.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { type Judgement, judgeWant } from './judge-want.ts';
import { oneReadGate } from './testing/one-read.ts';

const model = createModel(readWorkload('one-read', oneReadGate()));

function judge(baseline: number): Judgement {
  const work = judgeWant(
    model,
    { catches: [], healthy: { onceIn: 2, requestsPerSecond: [10] } },
    { baseline, seed: 1 },
  );
  for (;;) {
    const step = work.next();
    if (step.done === true) {
      return step.value;
    }
  }
}

test('a wish is reached where the releases show it, not where they only do not speak against it', () => {
  const [shown, open] = [judge(0.03), judge(0.049)];
  const [{ abort: rarely } = { abort: undefined }] = shown.healthy;
  const [{ abort: often } = { abort: undefined }] = open.healthy;
  expect(rarely?.high).toBeLessThan(0.5);
  expect([often?.share, often?.high].map((share) => (share ?? 0) < 0.5)).toEqual([true, false]);
  expect([shown.isReached, open.isReached]).toEqual([true, false]);
});
