import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import type { Result } from '../rehearsal/result.ts';
import type { Effort, Figure, Section } from './figure.ts';
import { type Taken, timeCommand } from './time-command.ts';

/** A command that a person waits for, run at most `most` times. It may take `atMost` seconds and `cpuAtMost` seconds of CPU time. */
interface Command {
  readonly what: string;
  readonly command: readonly string[];
  readonly most: number;
  readonly atMost?: number;
  readonly cpuAtMost?: number;
  readonly busyLoops?: number;
  /** How many CPUs its processes may use together, such as 0.6. */
  readonly quota?: number;
}

const NODE = process.execPath;
const REHEARSE = [NODE, 'scripts/run.ts', 'rehearse', '--report', '/dev/null', '--format', 'json'];

const COMMANDS: readonly Command[] = [
  { what: '`npm run verify`', command: [NODE, 'scripts/run.ts', 'verify'], most: 5 },
  { what: '`npm run odds`', command: [NODE, 'scripts/run.ts', 'odds'], atMost: 5, most: 5 },
  { what: '`npm run check`', command: ['npm', 'run', 'check'], atMost: 30, most: 3 },
];
const REHEARSALS: readonly Command[] = [
  { what: '`npm run rehearse`, alone', command: REHEARSE, atMost: 45, cpuAtMost: 60, most: 3 },
  { what: '`npm run rehearse`, beside two busy loops', command: REHEARSE, atMost: 70, most: 3, busyLoops: 2 },
  { what: '`npm run rehearse`, with a quota of 1 CPU', command: REHEARSE, atMost: 80, most: 20, quota: 1 },
  { what: '`npm run rehearse`, with a quota of 0.6 CPU', command: REHEARSE, atMost: 130, most: 3, quota: 0.6 },
  { what: '`npm run rehearse -- --all`, alone', command: [...REHEARSE, '--all'], atMost: 240, most: 1 },
];
const HOW = 'Wall time of the whole command, its start included, and the CPU time of all its processes.';

/** Whole commands as a person runs them. Throws when one does not end with 0. */
export async function measureCommands(effort: Effort): Promise<Section> {
  const taken = await takeAll(COMMANDS, effort);
  return { title: 'Commands', how: HOW, figures: taken.flatMap(([command, runs]) => timesOf(command, runs)) };
}

/** Rehearsals as a person starts them, each of which must end as expected: throws when one does not. */
export async function measureRehearsals(effort: Effort): Promise<Section> {
  const taken = await takeAll(REHEARSALS, effort);
  const figures = taken.flatMap(([command, runs]): readonly Figure[] => {
    const values = runs.map(({ output }) => furthestFromModel(JSON.parse(output)));
    const apart = { what: 'its aborts, from the model’s at most', unit: 's', values, wanted: { atMost: 3 } };
    return [...timesOf(command, runs), apart];
  });
  return { title: 'Rehearsals', how: `${HOW} Each ended as expected.`, figures };
}

/** Runs each command. A quota needs a cgroup that may be written to; without one the command is left out. */
async function takeAll(commands: readonly Command[], { rounds, progress, signal }: Effort) {
  const all: (readonly [Command, readonly Taken[]])[] = [];
  for (const one of commands) {
    const { what, command, most, busyLoops = 0, quota } = one;
    const group = quota === undefined ? undefined : await createGroup(quota);
    if (quota !== undefined && group === undefined) {
      progress(`${what}: left out, no cgroup may be made here`);
      continue;
    }
    const loops = Array.from({ length: busyLoops }, () => spawn(NODE, ['-e', 'for (;;);']));
    const taken: Taken[] = [];
    try {
      for (let round = 0; round < Math.min(rounds, most); round += 1) {
        progress(`${what}: ${round + 1} of ${Math.min(rounds, most)}`);
        taken.push(await timeCommand(command, signal, group && `echo $$ > ${group}/cgroup.procs`));
      }
    } finally {
      for (const loop of loops) {
        loop.kill('SIGKILL');
      }
      if (group !== undefined) {
        await rmdir(group).catch(() => undefined);
      }
    }
    all.push([one, taken]);
  }
  return all;
}

function timesOf({ what, atMost, cpuAtMost }: Command, taken: readonly Taken[]): readonly Figure[] {
  const wanted = (seconds: number | undefined) => (seconds === undefined ? {} : { wanted: { atMost: seconds } });
  return [
    { what, unit: 's', values: taken.map(({ wallSeconds }) => wallSeconds), ...wanted(atMost) },
    { what: 'its CPU time', unit: 's', values: taken.map(({ cpuSeconds }) => cpuSeconds), ...wanted(cpuAtMost) },
  ];
}

/** The greatest difference between the time of an abort and its prediction, in seconds. */
function furthestFromModel(results: readonly Pick<Result, 'outcome' | 'predicted'>[]): number {
  const aborted = results.filter(({ outcome }) => outcome.verdict === 'aborted');
  return Math.max(...aborted.map(({ outcome, predicted }) => Math.abs(outcome.seconds - (predicted?.seconds ?? 0))));
}

/** The period of a CPU quota, in microseconds. */
const PERIOD = 100_000;

/** Creates a cgroup (v2 or v1) with a quota of CPUs, and returns its folder; undefined where none may be created. */
async function createGroup(quota: number): Promise<string | undefined> {
  const root = '/sys/fs/cgroup';
  const isUnified = existsSync(`${root}/cgroup.controllers`);
  const group = `${root}/${isUnified ? '' : 'cpu/'}bench-${process.pid}`;
  const limits = isUnified
    ? { 'cpu.max': `${quota * PERIOD} ${PERIOD}` }
    : { 'cpu.cfs_period_us': `${PERIOD}`, 'cpu.cfs_quota_us': `${quota * PERIOD}` };
  try {
    await mkdir(group);
    for (const [file, limit] of Object.entries(limits)) {
      await writeFile(`${group}/${file}`, limit);
    }
    return group;
  } catch {
    return undefined;
  }
}
