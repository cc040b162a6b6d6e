import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readUserSeconds } from './user-log.ts';

const PROGRAM = new URL('users-program.ts', import.meta.url).pathname;

let server: Server;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

describe('the users’ program', () => {
  test('asks so many times a second, each on a connection of its own, and counts by code', async () => {
    let [connections, requests] = [0, 0];
    server = createServer((_, response) => {
      requests += 1;
      if (requests % 10 === 0) {
        response.destroy();
        return;
      }
      response.writeHead(requests % 2 === 0 ? 200 : 503).end();
    });
    server.on('connection', () => {
      connections += 1;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const program = spawn(process.execPath, [PROGRAM, `http://127.0.0.1:${port}/`, '40'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    for await (const line of createInterface(program.stdout)) {
      lines.push(line);
      if (lines.length === 3) {
        program.kill();
        break;
      }
    }
    const counts = lines.map((line) => JSON.parse(line) as { second: number; codes: Record<string, number> });
    expect(counts.map(({ second }) => second)).toEqual([1, 2, 3]);
    const codes = new Set(counts.flatMap((one) => Object.keys(one.codes)));
    expect(codes).toEqual(new Set(['200', '503', 'broken']));
    const total = counts.flatMap((one) => Object.values(one.codes)).reduce((sum, count) => sum + count, 0);
    // Behind a stalled machine fewer, never more.
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(120);
    expect(connections).toBeGreaterThanOrEqual(total);
  });
});

describe('readUserSeconds', () => {
  test('counts a 5xx and no answer as lost, anything else as served, and passes over other lines', () => {
    const log = [
      '(node:1) Warning: something',
      '{"second":1,"codes":{"200":90,"404":5,"500":1,"503":3,"broken":2,"refused":1}}',
      '{"second":2,"codes":{}}',
      '{"second":3,"codes":{"20',
    ].join('\n');
    expect(readUserSeconds(log)).toEqual([
      { second: 1, succeeded: 95, losses: { failed: 4, broken: 2, refused: 1 } },
      { second: 2, succeeded: 0, losses: {} },
    ]);
  });
});
