import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, requestsPerSecond, sendRequests } from './bench/load.ts';
import { rolloutsPerSecond } from './bench/rollouts.ts';
import { getText, isPinned, startServer } from './bench/server.ts';

const USAGE = `Usage: npm run bench [-- --pairs N --seconds N --requests N]

Measures the API against bare Express and express-prom-bundle, in turn, and prints ratios; and the model world.

  --pairs N     alternating rounds per comparison (5)
  --seconds N   seconds of load per round (5)
  --requests N  requests before memory is read (1000000)
  -h, --help    this text
`;

/** The same answer from the same route in all of them. */
const ROUTE = '/version';
const QUIET = { LOG_LEVEL: 'warn' };
const WARM_UP_SECONDS = 3;
const STARTS = 11;
const SCRAPES = 200;

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    print(USAGE);
    return 0;
  }
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${USAGE}`);
    return 2;
  }
  print(
    `Node ${process.version}, ${cpus()[0]?.model.trim()}, ${isPinned ? 'server on core 0' : 'not pinned to a core'}`,
  );
  await compareThroughput(options.pairs, options.seconds);
  await measureStart();
  await measureMemoryAndScrape(options.requests);
  await measureRollouts(options.seconds);
  return 0;
}

interface Options {
  readonly pairs: number;
  readonly seconds: number;
  readonly requests: number;
}

/** The options, or what is wrong with them. */
function readOptions(args: readonly string[]): Options | string {
  const whole = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { pairs: whole, seconds: whole, requests: whole, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) return 'help';
    const { pairs = '5', seconds = '5', requests = '1000000' } = values;
    const bad = Object.entries({ pairs, seconds, requests }).find(([, text]) => !/^[1-9]\d{0,8}$/.test(text));
    if (bad) return `--${bad[0]} must be an integer greater than 0, got '${bad[1]}'`;
    return { pairs: Number(pairs), seconds: Number(seconds), requests: Number(requests) };
  } catch (error) {
    return Error.isError(error) ? error.message : String(error);
  }
}

/** What is compared: a file, and its environment. */
const SUBJECTS = {
  'this API': ['api/main.ts', QUIET],
  'bare Express': ['scripts/bench/bare.ts', {}],
  'express-prom-bundle': ['scripts/bench/prom-bundle.ts', {}],
  'this API, a log line a request': ['api/main.ts', { LOG_LEVEL: 'info' }],
} as const;

async function compareThroughput(pairs: number, seconds: number): Promise<void> {
  const rounds: Record<string, number>[] = [];
  for (let pair = 1; pair <= pairs; pair += 1) {
    process.stderr.write(`round ${pair} of ${pairs}\n`);
    const round: Record<string, number> = {};
    // New processes every round: how well one of them happens to be compiled weighs more than what is compared.
    for (const [name, [file, env]] of Object.entries(SUBJECTS)) {
      const server = await startServer(file, ROUTE, env);
      await requestsPerSecond(`${server.url}${ROUTE}`, WARM_UP_SECONDS);
      round[name] = await requestsPerSecond(`${server.url}${ROUTE}`, seconds);
      await server.stop();
    }
    rounds.push(round);
  }

  print(`\nRequests/s on ${ROUTE}, 64 keep-alive connections, median of ${pairs} alternating rounds:`);
  for (const name of Object.keys(SUBJECTS)) {
    print(
      `  ${name.padEnd(32)} ${median(rounds.map((round) => round[name] ?? 0))
        .toFixed(0)
        .padStart(7)}`,
    );
  }
  const ratio = (a: string, b: string): string =>
    `${median(rounds.map((round) => (round[a] ?? 0) / (round[b] ?? 1))).toFixed(3)}  (${rounds.map((round) => ((round[a] ?? 0) / (round[b] ?? 1)).toFixed(2)).join(' ')})`;
  print(`  this API / bare Express          ${ratio('this API', 'bare Express')}`);
  print(`  this API / express-prom-bundle   ${ratio('this API', 'express-prom-bundle')}`);
  print(`  bare Express / express-prom-bundle ${ratio('bare Express', 'express-prom-bundle')}`);
}

async function measureStart(): Promise<void> {
  const cache = mkdtempSync(join(tmpdir(), 'compile-cache-'));
  const starts = async (env: Readonly<Record<string, string>>): Promise<number> => {
    const times: number[] = [];
    for (let start = 0; start < STARTS; start += 1) {
      const server = await startServer('api/main.ts', '/readyz', { ...QUIET, ...env });
      await server.stop();
      times.push(server.startMilliseconds);
    }
    return median(times.slice(1));
  };
  print(`\nStart to the first 200 on /readyz, median of ${STARTS - 1}:`);
  print(`  as the image starts (compile cache) ${(await starts({ NODE_COMPILE_CACHE: cache })).toFixed(0)} ms`);
  print(`  as npm start does                   ${(await starts({})).toFixed(0)} ms`);
  rmSync(cache, { recursive: true });
}

async function measureMemoryAndScrape(requests: number): Promise<void> {
  const server = await startServer('api/main.ts', '/readyz', QUIET);
  await sendRequests(`${server.url}${ROUTE}`, Math.ceil(requests / 10));
  const before = server.memory();
  await sendRequests(`${server.url}${ROUTE}`, requests);
  const after = server.memory();
  if (before && after) {
    print(`\nMemory after ${requests} requests, and the growth since a tenth of them:`);
    print(
      `  resident ${after.residentMegabytes.toFixed(0)} MB, ${(after.residentMegabytes - before.residentMegabytes).toFixed(1)} MB more`,
    );
    print(`  of that its own, the rest being Node's binary ${after.ownMegabytes.toFixed(0)} MB`);
  }

  const times: number[] = [];
  let lines = 0;
  for (let scrape = 0; scrape < SCRAPES; scrape += 1) {
    const startedAt = performance.now();
    const text = await getText(`${server.url}/metrics`);
    times.push(performance.now() - startedAt);
    lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  }
  print(`\n/metrics, ${lines} series, median of ${SCRAPES} scrapes: ${median(times).toFixed(2)} ms`);
  await server.stop();
}

async function measureRollouts(seconds: number): Promise<void> {
  print('\nReleases a second in the model world, one core:');
  for (const name of ['good', 'errors-10pct', 'errors']) {
    print(`  ${name.padEnd(32)} ${(await rolloutsPerSecond(name, seconds)).toFixed(0).padStart(7)}`);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main(process.argv.slice(2));
