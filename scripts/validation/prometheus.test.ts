import { expect, test } from '@jest/globals';
import { prometheusProblem } from './prometheus.ts';

const NO_URL = 'prometheus address is not is url format';

// As the provider of argo-rollouts v1.10.2 answers, asked with each.
test.each<readonly [string, string | undefined]>([
  ['http://prometheus:9090', undefined],
  ['https://user:password@host/path?query#part', undefined],
  ['http://[::1]:9090', undefined],
  ['http://:80', undefined],
  ['http://h%25x', undefined],
  ['prometheus:9090', NO_URL],
  ['//host', NO_URL],
  ['http://', NO_URL],
  ['http:///path', NO_URL],
  [' http://h', NO_URL],
  ['http://a b', NO_URL],
  ['http://a:x', NO_URL],
  ['http://[::1', NO_URL],
  ['http://%41', NO_URL],
  ['http://h/%zz', NO_URL],
  ['http://h#%zz', NO_URL],
  ['http://h\u007f', NO_URL],
  ['', 'prometheus address is not configured'],
])('%j', (address, problem) => {
  expect(prometheusProblem({ provider: { prometheus: { address } } }, '')).toBe(problem);
});

test.each<readonly [number, string | undefined]>([
  [30, undefined],
  [0, 'Post "http://p/api/v1/query": context deadline exceeded'],
  [-1, 'prometheus timeout should not be negative'],
])('a timeout of %d', (timeout, problem) => {
  expect(prometheusProblem({ provider: { prometheus: { address: 'http://p', timeout } } }, '')).toBe(problem);
});
