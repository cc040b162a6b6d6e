import { expect, test } from '@jest/globals';
import { CANARY, STABLE } from '../release.ts';
import { createStrain } from './strain.ts';

const visit = (milliseconds: number, hash = STABLE) => ({ at: 0, hash, isLost: false, milliseconds });

/** After a usual of 20 ms: so many answers in time, so many of them late. */
function strained(inTime: number, late: number, milliseconds: number, hash = STABLE): boolean {
  const strain = createStrain();
  for (const usual of [5, 20, 900]) {
    strain.note(visit(usual));
  }
  strain.begin();
  for (let count = 0; count < inTime; count += 1) {
    strain.note(visit(20));
  }
  for (let count = 0; count < late; count += 1) {
    strain.note(visit(milliseconds, hash));
  }
  return strain.isTooMuch();
}

test.each([
  ['ten late answers among few', 50, 10, 371, true],
  ['nine', 50, 9, 371, false],
  ['ten that are just not late', 50, 10, 370, false],
  ['ten among a thousand', 990, 10, 2000, false],
  ['eleven among a thousand', 989, 11, 2000, true],
])('%s', (_, inTime, late, milliseconds, isTooMuch) => {
  expect(strained(inTime, late, milliseconds)).toBe(isTooMuch);
});

test('a new version that answers late is the release’s own doing', () => {
  expect(strained(50, 500, 5000, CANARY)).toBe(false);
});
