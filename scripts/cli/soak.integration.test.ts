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

function soak(...args: readonly string[]) {
  const command = ['scripts/run.ts', 'soak', '--minutes', '0.5', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  return { status, stdout, rows: stdout.split('\n').filter((line) => /[✔✖]/.test(line)), last: stderr.slice(-300) };
}

testWith('redis-server')('in half a minute every check holds', async () => {
  const { status, stdout, rows, last } = soak();
  expect({ status, last, broken: rows.filter((row) => !row.endsWith('✔')) }).toEqual({ status: 0, last, broken: [] });
  expect(rows).toHaveLength(Object.keys(CHECKS).length);
  expect(stdout).toMatch(/^requests lost in restarts +0 of \d+ in 2 restarts; \d+ with the killed one/m);
  expect(stdout).toMatch(/^answers as expected +\d+; \d+ were 503 in 2 outages/m);
});

testWith('redis-server')('a release that fails one request in fifty is told, with the second', async () => {
  const { status, stdout, last } = soak('--env', 'FAULT_ERROR_RATIO=0.02');
  expect({ status, last }).toEqual({ status: 1, last });
  expect(stdout).toMatch(/^answers as expected +\d+; .* ✖ at \d+ s$/m);
  expect(stdout).toMatch(/^answers as expected, at \d+\.\d s.*: \S+ \S+ answered 500, must be 20[014]/m);
  // What is injected is counted, and nothing else went wrong with the counts.
  expect(stdout).toMatch(/^sent = answered = counted .* ✔$/m);
  expect(stdout).toMatch(/^requests lost in restarts +0 of .* ✔$/m);
});
