import { describe, expect, test } from '@jest/globals';
import { compileMatcher } from '../promql/matcher.ts';
import { CANARY_WORDS, createLabelValue, examplesOf, STABLE_WORDS } from './label-values.ts';

/** The value that the canary's and the stable version's series are assumed to have for a label, by the names of their Services. */
function assumed(value: string, services: { readonly canary: string; readonly stable: string }, op: '=' | '=~' = '=') {
  const canary = { exact: ['', services.canary], pattern: CANARY_WORDS };
  const stable = { exact: ['', services.stable], pattern: STABLE_WORDS };
  const of = (own: typeof canary, other: typeof canary) =>
    createLabelValue({ labels: new Map(), sourceOf: () => 'unknown', own, other, name: 'shop' })('service', [
      compileMatcher({ label: 'service', op, value }),
    ]);
  return { canary: of(canary, stable), stable: of(stable, canary) };
}

describe('an assumed label', () => {
  test.each([
    { value: 'shop-canary', canary: 'shop-canary', stable: undefined },
    { value: 'shop-canary:80', canary: 'shop-canary:80', stable: undefined },
    { value: 'shop', canary: undefined, stable: 'shop' },
    { value: 'shop-preview', canary: 'shop-preview', stable: undefined },
    { value: 'other', canary: 'other', stable: 'other' },
  ])('with the value $value, where the stable Service is a part of the name of the canary’s', (row) => {
    const { value, canary, stable } = row;
    expect(assumed(value, { canary: 'shop-canary', stable: 'shop' })).toEqual({ canary, stable });
  });

  test('is the stable version’s where the canary’s Service is a part of its name', () => {
    expect(assumed('shop-old', { canary: 'shop', stable: 'shop-old' })).toEqual({
      canary: undefined,
      stable: 'shop-old',
    });
  });

  test('takes an unescaped dot of a regular expression for a dot', () => {
    expect(assumed('shop.ns.svc', { canary: 'a', stable: 'b' }, '=~').canary).toBe('shop.ns.svc');
    expect(examplesOf('5..')).toEqual(['5..']);
  });
});
