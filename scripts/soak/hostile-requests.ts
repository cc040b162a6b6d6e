/** A request that no honest client sends, and how the API must count its refusal. */
export interface HostileRequest {
  readonly what: string;
  readonly bytes: string;
  /** The one response that must come, as `method route code`; undefined if the sender leaves before it. */
  readonly key: string | undefined;
}

const ITEM = '/api/items/hostile';

function asked(line: string, headers: readonly string[] = [], body = ''): string {
  return [`${line} HTTP/1.1`, 'Host: soak', 'Connection: close', ...headers, '', body].join('\r\n');
}

function json(line: string, body: string, ...more: readonly string[]): string {
  return asked(line, ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...more], body);
}

/** None of them stores anything. */
export const HOSTILE_REQUESTS: readonly HostileRequest[] = [
  { what: 'no HTTP', bytes: 'anything\r\n\r\n', key: 'other unmatched 400' },
  {
    what: 'two lengths',
    bytes: asked('POST /api/items', ['Content-Length: 4', 'Content-Length: 40'], 'GET '),
    key: 'other unmatched 400',
  },
  {
    what: 'a length beside chunks',
    bytes: asked(
      'POST /api/items',
      ['Content-Length: 4', 'Transfer-Encoding: chunked'],
      '0\r\n\r\nGET /version HTTP/1.1\r\n\r\n',
    ),
    key: 'other unmatched 400',
  },
  { what: 'headers of 17 KiB', bytes: asked('GET /version', [`X: ${'x'.repeat(17_408)}`]), key: 'other unmatched 431' },
  { what: 'a URL of 17 KiB', bytes: asked(`GET /${'x'.repeat(17_408)}`), key: 'other unmatched 431' },
  { what: 'a proxy request', bytes: asked('CONNECT elsewhere:443'), key: 'other unmatched 405' },
  { what: 'a path out of the tree', bytes: asked('GET /../../etc/passwd'), key: 'GET unmatched 404' },
  { what: 'a path that cannot be decoded', bytes: asked('GET /api/items/%zz'), key: 'GET unmatched 400' },
  { what: 'an id out of the tree', bytes: asked('GET /api/items/..%2f..%2fetc'), key: 'GET /api/items/:id 400' },
  { what: 'the metrics on the public port', bytes: asked('GET /metrics'), key: 'GET unmatched 404' },
  { what: 'faults that are not mounted', bytes: json('PUT /faults', '{"errorRatio":1}'), key: 'PUT unmatched 404' },
  { what: 'a method nobody serves', bytes: asked('BREW /api/items'), key: 'other unmatched 400' },
  { what: 'a method this path has not', bytes: asked('PATCH /api/items'), key: 'other /api/items 405' },
  { what: 'a broken body', bytes: json(`PUT ${ITEM}`, '{"name":'), key: 'PUT /api/items/:id 400' },
  {
    what: 'a prototype',
    bytes: json('POST /api/items', '{"name":"a","__proto__":{"quantity":5}}'),
    key: 'POST /api/items 400',
  },
  {
    what: 'a body of another type',
    bytes: asked(`PUT ${ITEM}`, ['Content-Type: text/plain', 'Content-Length: 1'], 'x'),
    key: 'PUT /api/items/:id 415',
  },
  {
    what: 'a body of 101 KiB',
    bytes: json(`PUT ${ITEM}`, `{"name":"a"${' '.repeat(103_424)}}`),
    key: 'PUT /api/items/:id 413',
  },
  {
    what: 'a body that is left in the middle',
    bytes: asked(`PUT ${ITEM}`, ['Content-Type: application/json', 'Content-Length: 100'], '{"name":'),
    key: undefined,
  },
  { what: 'a header that never ends', bytes: 'GET /version HTTP/1.1\r\nHost: soak\r\nX-Slow: ', key: undefined },
];
