import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type RunningApp, startApp } from '../api/testing/start-app.ts';

interface Response {
  readonly $ref?: string;
  readonly headers?: object;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response>>;
}
const description = JSON.parse(readFileSync(new URL('../api/openapi.json', import.meta.url), 'utf8'));
const paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = description.paths;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => method !== 'parameters')
    .map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

const ajv = new Ajv2020({ strict: false, formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) } });
ajv.addSchema(description, 'openapi.json');
/** A response, or the one of `components` that it refers to. */
const responseOf = (response: Response | undefined): Response =>
  response?.$ref === undefined
    ? (response ?? {})
    : description.components.responses[response.$ref.split('/').at(-1) ?? ''];
/** Schemas refer to `#/components/…` of the whole description. */
const schemaOf = (schema: object) => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/'));

type Where = 'usual' | 'noFaults' | 'noBackend';
/** A request for each status of each operation, in this order, and which app it is for. */
const REQUESTS: readonly (readonly [string, number, Where, { id?: string; body?: unknown; type?: string }?])[] = [
  ['getRoot', 200, 'usual'],
  ['getVersion', 200, 'usual'],
  ['createItem', 201, 'usual', { body: { name: 'pen' } }],
  ['createItem', 400, 'usual', { body: { nam: 'pen' } }],
  ['createItem', 413, 'usual', { body: { name: 'x'.repeat(200_000) } }],
  ['createItem', 415, 'usual', { body: { name: 'pen' }, type: 'text/plain' }],
  ['createItem', 503, 'noBackend', { body: { name: 'pen' } }],
  ['putItem', 201, 'usual', { id: 'a', body: { name: 'pen', quantity: 2 } }],
  ['putItem', 200, 'usual', { id: 'a', body: { name: 'ink' } }],
  ['putItem', 400, 'usual', { id: 'a', body: { name: '' } }],
  ['putItem', 413, 'usual', { id: 'a', body: { name: 'x'.repeat(200_000) } }],
  ['putItem', 415, 'usual', { id: 'a', body: { name: 'pen' }, type: 'text/plain' }],
  ['putItem', 503, 'noBackend', { id: 'a', body: { name: 'pen' } }],
  ['listItems', 200, 'usual'],
  ['listItems', 503, 'noBackend'],
  ['getItem', 200, 'usual', { id: 'a' }],
  ['getItem', 400, 'usual', { id: 'a.b' }],
  ['getItem', 404, 'usual', { id: 'none' }],
  ['getItem', 503, 'noBackend', { id: 'a' }],
  ['deleteItem', 204, 'usual', { id: 'a' }],
  ['deleteItem', 400, 'usual', { id: 'a.b' }],
  ['deleteItem', 404, 'usual', { id: 'a' }],
  ['deleteItem', 503, 'noBackend', { id: 'a' }],
  ['getDescription', 200, 'usual'],
  ['getLiveness', 200, 'usual'],
  ['getReadiness', 200, 'usual'],
  ['getReadiness', 503, 'noBackend'],
  ['getMetrics', 200, 'usual'],
  ['getFaults', 200, 'usual'],
  ['getFaults', 404, 'noFaults'],
  ['putFaults', 200, 'usual', { body: { latencySeconds: 0 } }],
  ['putFaults', 400, 'usual', { body: { errorRatio: 2 } }],
  ['putFaults', 413, 'usual', { body: { errorRatio: 'x'.repeat(200_000) } }],
  ['putFaults', 415, 'usual', { body: {}, type: 'text/plain' }],
  ['deleteFaults', 204, 'usual'],
];

const apps = new Map<Where, RunningApp>();
beforeAll(async () => {
  apps.set('usual', await startApp({ FAULTS: 'on', LOG_LEVEL: 'silent' }));
  apps.set('noFaults', await startApp({ LOG_LEVEL: 'silent' }));
  apps.set('noBackend', await startApp({ BACKEND_URL: 'http://127.0.0.1:1', LOG_LEVEL: 'silent' }));
});
afterAll(async () => {
  await Promise.all([...apps.values()].map((app) => app.close()));
});

test('every documented request is answered as api/openapi.json says', async () => {
  for (const [operationId, status, where, { id = '', body, type = 'application/json' } = {}] of REQUESTS) {
    const operation = operations.find((one) => one.operationId === operationId);
    const answer = await fetch(`${apps.get(where)?.url}${operation?.path.replace('{id}', id)}`, {
      method: operation?.method ?? '',
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': type } }),
    });
    const text = await answer.text();
    expect({ operationId, status: answer.status }).toEqual({ operationId, status });
    const { headers = {}, content } = responseOf(operation?.responses[status]);
    for (const name of Object.keys(headers)) {
      expect({ operationId, status, [name]: answer.headers.has(name) }).toEqual({ operationId, status, [name]: true });
    }
    const media = answer.headers.get('content-type')?.split(';')[0] ?? '';
    if (content === undefined) {
      expect({ operationId, text }).toEqual({ operationId, text: '' });
    } else {
      const validate = ajv.compile(schemaOf(content[media]?.schema ?? { not: {} }));
      validate(media === 'application/json' ? JSON.parse(text) : text);
      expect({ operationId, status, errors: validate.errors }).toEqual({ operationId, status, errors: null });
    }
  }
});

test('every status of every operation is asked for', () => {
  const documented = operations.flatMap(({ operationId, responses }) =>
    Object.keys(responses).map((status) => `${operationId} ${status}`),
  );
  expect(REQUESTS.map(([operationId, status]) => `${operationId} ${status}`).toSorted()).toEqual(documented.toSorted());
});

test('the description is served as it stands, and asking for it counts nobody', async () => {
  const app = apps.get('usual');
  const counted = async () => (await (await fetch(`${app?.url}/metrics`)).text()).match(/^http_requests_total.*/gm);
  const before = await counted();
  expect(await (await fetch(`${app?.url}/openapi.json`)).json()).toEqual(description);
  expect(await counted()).toEqual(before);
});

test('every path that the service says it has is described', async () => {
  const { links } = JSON.parse(await (await fetch(`${apps.get('usual')?.url}/`)).text());
  expect(Object.values<string>(links).filter((path) => paths[path] === undefined)).toEqual([]);
});
