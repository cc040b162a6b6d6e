import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createPodProcesses } from './pod-processes.ts';
import type { Command, Processes, RunningProcess } from './processes.ts';
import type { Version } from './versions.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => once(server.close(), 'close')));
});

/** Each process is a port of this one. */
const processes: Processes = {
  start({ env }: Command) {
    servers.push(createServer().listen(Number(env.PORT), '127.0.0.1'));
    const child = new EventEmitter() as RunningProcess['child'];
    return { child, output: () => '', hasExited: () => false, exited: new Promise(() => undefined) };
  },
  isOver: () => false,
  killAll: async () => undefined,
};

function versionWith(overrides: Readonly<Record<string, string>>): Version {
  const container = { ports: [{ containerPort: 8080 }], env: [{ name: 'PORT', value: '8080' }] };
  return {
    container,
    argv: ['app'],
    cwd: '/',
    overrides,
    addressOf: () => undefined,
    fields: {},
    portVariable: undefined,
    userPort: 8080,
    readiness: undefined,
    liveness: undefined,
    graceSeconds: 1,
    preStopSeconds: 0,
    crashesAfterRequests: undefined,
  };
}

test('a process that was left serves the same environment, once', async () => {
  const pods = createPodProcesses(processes);
  const one = await pods.start(versionWith({}));
  if (one === undefined) {
    throw new Error('it did not start');
  }
  pods.leave(one);
  expect(pods.takeLeft(versionWith({ FAULT_ERROR_RATIO: '1' }))).toBeUndefined();
  expect(pods.takeLeft(versionWith({}))).toBe(one);
  expect(pods.takeLeft(versionWith({}))).toBeUndefined();
});

test('one that ended meanwhile serves nobody', async () => {
  const pods = createPodProcesses(processes);
  const one = await pods.start(versionWith({}));
  if (one === undefined) {
    throw new Error('it did not start');
  }
  pods.leave({ ...one, hasExited: () => true });
  expect(pods.takeLeft(versionWith({}))).toBeUndefined();
});
