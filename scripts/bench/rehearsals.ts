import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import type { Result } from '../rehearsal/result.ts';
import type { Effort, Figure, Section } from './figure.ts';
import { type Taken, timeCommand } from './time-command.ts';

const REHEARSE = [process.execPath, 'scripts/rehearse.ts', '--report', '/dev/null', '--format', 'json'];

/** A rehearsal, run at most `most` times. It may take `atMost` seconds of wall-clock time and `cpuAtMost` of CPU time. */
interface Condition {
  readonly what: string;
  readonly args: readonly string[];
  readonly atMost: number;
  readonly cpuAtMost?: number;
  readonly most: number;
  readonly busyLoops?: number;
  /** How many CPUs its processes may use together, such as 0.6. */
  readonly quota?: number;
}

const CONDITIONS: readonly Condition[] = [
  { what: '`npm run rehearse`, alone', args: [], atMost: 45, cpuAtMost: 60, most: 3 },
  { what: '`npm run rehearse`, beside two busy loops', args: [], atMost: 70, most: 3, busyLoops: 2 },
  { what: '`npm run rehearse`, with a quota of 1 CPU', args: [], atMost: 80, most: 20, quota: 1 },
  { what: '`npm run rehearse`, with a quota of 0.6 CPU', args: [], atMost: 130, most: 3, quota: 0.6 },
  { what: '`npm run rehearse -- --all`, alone', args: ['--all'], atMost: 240, most: 1 },
];

/**
 * Rehearsals as a person starts them, each of which must end as expected: throws when one does not. A quota needs a cgroup that may be
 * written to; without one its rows are left out.
 */
export async function measureRehearsals({ rounds, progress, signal }: Effort): Promise<Section> {
  const figures: Figure[] = [];
  for (const { what, args, atMost, cpuAtMost, most, busyLoops = 0, quota } of CONDITIONS) {
    const group = quota === undefined ? undefined : await createGroup(quota);
    if (quota !== undefined && group === undefined) {
      progress(`${what}: left out, no cgroup may be made here`);
      continue;
    }
    const loops = Array.from({ length: busyLoops }, () => spawn(process.execPath, ['-e', 'for (;;);']));
    const taken: Taken[] = [];
    try {
      for (let round = 0; round < Math.min(rounds, most); round += 1) {
        progress(`${what}: ${round + 1} of ${Math.min(rounds, most)}`);
        const before = group === undefined ? undefined : `echo $$ > ${group}/cgroup.procs`;
        taken.push(await timeCommand([...REHEARSE, ...args], signal, before));
      }
    } finally {
      for (const loop of loops) {
        loop.kill('SIGKILL');
      }
      if (group !== undefined) {
        await rmdir(group).catch(() => undefined);
      }
    }
    figures.push({ what, unit: 's', values: taken.map(({ wallSeconds }) => wallSeconds), wanted: { atMost } });
    const values = taken.map(({ cpuSeconds }) => cpuSeconds);
    const wanted = cpuAtMost === undefined ? {} : { wanted: { atMost: cpuAtMost } };
    figures.push({ what: 'its CPU time', unit: 's', values, ...wanted });
    const apart = taken.map(({ output }) => furthestFromModel(JSON.parse(output)));
    figures.push({ what: 'its aborts, from the model’s at most', unit: 's', values: apart, wanted: { atMost: 3 } });
  }
  return {
    title: 'Rehearsals',
    how: 'Wall time of the whole command, its start included, and the CPU time of all its processes. Each ended as expected.',
    figures,
  };
}

/** The greatest difference between the time of an abort and its prediction, in seconds. */
function furthestFromModel(results: readonly Pick<Result, 'outcome' | 'predicted'>[]): number {
  const aborted = results.filter(({ outcome }) => outcome.verdict === 'aborted');
  return Math.max(...aborted.map(({ outcome, predicted }) => Math.abs(outcome.seconds - (predicted?.seconds ?? 0))));
}

const CGROUP = '/sys/fs/cgroup';
/** The period of a CPU quota, in microseconds. */
const PERIOD = 100_000;

/** Creates a cgroup (v2 or v1) with a quota of CPUs, and returns its folder; undefined where none may be created. */
async function createGroup(quota: number): Promise<string | undefined> {
  const isUnified = existsSync(`${CGROUP}/cgroup.controllers`);
  const group = `${CGROUP}/${isUnified ? '' : 'cpu/'}bench-${process.pid}`;
  try {
    await mkdir(group);
    if (isUnified) {
      await writeFile(`${group}/cpu.max`, `${quota * PERIOD} ${PERIOD}`);
    } else {
      await writeFile(`${group}/cpu.cfs_period_us`, String(PERIOD));
      await writeFile(`${group}/cpu.cfs_quota_us`, String(quota * PERIOD));
    }
    return group;
  } catch {
    return undefined;
  }
}
