import { describe, expect, test } from '@jest/globals';
import { createLedger, type Ledger } from './ledger.ts';

const at = (quantity: number | undefined) => (quantity === undefined ? [] : [{ id: 'a', quantity }]);

describe('a ledger', () => {
  const told: readonly (readonly [string, (ledger: Ledger) => void, readonly (number | undefined)[], string])[] = [
    ['a write that was answered', (ledger) => ledger.acknowledge('a', 2), [2], '2'],
    ['a deletion that was answered', (ledger) => ledger.acknowledge('a', undefined), [undefined], 'nothing'],
    ['a first write that was not', (ledger) => ledger.doubt('a', 1), [undefined, 1], 'nothing or 1'],
    [
      'a write that was not, after one that was',
      (ledger) => {
        ledger.acknowledge('a', 1);
        ledger.doubt('a', 2);
      },
      [1, 2],
      '1 or 2',
    ],
    [
      'a deletion that was not',
      (ledger) => {
        ledger.acknowledge('a', 1);
        ledger.doubt('a', undefined);
      },
      [1, undefined],
      '1 or nothing',
    ],
  ];

  test.each(told)('after %s, knows what may be stored', (_what, tell, possible, words) => {
    const ledger = createLedger();
    tell(ledger);
    for (const quantity of [undefined, 1, 2, 3]) {
      const seen = quantity ?? 'nothing';
      expect(ledger.differences(at(quantity))).toEqual(
        possible.includes(quantity) ? [] : [`a holds ${seen}, must be ${words}`],
      );
    }
  });

  test('knows an item that nobody wrote', () => {
    expect(createLedger().differences(at(1))).toEqual(['a is there, and nobody wrote it']);
  });
});
