import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
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
  store.scrape({ labels: new Map(Object.entries(labels)), metricRelabelings: [], port, path: '/metrics' }, 1);
  await clock.passTo(2);
  expect(scrapes).toBe(Number(isScraped));
});

test('a monitor’s metricRelabelings see each sample with the labels of its target, its own as exported ones', async () => {
  const body = 'requests_total{pod="own",status="200"} 3\nrequests_total{pod="own",status="500"} 1\n';
  const server = createServer((_, reply) => reply.setHeader('content-type', 'text/plain').end(body)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const [clock, kept] = [createClock(100, 0), new Set<string>()];
  const store = createScrapeStore(clock, 5, asked, (labels) => kept.add(JSON.stringify(Object.fromEntries(labels))));
  const metricRelabelings = [
    { sourceLabels: ['__name__'], targetLabel: '__name__', replacement: 'shop_$1' },
    { action: 'drop', sourceLabels: ['status'], regex: '5..' },
    { sourceLabels: ['exported_pod'], targetLabel: 'name' },
    { action: 'labeldrop', regex: 'exported_.*|pod' },
  ];
  const { port } = server.address() as AddressInfo;
  const labels = new Map([
    ['pod', 'app-1'],
    ['hash', 'new'],
  ]);
  const stop = store.scrape({ labels, metricRelabelings, port: () => port, path: '/metrics' }, 1);
  while (kept.size === 0) {
    await clock.passTo(clock.now() + 1);
  }
  stop();
  server.close();
  expect([...kept].map((text) => JSON.parse(text))).toEqual([
    { __name__: 'shop_requests_total', hash: 'new', name: 'own', status: '200' },
  ]);
});

test('a series ends with a stale marker where a scrape lacks it, fails, or its target goes', async () => {
  const bodies = ['shop_requests_total{status="200"} 1', 'shop_requests_total{status="404"} 2', undefined];
  let scrapes = 0;
  const server = createServer((_, response) => {
    const body = bodies[scrapes % bodies.length];
    scrapes += 1;
    response.writeHead(body === undefined ? 500 : 200, { 'content-type': 'text/plain' }).end(body && `${body}\n`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const clock = createClock(20, 0);
  const store = createScrapeStore(clock, 5, asked, () => undefined);
  const target = { labels: new Map([['hash', 'new']]), metricRelabelings: [], port: () => port, path: '/metrics' };
  const stop = store.scrape(target, 1);
  await clock.passTo(17.5);
  stop();
  server.close();
  const found = [...store.select(asked[0] ?? [], 0, 20)];
  const valuesOf = (status: string) =>
    found.find(({ labels }) => labels.get('status') === status)?.samples.map(({ value }) => value);
  expect([valuesOf('200'), valuesOf('404')]).toEqual([
    [1, 'stale', 1, 'stale'],
    [2, 'stale'],
  ]);
});

test('the clock waits for a scrape that is under way', async () => {
  let wall = 0;
  const clock = createClock(500, 0, () => {
    wall += 0.0001;
    return wall;
  });
  let seenAt = 0;
  const server = createServer(async (_, response) => {
    await sleep(50);
    seenAt = clock.now();
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const store = createScrapeStore(clock, 5, asked, () => undefined);
  const target = { labels: new Map([['hash', 'new']]), metricRelabelings: [], port: () => port, path: '/metrics' };
  const stop = store.scrape(target, 1);
  await clock.passTo(4);
  stop();
  server.close();
  expect(seenAt).toBeGreaterThanOrEqual(1);
  expect(seenAt).toBeLessThan(1.2);
});
