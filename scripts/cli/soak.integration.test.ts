import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { testWith } from '../../api/testing/servers.ts';
import { waitFor } from '../../api/testing/start-process.ts';
import { CHECKS } from '../soak/checks.ts';

const root = new URL('../..', import.meta.url).pathname;

function childrenOf(parent: number | undefined): readonly number[] {
  const lines = execFileSync('ps', ['-e', '-o', 'ppid=,pid='], { encoding: 'utf8' }).trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([ppid, pid]) => (ppid === parent && pid !== undefined ? [pid] : []));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('without Redis it says which package brings it', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/run.ts', 'soak'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: '/nowhere' },
  });
  expect(stderr).toBe(
    "error: starting redis-server: it is not installed; the Debian package is 'redis-server' (apt-get install redis-server)\n",
  );
  expect(status).toBe(3);
});

for (const { signal, when, processes, exit } of [
  // The guard alone; then four instances and Redis.
  { signal: 'SIGTERM', when: 'as it starts', processes: 1, exit: 3 },
  { signal: 'SIGTERM', when: 'under load', processes: 6, exit: 3 },
  { signal: 'SIGINT', when: 'under load', processes: 6, exit: 3 },
  { signal: 'SIGKILL', when: 'under load', processes: 6, exit: null },
] as const) {
  testWith('redis-server')(`${signal} ${when} leaves no process behind`, async () => {
    const child = spawn(process.execPath, ['scripts/run.ts', 'soak'], { cwd: root, stdio: 'ignore' });
    let children: readonly number[] = [];
    await waitFor(() => {
      children = childrenOf(child.pid);
      return children.length >= processes;
    }, 'what is started to run');
    child.kill(signal);
    const [code] = await once(child, 'exit');
    expect(code).toBe(exit);
    await waitFor(() => !children.some(isAlive), 'every process to end');
  });
}

testWith('redis-server')(
  'in half a minute with a release that fails one request in fifty everything holds but the answers, told with the second',
  async () => {
    const args = ['scripts/run.ts', 'soak', '--minutes', '0.5', '--env', 'FAULT_ERROR_RATIO=0.02'];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    const rows = stdout.split('\n').filter((line) => /[✔✖]/.test(line));
    expect(rows).toHaveLength(Object.keys(CHECKS).length);
    expect(rows.filter((row) => !row.endsWith('✔'))).toEqual([
      expect.stringMatching(/^answers as expected +\d+ .* in 2 outages +✖ at \d+ s$/),
    ]);
    expect(stdout).toMatch(/^requests lost in restarts +0 of \d+ in 2 restarts; \d+ with the killed one/m);
    expect(stdout).toMatch(/^answers as expected, at \d+\.\d s.*: \S+ \S+ answered 500, must be 20[014]/m);
    expect(status).toBe(1);
  },
);
