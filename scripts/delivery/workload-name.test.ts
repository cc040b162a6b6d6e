import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { examples } from '../../api/testing/fuzz.ts';
import { whyNotName } from './workload-name.ts';

test.each(['orders-api', 'a', 'a1', 'kube', 'sample-api-2', 'a'.repeat(40)])('%s can be a workload', (name) => {
  expect(whyNotName(name)).toBeUndefined();
});

test.each([
  ['sample-api', 'made from'],
  ['', 'DNS label'],
  ['a'.repeat(41), 'DNS label'],
  ['Orders', 'DNS label'],
  ['1orders', 'DNS label'],
  ['orders-', 'DNS label'],
  ['-orders', 'DNS label'],
  ['orders_api', 'DNS label'],
  ['a.b', 'DNS label'],
  ['..', 'DNS label'],
  ['a/b', 'DNS label'],
  ['a\n', 'DNS label'],
  ['monitoring', 'namespace'],
  ['kube-system', 'namespace'],
  ['on', 'YAML'],
  ['y', 'YAML'],
  ['null', 'YAML'],
])('%j cannot, for it %s', (name, reason) => {
  expect(whyNotName(name)).toContain(reason);
});

test('what can be a workload is a DNS label that stands in YAML without quotes', () => {
  const names = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[a-z0-9.-]{1,42}$/),
    fc.stringMatching(/^[yn0oe]{1,3}[a-z0-9]?$/),
  );
  fc.assert(
    fc.property(names, (name) => {
      if (whyNotName(name) !== undefined) {
        return;
      }
      expect(name).toMatch(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/);
      for (const version of ['1.1', '1.2'] as const) {
        expect(parse(`name: ${name}`, { version })).toEqual({ name });
      }
    }),
    examples(200),
  );
});
