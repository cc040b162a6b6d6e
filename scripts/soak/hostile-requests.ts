/**
 * A request that no honest client sends, and the one response that must come, as the API counts it: `method route code`. With 499 the
 * sender never sends the whole request, and leaves.
 */
export type HostileRequest = readonly [what: string, key: string, bytes: string];

const ITEM = '/api/items/hostile';
const JSON_TYPE = 'Content-Type: application/json';

function asked(line: string, headers: readonly string[] = [], body = ''): string {
  return [`${line} HTTP/1.1`, 'Host: soak', 'Connection: close', ...headers, '', body].join('\r\n');
}

function json(line: string, body: string): string {
  return asked(line, [JSON_TYPE, `Content-Length: ${Buffer.byteLength(body)}`], body);
}

const twoLengths = asked('POST /api/items', ['Content-Length: 4', 'Content-Length: 40'], 'GET ');
const chunks = ['Content-Length: 4', 'Transfer-Encoding: chunked'];
const lengthAndChunks = asked('POST /api/items', chunks, '0\r\n\r\nGET /version HTTP/1.1\r\n\r\n');
const prototype = json('POST /api/items', '{"name":"a","__proto__":{"quantity":5}}');
const plainText = asked(`PUT ${ITEM}`, ['Content-Type: text/plain', 'Content-Length: 1'], 'x');
const tooLong = json(`PUT ${ITEM}`, `{"name":"a"${' '.repeat(103_424)}}`);

/** None of them stores anything. */
export const HOSTILE_REQUESTS: readonly HostileRequest[] = [
  ['no HTTP', 'other unmatched 400', 'anything\r\n\r\n'],
  ['two lengths', 'other unmatched 400', twoLengths],
  ['a length beside chunks', 'other unmatched 400', lengthAndChunks],
  ['headers of 17 KiB', 'other unmatched 431', asked('GET /version', [`X: ${'x'.repeat(17_408)}`])],
  ['a URL of 17 KiB', 'other unmatched 431', asked(`GET /${'x'.repeat(17_408)}`)],
  ['a proxy request', 'other unmatched 405', asked('CONNECT elsewhere:443')],
  ['a path out of the tree', 'GET unmatched 404', asked('GET /../../etc/passwd')],
  ['a path that cannot be decoded', 'GET unmatched 400', asked('GET /api/items/%zz')],
  ['an id out of the tree', 'GET /api/items/:id 400', asked('GET /api/items/..%2f..%2fetc')],
  ['the metrics on the public port', 'GET unmatched 404', asked('GET /metrics')],
  ['faults that are not mounted', 'PUT unmatched 404', json('PUT /faults', '{"errorRatio":1}')],
  ['a method nobody serves', 'other unmatched 400', asked('BREW /api/items')],
  ['a method this path has not', 'other /api/items 405', asked('PATCH /api/items')],
  ['a broken body', 'PUT /api/items/:id 400', json(`PUT ${ITEM}`, '{"name":')],
  ['a prototype', 'POST /api/items 400', prototype],
  ['a body of another type', 'PUT /api/items/:id 415', plainText],
  ['a body of 101 KiB', 'PUT /api/items/:id 413', tooLong],
  [
    'a body that never ends',
    'PUT /api/items/:id 499',
    asked(`PUT ${ITEM}`, [JSON_TYPE, 'Content-Length: 100'], '{"name":'),
  ],
  ['a header that never ends', 'other unmatched 499', 'GET /version HTTP/1.1\r\nHost: soak\r\nX-Slow: '],
];
