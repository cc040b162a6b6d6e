import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { request, sendRaw, statusesOf } from '../testing/raw-http.ts';
import { countedRequests, scrape, sum } from '../testing/scrape.ts';
import { type RunningApp, startApp } from '../testing/start-app.ts';

let app: RunningApp;
beforeEach(async () => {
  app = await startApp({ LOG_LEVEL: 'silent' });
});
afterEach(() => app.close());

/** What somebody in front of the API, who reads the first request otherwise, would take for its body. */
const SMUGGLED = 'DELETE /api/items/victim HTTP/1.1\r\nHost: smuggled\r\n\r\n';
const POST = 'POST /api/items HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const END = '0\r\n\r\n';

/** A POST with these headers and, right behind its own body, a request of its own. */
const withLength = (headers: string, body = '{}') => `${POST}${headers}\r\n${body}${SMUGGLED}`;
const withChunks = (chunks: string) => `${POST}Transfer-Encoding: chunked\r\n\r\n${chunks}${SMUGGLED}`;

const AMBIGUOUS: readonly (readonly [string, string])[] = [
  [
    'a length that counts before chunks (CL.TE)',
    withLength('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', END),
  ],
  [
    'chunks that count before a length (TE.CL)',
    withLength('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `35\r\n${SMUGGLED}\r\n${END}`),
  ],
  ['two lengths', withLength(`Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n`, '')],
  ['the same length twice', withLength('Content-Length: 2\r\nContent-Length: 2\r\n')],
  ['a list of lengths', withLength('Content-Length: 2, 2\r\n')],
  ['a length with a plus', withLength('Content-Length: +2\r\n')],
  ['a length with a minus', withLength('Content-Length: -2\r\n')],
  ['a hexadecimal length', withLength('Content-Length: 0x2\r\n')],
  ['a length in two words', withLength('Content-Length: 2 0\r\n')],
  ['an empty length', withLength('Content-Length: \r\n', '')],
  ['a length past 64 bits', withLength('Content-Length: 18446744073709551618\r\n')],
  ['an encoding that is not chunked', withLength('Transfer-Encoding: identity\r\n', END)],
  ['an encoding that looks like chunked', withLength('Transfer-Encoding: xchunked\r\n', END)],
  ['chunked, but not last', withLength('Transfer-Encoding: chunked, identity\r\n', END)],
  ['chunked twice', withLength('Transfer-Encoding: chunked, chunked\r\n', END)],
  ['two encodings', withLength('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', END)],
  ['a space before the colon', withLength('Transfer-Encoding : chunked\r\n', END)],
  ['a vertical tab before the encoding', withLength('Transfer-Encoding:\x0bchunked\r\n', END)],
  ['a header over two lines (obs-fold)', withLength('X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n')],
  ['an encoding on the next line (obs-fold)', withLength('Transfer-Encoding:\r\n chunked\r\n', END)],
  ['a space before the first header', `POST /api/items HTTP/1.1\r\n Host: a\r\nContent-Length: 2\r\n\r\n{}${SMUGGLED}`],
  ['lines that end with LF', `${POST}Content-Length: 2\r\n\r\n`.replaceAll('\r', '') + SMUGGLED],
  ['one line that ends with LF', withLength('X-A: b\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n')],
  ['headers that end with LF', `${POST}Content-Length: 2\r\n\n{}${SMUGGLED}`],
  ['a CR in a header', withLength('X-A: b\rTransfer-Encoding: chunked\r\nContent-Length: 2\r\n')],
  ['a NUL in a header', withLength('X-A: b\0c\r\nContent-Length: 2\r\n')],
  ['a header name with a space', withLength('X A: b\r\nContent-Length: 2\r\n')],
  ['a header without a name', withLength(': b\r\nContent-Length: 2\r\n')],
  ['a header without a colon', withLength('X-A\r\nContent-Length: 2\r\n')],
  ['a chunk size that ends with LF', withChunks(`2\n{}\r\n${END}`)],
  ['a chunk that ends with LF', withChunks(`2\r\n{}\n${END}`)],
  ['a chunk size with 0x', withChunks(`0x2\r\n{}\r\n${END}`)],
  ['a chunk size with a minus', withChunks(`-2\r\n{}\r\n${END}`)],
  ['a chunk size with a space', withChunks(`2 \r\n{}\r\n${END}`)],
  ['a chunk size past 64 bits', withChunks(`10000000000000002\r\n{}\r\n${END}`)],
  ['a chunk longer than its size', withChunks(`1\r\n{}\r\n${END}`)],
  ['a chunk that does not end', withChunks(`2\r\n{}${END}`)],
  ['a chunk extension of 20 KB', withChunks(`2;x=${'y'.repeat(20_000)}\r\n{}\r\n${END}`)],
  ['a chunk extension that ends with LF', withChunks(`2;x\n{}\r\n${END}`)],
  ['a length in the trailers', withChunks(`2\r\n{}\r\n0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n`)],
  ['a version that does not exist', `GET /version HTTP/1.2\r\nHost: a\r\n\r\n${SMUGGLED}`],
  ['tabs in the request line', `GET\t/version\tHTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`],
  ['a CR in the path', `GET /ver\rsion HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`],
];

describe('a request that two readers would end at different places', () => {
  test.each(AMBIGUOUS)('with %s is refused once, and its connection closed', async (_what, bytes) => {
    await app.backend.put({ id: 'victim', name: 'here to stay', quantity: 1 });
    const answer = await sendRaw(app.port, bytes);
    expect(statusesOf(answer)).toEqual([400]);
    expect(answer).toMatch(/^connection: close\r$/im);
    await app.inFlight.idle();
    expect(sum(countedRequests(await scrape(app.url)))).toBe(1);

    // The next client is answered what it asked, and nothing was done that nobody asked for.
    const next = await sendRaw(app.port, request('GET', '/api/items/victim', { isLast: true }));
    expect(statusesOf(next)).toEqual([200]);
    expect(next).toContain('"name":"here to stay"');
  });

  test('in HTTP/1.0, where chunks do not exist, ends with its connection', async () => {
    const bytes = withLength('Transfer-Encoding: chunked\r\n', `2\r\n{}\r\n${END}`).replace('HTTP/1.1', 'HTTP/1.0');
    expect(statusesOf(await sendRaw(app.port, bytes))).toEqual([400]);
  });
});

describe('a request that names its host', () => {
  // RFC 9112 §3.2: a request with more than one must be refused.
  test.each([
    ['twice', 'Host: a\r\nHost: b\r\n', 400],
    ['twice the same', 'Host: a\r\nhost: a\r\n', 400],
    ['not at all', '', 400],
    ['once', 'Host: a\r\n', 200],
  ])('%s is answered as the protocol says', async (_what, headers, status) => {
    const answer = await sendRaw(app.port, `GET /version HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
    expect(statusesOf(answer)).toEqual([status]);
    await app.inFlight.idle();
    expect(countedRequests(await scrape(app.url))).toEqual({ [`GET /version ${status}`]: 1 });
  });
});

describe('a request larger than anybody needs', () => {
  const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n${END}`;

  test.each<readonly [string, string, number]>([
    ['a header of 17 KiB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_408)}\r\n\r\n`, 431],
    ['a thousand headers', `GET / HTTP/1.1\r\nHost: a\r\n${'X-Header: 12345\r\n'.repeat(1000)}\r\n`, 431],
    ['a header name of 17 KiB', `GET / HTTP/1.1\r\nHost: a\r\n${'X'.repeat(17_408)}: x\r\n\r\n`, 431],
    ['a URL of 17 KiB', `GET /${'x'.repeat(17_408)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ['a query of 17 KiB', `GET /api/items?${'x'.repeat(17_408)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ['trailers of 20 KB', withChunks(`2\r\n{}\r\n0\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`), 431],
    ['a method of 17 KiB', `${'X'.repeat(17_408)} / HTTP/1.1\r\nHost: a\r\n\r\n`, 400],
  ])('%s is refused, and its connection closed', async (_what, bytes, status) => {
    const answer = await sendRaw(app.port, bytes);
    expect(statusesOf(answer)).toEqual([status]);
    expect(answer).toMatch(/^connection: close\r$/im);
  });

  test('a body in chunks that come to more than 100 KiB is refused', async () => {
    const body = chunked(`{"name":"a"${' '.repeat(103_000)}}`);
    const bytes = `${POST}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
    expect(statusesOf(await sendRaw(app.port, bytes))).toEqual([413]);
  });

  test('a body announced as 1 TB keeps its connection no longer than the deadline', async () => {
    await app.close();
    app = await startApp({ LOG_LEVEL: 'silent', REQUEST_DEADLINE_SECONDS: '0.2' });
    const answer = await sendRaw(app.port, `${POST}Content-Length: 1000000000000\r\n\r\n{`);
    expect(statusesOf(answer)).toEqual([408]);
    expect(answer).toMatch(/^connection: close\r$/im);
  });
});
