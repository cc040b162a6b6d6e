import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSocket, statusesOf } from './testing/raw-http.ts';
import { type RunningProcess, startProcess } from './testing/start-process.ts';

const DRIPPING = 100;
/** Of the headers' 10 s and the second in which the server looks for those whose time is up, and some for a busy machine. */
const LATEST_SECONDS = 13;

let service: RunningProcess;
beforeAll(async () => {
  service = await startProcess();
});
afterAll(() => {
  service.child.kill('SIGKILL');
});

/** Sends a letter of a header every half second until the server has had enough. */
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

  const milliseconds: number[] = [];
  const statuses = new Set<number>();
  while (!isOver) {
    const startedAt = performance.now();
    const response = await fetch(`${service.url}/api/items`, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    statuses.add(response.status);
    milliseconds.push(performance.now() - startedAt);
    await sleep(10);
  }
  milliseconds.sort((a, b) => a - b);
  expect([...statuses]).toEqual([200]);
  expect(milliseconds.length).toBeGreaterThan(100);
  expect(milliseconds[Math.floor(milliseconds.length * 0.99)]).toBeLessThan(250);

  for (const { seconds, answer } of await dripping) {
    expect(statusesOf(answer)).toEqual([408]);
    expect(seconds).toBeGreaterThan(9);
    expect(seconds).toBeLessThan(LATEST_SECONDS);
  }
  expect(service.output.stderr).toBe('');
}, 30_000);
