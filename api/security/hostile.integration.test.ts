import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { sendRaw, statusesOf } from '../testing/raw-http.ts';
import { countedRequests, type Scrape, scrape, sum } from '../testing/scrape.ts';
import { runTool, testWith } from '../testing/servers.ts';
import { type RunningProcess, startProcess } from '../testing/start-process.ts';

const ROUND = 5000;
const WARM_UP_ROUNDS = 3;
const AT_ONCE = 50;

let service: RunningProcess;
beforeAll(async () => {
  service = await startProcess({ FAULTS: 'on' });
});
afterAll(() => {
  service.child.kill('SIGKILL');
});

/** Numbers from 0 to 1 that are the same in every run. */
const generator = xoroshiro128plus(42);
const random = () => (generator.next() >>> 0) / 2 ** 32;
const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
const noise = (length: number, from: number, to: number): string =>
  Array.from({ length }, () => String.fromCharCode(from + Math.floor(random() * (to - from)))).join('');

/** One request nobody in good faith would send. It stores nothing: no body of it is an item. */
function hostileRequest(): string {
  const method = pick([
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'DELETE',
    'PATCH',
    'OPTIONS',
    'TRACE',
    'PROPFIND',
    'BREW',
    noise(5, 65, 90),
  ]);
  const path = pick([
    () => `/${noise(20, 33, 126)}`,
    () => `/api/items/${noise(10, 33, 126)}`,
    () => `/api/items/${encodeURIComponent(noise(8, 0, 2000))}`,
    () => '/api/items/%zz',
    () => '/../../etc/passwd',
    () => `/api/items?${noise(300, 97, 122)}`,
    () => '//api//items',
    () => `/${'a/'.repeat(500)}`,
    () => '/API/ITEMS/',
    () => '*',
    () => 'http://elsewhere/api/items',
  ])();
  const headers = pick([
    () => 'Host: a\r\n',
    () => '',
    () => `Host: a\r\nX-Long: ${'x'.repeat(17_000)}\r\n`,
    () => `Host: a\r\n${noise(8, 97, 122)}: ${noise(200, 32, 126)}\r\n`,
    () => `Host: a\r\ntraceparent: ${noise(60, 48, 58)}\r\n`,
    () => 'Host: a\r\nExpect: a-miracle\r\n',
    () => 'Host: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n',
    () => 'Host: a\r\nX-Watch: 1\r\nAccept: text/html\r\n',
    () => 'Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n',
    () => 'Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n',
  ])();
  const body = pick([
    '',
    '{',
    '{"__proto__":{"isAdmin":true}}',
    '[]',
    noise(50, 0, 255),
    '{"name":1}',
    '"'.repeat(1000),
  ]);
  const type = pick(['application/json', 'text/plain', 'application/json; charset=latin1', noise(10, 33, 126)]);
  const encoding = pick(['', '', 'Content-Encoding: gzip\r\n', 'Content-Encoding: pigeon\r\n']);
  return `${method} ${path} HTTP/1.1\r\n${headers}Content-Type: ${type}\r\n${encoding}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}

/** Sends a round and answers how many responses came back. */
async function sendRound(): Promise<number> {
  let [left, answered] = [ROUND, 0];
  const sender = async (): Promise<void> => {
    while (left-- > 0) {
      const { length } = statusesOf(await sendRaw(service.port, hostileRequest()));
      answered += length;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return answered;
}

const residentBytes = (series: Scrape): number => series.get('process_resident_memory_bytes') ?? Number.NaN;

test(`${ROUND} hostile requests add no series and no memory, and each that is answered is counted once`, async () => {
  const born = await scrape(service.url);
  let answered = 0;
  // V8 takes as much room as a load makes it comfortable with; what comes after that would be a leak.
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    const inRound = await sendRound();
    answered += inRound;
  }
  const warm = await scrape(service.url);
  const lastRound = await sendRound();
  const after = await scrape(service.url);

  expect([...after.keys()].sort()).toEqual([...born.keys()].sort());
  expect(sum(countedRequests(after))).toBe(answered + lastRound);
  expect(lastRound).toBeGreaterThan(ROUND * 0.99);
  expect(residentBytes(after) - residentBytes(warm)).toBeLessThan(24 * 1024 * 1024);
  expect(await (await fetch(`${service.url}/api/items`)).json()).toEqual({ items: [] });
  expect(service.output.stderr).toBe('');
});

testWith('promtool')('promtool check metrics accepts the exposition', async () => {
  const response = await fetch(`${service.url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(runTool('promtool', ['check', 'metrics'], await response.text())).toBe('');
});
