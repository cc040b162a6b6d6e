import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { toBackendError } from './reason.ts';

const sockets: Socket[] = [];
const silent = createServer((socket) => sockets.push(socket));
let pool: pg.Pool;

beforeEach(async () => {
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  pool = new pg.Pool({ host: '127.0.0.1', port, connectionTimeoutMillis: 20 });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) {
    socket.destroy();
  }
  silent.close();
  await pool.end();
});

test('a pool that gives up on a port that accepts and never answers had no answer in time', async () => {
  const error: unknown = await pool.query('select 1').catch((failure: unknown) => failure);
  expect(toBackendError(error, 'a PostgreSQL server').message).toBe('no answer in time');
});
