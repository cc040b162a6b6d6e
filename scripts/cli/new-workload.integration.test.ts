import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import type { Main } from './command.ts';
import { main as newWorkload } from './new-workload.ts';
import { main as verify } from './verify.ts';

const IMAGE = 'ghcr.io/example/orders-api:1.0.0';
const MODEL_FILES = await readdir(resolve('workloads/sample-api'));

async function run(main: Main, cwd: string, ...args: readonly string[]) {
  const io = { out: new PassThrough(), err: new PassThrough(), cwd };
  const code = await main(args, io);
  io.out.end();
  io.err.end();
  return { code, out: await text(io.out), err: await text(io.err) };
}

/** A copy of this repository's workloads, removed afterwards. */
async function inCopy(check: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'new-workload-'));
  try {
    await cp(resolve('workloads/sample-api'), join(cwd, 'workloads/sample-api'), { recursive: true });
    await check(cwd);
  } finally {
    await rm(cwd, { recursive: true });
  }
}

const readAll = async (cwd: string, name: string) =>
  Promise.all(MODEL_FILES.map((file) => readFile(join(cwd, 'workloads', name, file), 'utf8')));

test('starts as a process', () => {
  const help = execFileSync(process.execPath, [resolve('scripts/run.ts'), 'new-workload', '--help'], {
    encoding: 'utf8',
  });
  expect(help).toMatch(/^Usage: npm run new-workload -- NAME/);
});

describe('new-workload', () => {
  test.each([
    ['orders-api', '9000', '9090'],
    ['orders-api', '9090', '9091'],
    ['orders-api', '8080', '9090'],
    ['sample-api-2', '6379', '9090'],
    [`a${'b'.repeat(39)}`, '65535', '9090'],
  ])('%s on port %s, with its metrics on %s, passes verify beside the model', async (name, port, metrics) => {
    await inCopy(async (cwd) => {
      const made = await run(newWorkload, cwd, name, '--image', IMAGE, '--port', port);
      expect(made).toMatchObject({ code: 0, out: MODEL_FILES.map((file) => `workloads/${name}/${file}\n`).join('') });
      expect(made.err).toContain(`Secret ${name}-backend-v1`);
      expect(await run(verify, cwd, 'workloads')).toEqual({ code: 0, out: '', err: '' });
      expect((await readdir(join(cwd, 'workloads'))).sort()).toEqual([name, 'sample-api'].sort());
      const rollout = await readFile(join(cwd, 'workloads', name, 'rollout.yaml'), 'utf8');
      expect(rollout).toContain(`- name: http\n              containerPort: ${port}\n`);
      expect(rollout).toContain(`- name: http-metrics\n              containerPort: ${metrics}\n`);
      expect(rollout).toContain(`- name: PORT\n              value: "${port}"\n`);
      expect(rollout).toContain(`- name: METRICS_PORT\n              value: "${metrics}"\n`);
      const service = await readFile(join(cwd, 'workloads', name, 'service.yaml'), 'utf8');
      expect(service).toContain(`port: ${metrics}\n      targetPort: http-metrics`);
    });
  });

  test('differs from the model in nothing but name, image, ports and time', async () => {
    await inCopy(async (cwd) => {
      await run(newWorkload, cwd, 'orders-api', '--image', IMAGE, '--port', '9000');
      const [made, model] = await Promise.all([readAll(cwd, 'orders-api'), readAll(cwd, 'sample-api')]);
      expect(made.join('')).not.toContain('sample-api');
      const renamed = model.map((file) => file.replaceAll('sample-api', 'orders-api').split('\n'));
      const changed = made.flatMap((file, index) =>
        file.split('\n').filter((line, row) => line !== renamed[index]?.[row]),
      );
      expect(changed.map((line) => line.trim().replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, 'NOW'))).toEqual([
        'redeploy: "NOW"',
        `image: ${IMAGE}`,
        'containerPort: 9000',
        'value: "9000"',
      ]);
    });
  });

  test('leaves a folder that is there as it is', async () => {
    await inCopy(async (cwd) => {
      await run(newWorkload, cwd, 'orders-api', '--image', IMAGE, '--port', '9000');
      await writeFile(join(cwd, 'workloads/orders-api/service.yaml'), 'mine\n');
      const before = await readAll(cwd, 'orders-api');
      const again = await run(newWorkload, cwd, 'orders-api', '--image', IMAGE, '--port', '9001');
      expect(again).toEqual({
        code: 3,
        out: '',
        err: 'error: making workloads/orders-api: it is there already, and stays as it is\n',
      });
      expect(await readAll(cwd, 'orders-api')).toEqual(before);
    });
  });

  test('shows every file and writes none with --dry-run', async () => {
    await inCopy(async (cwd) => {
      const dry = await run(newWorkload, cwd, 'orders-api', '--image', IMAGE, '--port', '9000', '--dry-run');
      expect(dry.code).toBe(0);
      expect(dry.out.match(/^\+\+\+ b\/workloads\/orders-api\//gm)).toHaveLength(MODEL_FILES.length);
      expect(dry.out).toContain(`\n+          image: ${IMAGE}\n`);
      expect(await readdir(join(cwd, 'workloads'))).toEqual(['sample-api']);
    });
  });

  test.each([
    [[], 'needs one NAME'],
    [['a', 'b'], 'needs one NAME'],
    [['sample-api', '--image', IMAGE, '--port', '9000'], "must not be 'sample-api'"],
    [['../x', '--image', IMAGE, '--port', '9000'], 'DNS label'],
    [['orders-api', '--port', '9000'], 'needs --image'],
    [['orders-api', '--image', 'x:latest', '--port', '9000'], 'latest'],
    [['orders-api', '--image', IMAGE], 'needs --port'],
    [['orders-api', '--image', IMAGE, '--port', '80'], "got '80'"],
    [['orders-api', '--image', IMAGE, '--port', '65536'], "got '65536'"],
    [['orders-api', '--image', IMAGE, '--port', '0x2328'], "got '0x2328'"],
  ])('%j is wrong usage', async (args, reason) => {
    await inCopy(async (cwd) => {
      const refused = await run(newWorkload, cwd, ...args);
      expect(refused).toMatchObject({ code: 2, out: '' });
      expect(refused.err.split('\n\nUsage:')[0]).toContain(reason);
      expect(await readdir(join(cwd, 'workloads'))).toEqual(['sample-api']);
    });
  });

  test('says so where there is no model', async () => {
    await inCopy(async (cwd) => {
      await rm(join(cwd, 'workloads/sample-api'), { recursive: true });
      const refused = await run(newWorkload, cwd, 'orders-api', '--image', IMAGE, '--port', '9000');
      expect(refused.code).toBe(3);
      expect(refused.err).toContain('error: reading workloads/sample-api: ENOENT');
    });
  });
});
