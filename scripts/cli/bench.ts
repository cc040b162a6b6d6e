import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { measureCommands, measureRehearsals } from '../bench/commands.ts';
import type { Effort, Section } from '../bench/figure.ts';
import { measureMemory } from '../bench/memory.ts';
import { measureModel } from '../bench/model.ts';
import { measureStart } from '../bench/start.ts';
import { measureThroughput } from '../bench/throughput.ts';
import { renderBenchmarks, renderSection } from '../render/benchmarks.ts';
import { CommandError, createCommand, UsageError } from './command.ts';
import { flag, integer, option } from './options.ts';

const MEASUREMENTS: Readonly<Record<string, (effort: Effort) => Promise<Section>>> = {
  throughput: measureThroughput,
  start: measureStart,
  memory: measureMemory,
  model: measureModel,
  commands: measureCommands,
  rehearsals: measureRehearsals,
};

const COMMAND = {
  usage: `npm run bench -- [options] [${Object.keys(MEASUREMENTS).join(' | ')} …]`,
  about: `Measures what this repository promises about speed, and prints medians, spreads and what was wanted. Everything takes
about fifteen minutes, and writes docs/benchmarks.md; some of it prints only, unless --write is given.`,
  options: {
    rounds: option('N', 'rounds of each comparison', integer(1), '5'),
    seconds: option('N', 'seconds of load a round', integer(1), '5'),
    requests: option('N', 'requests before memory is read', integer(1), '1000000'),
    write: flag('write the page with the named measurements alone'),
  },
  takesArguments: true,
  end: 'Exit: 0 measured · 2 wrong usage · 3 something could not be measured. Figures are reported, not judged.',
};

const ROOT = new URL('../..', import.meta.url).pathname;
const PAGE = 'docs/benchmarks.md';

export const main = createCommand(COMMAND, async ({ values, positionals }, io) => {
  const { out, err, signal = new AbortController().signal } = io;
  const unknown = positionals.find((name) => !Object.hasOwn(MEASUREMENTS, name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no measurement '${unknown}': ${Object.keys(MEASUREMENTS).join(', ')}`);
  }
  const effort: Effort = {
    ...values,
    progress: (line) => void err.write(`${line}\n`),
    signal,
  };
  const sections: Section[] = [];
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (positionals.length === 0 || positionals.includes(name)) {
      const section = await measure(effort).catch((error: Error) => {
        throw signal.aborted ? error : new CommandError(`measuring ${name}: ${error.message}`, { cause: error });
      });
      sections.push(section);
      out.write(renderSection(section));
    }
  }
  if (positionals.length === 0 || values.write) {
    await writeFile(resolve(ROOT, PAGE), renderBenchmarks(await conditions(), sections));
    err.write(`written: ${PAGE}\n`);
  }
  return 0;
});

async function conditions() {
  const { dependencies } = JSON.parse(await readFile(resolve(ROOT, 'package.json'), 'utf8'));
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${gigabytes} GiB`,
    versions: `Node ${process.version}, express ${dependencies.express}, prom-client ${dependencies['prom-client']}`,
  };
}
