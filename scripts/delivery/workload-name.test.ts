import { expect, test } from '@jest/globals';
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
