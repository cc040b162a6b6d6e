import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startBalancer } from './testing/balancer.ts';
import { openSocket, request, statusesOf } from './testing/raw-http.ts';
import { type RunningProcess, spawnService, startProcess, statusOf, waitFor } from './testing/start-process.ts';

const started: RunningProcess[] = [];
afterEach(() => {
  for (const { child } of started.splice(0)) {
    child.kill('SIGKILL');
  }
});

async function start(
  env: Readonly<Record<string, string>> = {},
  path?: string,
  status?: number,
): Promise<RunningProcess> {
  const service = await startProcess(env, path, status);
  started.push(service);
  return service;
}

async function spawned(env: Readonly<Record<string, string>>): Promise<RunningProcess> {
  const service = await spawnService(env);
  started.push(service);
  return service;
}

/** In seconds: a test that waited for its end would fail by its timeout. */
const A_LONG_TIME = '3600';

describe('a start that cannot be', () => {
  test('with bad configuration ends with 3 and every problem, one a line', async () => {
    const service = await spawned({ PORT: 'abc', BACKEND_URL: 'mysql://db', DRAIN_SECONDS: '-1' });
    expect(await service.exit).toBe(3);
    expect(service.output.stderr.trim().split('\n')).toEqual([
      "error: PORT must be an integer between 1 and 65535, got 'abc'",
      "error: BACKEND_URL must start with one of memory: redis: rediss: postgres: postgresql: http: https:, got 'mysql://db'",
      "error: DRAIN_SECONDS must be a number greater than or equal to 0 and less than or equal to 3600, got '-1'",
    ]);
  });

  test('on a port in use ends with 3 and names the port', async () => {
    const { port } = await start();
    const second = await spawned({ PORT: String(port) });
    expect(await second.exit).toBe(3);
    expect(second.output.stderr).toBe(`error: could not start: port ${port} is in use\n`);
  });
});

describe('METRICS_PORT', () => {
  test('serves metrics and probes beside the public port, which then has no metrics', async () => {
    const [first, second] = [await start(), await start()];
    const [port, metricsPort] = [first.port, second.port];
    await Promise.all([first.stop('SIGKILL'), second.stop('SIGKILL')]);
    const service = await start({ PORT: String(port), METRICS_PORT: String(metricsPort), DRAIN_SECONDS: '0' });
    const operators = `http://127.0.0.1:${metricsPort}`;
    expect(
      await Promise.all(['/metrics', '/readyz', '/livez', '/version'].map((path) => statusOf(`${operators}${path}`))),
    ).toEqual([200, 200, 200, 404]);
    expect(
      await Promise.all(['/metrics', '/readyz', '/version'].map((path) => statusOf(`${service.url}${path}`))),
    ).toEqual([404, 200, 200]);
    expect(await service.stop()).toBe(0);
  });
});

describe('SIGTERM', () => {
  test('fails readiness first, serves on, finishes what is under way and ends with 0', async () => {
    const service = await start({ DRAIN_SECONDS: '10', FAULT_LATENCY_SECONDS: '12', REQUEST_DEADLINE_SECONDS: '60' });
    const [slow, idle] = [await openSocket(service.port), await openSocket(service.port)];
    slow.write(request('GET', '/version'));
    idle.write(request('GET', '/livez'));
    await once(idle, 'data');
    const exit = service.stop();
    await waitFor(async () => (await statusOf(`${service.url}/readyz`)) === 503, '/readyz to fail');
    expect(await statusOf(`${service.url}/livez`)).toBe(200);
    const late = fetch(`${service.url}/version`);
    const [answer] = await once(slow, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.*\r\n)*Connection: close\r\n/);
    expect([(await late).status, (await late).headers.get('connection')]).toEqual([200, 'close']);
    expect(await exit).toBe(0);
  });

  test('closes after the last of pipelined answers, not after the first', async () => {
    const service = await start({ DRAIN_SECONDS: '1', FAULT_LATENCY_SECONDS: '8', REQUEST_DEADLINE_SECONDS: '60' });
    const socket = await openSocket(service.port);
    let answers = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answers += text;
    });
    socket.write(request('GET', '/version').repeat(3));
    const inFlight = async () =>
      (await (await fetch(`${service.url}/metrics`)).text()).includes('http_requests_in_flight 3');
    await waitFor(inFlight, 'three requests under way');
    const exit = service.stop();
    await once(socket, 'close');
    expect(statusesOf(answers)).toEqual([200, 200, 200]);
    expect(answers.match(/Connection: close/g)).toHaveLength(1);
    expect(await exit).toBe(0);
  });

  test('is not held up by a client that never sends, or never finishes sending', async () => {
    const service = await start({ DRAIN_SECONDS: '0', REQUEST_DEADLINE_SECONDS: A_LONG_TIME });
    await openSocket(service.port);
    (await openSocket(service.port)).write('GET /version HTTP/1.1\r\nHost:');
    expect(await service.stop()).toBe(0);
  });

  test('a second time ends the process at once', async () => {
    const service = await start({ DRAIN_SECONDS: A_LONG_TIME });
    service.child.kill('SIGTERM');
    await waitFor(async () => (await statusOf(`${service.url}/readyz`)) === 503, '/readyz to fail');
    expect(await service.stop()).toBe(143);
  });

  test('during start-up ends the process, politely as soon as it can hear', async () => {
    const outcomes = await Promise.all(
      [0, 40, 80, 120, 160, 200].map(async (milliseconds) => {
        const service = await spawned({ DRAIN_SECONDS: '0.1' });
        setTimeout(() => service.child.kill('SIGTERM'), milliseconds);
        return service.exit;
      }),
    );
    for (const outcome of outcomes) {
      expect([0, 'SIGTERM']).toContain(outcome);
    }
  });
});

describe('SIGINT', () => {
  test('does not make a terminal wait for endpoints nobody watches', async () => {
    const service = await start({ DRAIN_SECONDS: A_LONG_TIME });
    expect(await service.stop('SIGINT')).toBe(0);
  });
});

describe('3 rolling restarts of 3 instances under 50 keep-alive clients', () => {
  test('lose no request', async () => {
    const balancer = await startBalancer();
    // So long that a client which the machine delays still hears of it.
    const env = { DRAIN_SECONDS: '6' };
    const join = async (): Promise<RunningProcess> => {
      const service = await start(env);
      balancer.add(service.port);
      await waitFor(() => balancer.isReady(service.port), 'the balancer to see the instance');
      return service;
    };
    const instances = await Promise.all(Array.from({ length: 3 }, join));

    let isOver = false;
    const answered = { ok: 0, lost: [] as string[] };
    const clients = Array.from({ length: 50 }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (!isOver) {
        const outcome = await ask(`http://127.0.0.1:${balancer.port}/api/items`, agent);
        if (outcome === '200') {
          answered.ok += 1;
        } else {
          answered.lost.push(outcome);
        }
        // So that the machine is busy and not drowned.
        await sleep(100);
      }
      agent.destroy();
    });

    const exits: (number | string)[] = [];
    for (let restart = 0; restart < 3; restart += 1) {
      instances.push(await join());
      const leaving = instances.shift();
      if (!leaving) {
        break;
      }
      exits.push(await leaving.stop());
      balancer.remove(leaving.port);
    }
    isOver = true;
    await Promise.all(clients);
    balancer.close();
    expect(answered.lost).toEqual([]);
    expect(exits).toEqual(Array.from({ length: 3 }, () => 0));
    expect(answered.ok).toBeGreaterThan(300);
  });
});

/** The status of one GET, or the code of what broke it. */
function ask(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    get(url, { agent }, (response) => {
      response.on('end', () => resolve(String(response.statusCode))).on('error', (error) => resolve(error.message));
      response.resume();
    }).on('error', (error) => resolve(error.message));
  });
}
