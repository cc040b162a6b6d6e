import { expect, test } from '@jest/globals';
import { compileMatcher } from '../../promql/matcher.ts';
import { createClock } from './clock.ts';
import { createScrapeStore } from './scrape.ts';

/** One selector: `shop_requests_total{hash="new", status!~"5.."}`. */
const asked = [
  [
    { label: '__name__', op: '=', value: 'shop_requests_total' },
    { label: 'hash', op: '=', value: 'new' },
    { label: 'status', op: '!~', value: '5..' },
  ] as const,
].map((matchers) => matchers.map(compileMatcher));

test.each([
  ['the asked label', { hash: 'new' }, true],
  ['another value of it', { hash: 'old' }, false],
  ['none of it, which the app may expose', { pod: 'a' }, true],
  ['a label that is excluded', { hash: 'new', status: '503' }, false],
])('a target with %s', async (_, labels, isScraped) => {
  const clock = createClock(100, 0);
  let scrapes = 0;
  const port = () => {
    scrapes += 1;
    return undefined;
  };
  const store = createScrapeStore(clock, 5, asked, () => undefined);
  store.scrape({ labels: new Map(Object.entries(labels)), port, path: '/metrics' }, 1);
  await clock.passTo(2);
  expect(scrapes).toBe(Number(isScraped));
});
