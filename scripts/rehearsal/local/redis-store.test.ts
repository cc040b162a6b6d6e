import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createClient } from 'redis';
import { forwardTo, type Gate, openGate } from './gate.ts';
import { createRedisStore } from './redis-store.ts';

const gates: Gate[] = [];
afterEach(() => {
  for (const gate of gates.splice(0)) {
    gate.shut();
  }
});
async function open(serve: Parameters<typeof openGate>[0]): Promise<Gate> {
  const gate = await openGate(serve);
  gates.push(gate);
  return gate;
}

test.each([2, 3] as const)('the client of the API uses it as a Redis, with RESP%d', async (RESP) => {
  const { port } = await open(createRedisStore('mine'));
  const client = createClient({ socket: { port, reconnectStrategy: false }, RESP });
  await client.connect();
  expect(await client.get('backend-id')).toBe('mine');
  expect(await client.get('other')).toBeNull();
  expect(await client.hSet('items', 'a', 'ä\r\n')).toBe(1);
  expect(await client.hSet('items', 'a', 'b')).toBe(0);
  expect(await client.hSet('items', 'long', 'x'.repeat(100_000))).toBe(1);
  expect((await client.hVals('items')).map(({ length }) => length)).toEqual([1, 100_000]);
  expect(await client.hGet('items', 'none')).toBeNull();
  expect(await client.hDel('items', ['a', 'none'])).toBe(1);
  await expect(client.sendCommand(['FLUSHALL'])).rejects.toThrow("unknown command 'FLUSHALL'");
  client.destroy();
});

test('a store that nobody has set up says nothing of what it is', async () => {
  const { port } = await open(createRedisStore(null));
  const client = createClient({ socket: { port, reconnectStrategy: false } });
  await client.connect();
  expect(await client.get('backend-id')).toBeNull();
  client.destroy();
});

test('requests may come in pieces and several at once', async () => {
  const { port } = await open(createRedisStore('mine'));
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let text = '';
  const done = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.endsWith('+OK\r\n')) {
        resolve();
      }
    });
  });
  const requests = '*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$10\r\nbackend-id\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n1\r\n';
  for (const piece of requests.match(/[\s\S]{1,7}/g) ?? []) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  expect(text).toBe('+PONG\r\n$4\r\nmine\r\n+OK\r\n');
  socket.destroy();
});

test('behind a gate it is gone while that is shut, and the same again afterwards', async () => {
  const store = await open(createRedisStore('mine'));
  const gate = await open(forwardTo(new URL(`redis://127.0.0.1:${store.port}`)));
  const read = async () => {
    const client = createClient({ socket: { port: gate.port, reconnectStrategy: false } });
    client.on('error', () => undefined);
    await client.connect();
    const id = await client.get('backend-id');
    client.destroy();
    return id;
  };
  expect(await read()).toBe('mine');
  gate.shut();
  await expect(read()).rejects.toThrow('ECONNREFUSED');
  await gate.open();
  expect(await read()).toBe('mine');
});
