import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSocket, statusesOf } from '../testing/raw-http.ts';
import { type RunningProcess, startProcess } from '../testing/start-process.ts';

const DRIPPING = 100;

let service: RunningProcess;
beforeAll(async () => {
  service = await startProcess();
});
afterAll(() => {
  service.child.kill('SIGKILL');
});

/** Sends a letter of a header every half second until the server has had enough; otherwise it would drip for ever. */
async function drip(socket: Socket): Promise<{ readonly seconds: number; readonly answer: string }> {
  const startedAt = performance.now();
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  socket.write('GET /version HTTP/1.1\r\nHost: a\r\nX-Slow: ');
  const timer = setInterval(() => socket.writable && socket.write('x'), 500);
  await once(socket, 'close');
  clearInterval(timer);
  return { seconds: (performance.now() - startedAt) / 1000, answer };
}

test(`${DRIPPING} connections that drip their headers are cut, and leave the other clients unharmed`, async () => {
  const sockets = await Promise.all(Array.from({ length: DRIPPING }, () => openSocket(service.port)));
  const dripping = Promise.all(sockets.map(drip));
  let isOver = false;
  void dripping.then(() => {
    isOver = true;
  });

  const statuses = new Set<number>();
  while (!isOver) {
    const response = await fetch(`${service.url}/api/items`);
    await response.arrayBuffer();
    statuses.add(response.status);
    await sleep(50);
  }
  expect([...statuses]).toEqual([200]);

  for (const { seconds, answer } of await dripping) {
    expect(statusesOf(answer)).toEqual([408]);
    expect(seconds).toBeGreaterThan(9);
  }
  expect(service.output.stderr).toBe('');
});
