import { expect, test } from '@jest/globals';
import { differences, type Ledger, noteWrite } from './ledger.ts';

type Write = readonly [quantity: number | undefined, isAnswered: boolean];

const cases: readonly (readonly [string, readonly Write[], readonly (number | undefined)[], string])[] = [
  ['a write that was answered', [[2, true]], [2], '2'],
  ['a deletion that was answered', [[undefined, true]], [undefined], 'nothing'],
  ['a first write that was not', [[1, false]], [undefined, 1], 'nothing or 1'],
  [
    'a write that was not, after one that was',
    [
      [1, true],
      [2, false],
    ],
    [1, 2],
    '1 or 2',
  ],
  [
    'a deletion that was not',
    [
      [1, true],
      [undefined, false],
    ],
    [1, undefined],
    '1 or nothing',
  ],
];

test.each(cases)('after %s, knows what may be stored', (_what, writes, possible, words) => {
  const ledger: Ledger = new Map();
  for (const [quantity, isAnswered] of writes) {
    noteWrite(ledger, 'a', quantity, isAnswered);
  }
  for (const quantity of [undefined, 1, 2, 3]) {
    const items = quantity === undefined ? [] : [{ id: 'a', quantity }];
    expect(differences(ledger, items)).toEqual(
      possible.includes(quantity) ? [] : [`a holds ${quantity ?? 'nothing'}, must be ${words}`],
    );
  }
});

test('knows an item that nobody wrote', () => {
  expect(differences(new Map(), [{ id: 'a', quantity: 1 }])).toEqual(['a is there, and nobody wrote it']);
});
