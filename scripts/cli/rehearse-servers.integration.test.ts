import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from '@jest/globals';
import { runTool, startRedis, testWith } from '../../api/testing/servers.ts';
import type { Result } from '../rehearsal/result.ts';
import { main } from './rehearse.ts';
import { ONE_PAUSE, shortened } from './testing/shortened-scenario.ts';

const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
afterAll(() => rmSync(folder, { recursive: true }));
/** Seconds until a read that failed is tried again. */
const ERROR_RETRY = 10;

async function rehearse(...args: readonly string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const ended = Promise.all([text(out), text(err)]);
  const options = ['--report', join(folder, 'report.html'), '--format', 'json'];
  const exit = await main([...options, ...args], { out, err, cwd: root });
  out.end();
  err.end();
  const [stdout, stderr] = await ended;
  return { exit, results: (stdout === '' ? [] : JSON.parse(stdout)) as Result[], err: stderr };
}

/** Of this process: others may be at the same on this machine. */
const temporaries = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`rehearse-prometheus-${process.pid}-`));

testWith('prometheus')(
  'a real Prometheus comes to the same verdicts as the simulated one, and leaves nothing',
  async () => {
    const args = ['errors', shortened(folder, 'idle', ONE_PAUSE), 'prometheus-down'];
    const simulated = await rehearse('--world', 'model', ...args);
    const real = await rehearse('--prometheus', 'prometheus', ...args);
    expect(real.exit).toBe(0);
    const verdicts = ({ results }: typeof real) =>
      results.map(({ outcome: { verdict, weight, step } }) => [verdict, weight, step]);
    expect(verdicts(real)).toEqual(verdicts(simulated));
    // When a release is aborted the reads decide; a promotion takes as long as the machine takes to start its pods.
    const abortedAfter = ({ results }: typeof real) =>
      results.flatMap(({ outcome: { verdict, seconds } }) => (verdict === 'aborted' ? [seconds] : []));
    const apart = abortedAfter(real).map((seconds, index) => Math.abs(seconds - (abortedAfter(simulated)[index] ?? 0)));
    expect(apart).toHaveLength(2);
    // A read at the edge of the outage may fall on either side of it: then the decision comes one retry later.
    expect(Math.max(...apart)).toBeLessThan(ERROR_RETRY + 3);
    expect(temporaries()).toEqual([]);
  },
);

test('a binary that is no Prometheus is told with what it said', async () => {
  const { exit, err } = await rehearse('--prometheus', '/bin/ls', 'good');
  expect(exit).toBe(3);
  expect(err).toContain("error: --prometheus /bin/ls did not get ready: Try '/bin/ls --help'");
});

testWith('redis-server', 'redis-cli')(
  'a real Redis serves the old version and every unchanged release, and can be gone for a while',
  async () => {
    const redis = await startRedis();
    try {
      const url = `redis://:${encodeURIComponent(redis.password)}@127.0.0.1:${redis.port}`;
      const unnamed = await rehearse('--backend', url, 'errors');
      expect(unnamed.exit).toBe(3);
      expect(unnamed.err).toMatch(
        /of the old version 0 of 4 pods got ready in 60 s; its probe was answered 503: .*it reports no id/,
      );
      const login = ['-p', String(redis.port), '--no-auth-warning', '-a', redis.password];
      expect(runTool('redis-cli', [...login, 'SET', 'backend-id', 'sample-api-redis'], '')).toBe('OK\n');
      const { exit, results, err } = await rehearse('--backend', url, 'backend-outage');
      expect(err).not.toContain('error: ');
      expect(results.map(({ broken }) => broken)).toEqual([[]]);
      expect(exit).toBe(0);
      const to = results[0]?.mappings.find(({ name }) => name === 'BACKEND_URL')?.to;
      // Not its own port: during an outage something must stand before it.
      expect(to).toMatch(/^redis:\/\/:\*\*\*@127\.0\.0\.1:\d+$/);
    } finally {
      await redis.remove();
    }
  },
);

test.each(['127.0.0.1:6379', 'ftp://a', 'redis://'])(
  '--backend %s is refused before anything starts',
  async (address) => {
    const { exit, err } = await rehearse('--backend', address, 'good');
    expect(exit).toBe(2);
    expect(err).toContain('--backend must be redis://HOST:PORT');
  },
);
