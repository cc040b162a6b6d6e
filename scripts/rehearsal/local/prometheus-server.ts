import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RehearsalError } from '../errors.ts';
import type { Answer } from '../judge.ts';
import type { Question } from '../prometheus.ts';
import { resolveRange } from '../range-query.ts';
import { freePort, type Processes } from './processes.ts';
import { encodeRemoteWrite, type RemoteSample } from './remote-write.ts';

/** A Prometheus process. It stores the samples written to it and evaluates queries at times of the rehearsal's clock. */
export type PrometheusServer = Awaited<ReturnType<typeof startPrometheus>>;

/**
 * Seconds before the present at which this Prometheus stores the start of the rehearsal. It refuses samples more than ten
 * minutes ahead of its own clock (`maxAheadTime` in `scrape/scrape.go`, remote write alike), and a fast clock would get
 * there.
 */
const BEHIND = 3000;
/** Most milliseconds to wait for its start, which takes a second, but far longer on a busy machine. */
const PATIENCE_MILLISECONDS = 120_000;
const POLL_MILLISECONDS = 50;

/** Starts the binary at `path`. Throws RehearsalError when it does not run, or is no Prometheus that takes remote writes. */
export async function startPrometheus(path: string, processes: Processes, now: number) {
  const folder = await mkdtemp(join(tmpdir(), `rehearse-prometheus-${process.pid}-`));
  const config = join(folder, 'prometheus.yaml');
  await writeFile(config, 'global: {}\n');
  const port = await freePort();
  const running = processes.start({
    argv: [
      path,
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
    ],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
  });
  const base = `http://127.0.0.1:${port}`;
  const shift = Math.floor(Date.now() / 1000) - BEHIND - now;
  const end = performance.now() + PATIENCE_MILLISECONDS;
  while (!(await isReady(`${base}/-/ready`))) {
    if (running.hasExited() || performance.now() > end) {
      await rm(folder, { recursive: true, force: true });
      throw new RehearsalError(`--prometheus ${path} did not get ready: ${lastLine(running.output())}`);
    }
    await sleep(POLL_MILLISECONDS);
  }
  return {
    async write(samples: readonly RemoteSample[]): Promise<void> {
      const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
      const body = encodeRemoteWrite(samples, shift);
      const response = await fetch(`${base}/api/v1/write`, { method: 'POST', headers, body });
      if (!response.ok) {
        throw new RehearsalError(`--prometheus ${path} refused samples: ${lastLine(await response.text())}`);
      }
    },
    async ask({ query = '', range }: Question, at: number): Promise<Answer> {
      const timeOf = (seconds: number) => (Math.floor((seconds + shift) * 1000) / 1000).toFixed(3);
      const resolved = range && resolveRange(range, at);
      if (resolved !== undefined && 'error' in resolved) {
        return resolved;
      }
      const [path, times] =
        resolved === undefined
          ? ['query', { time: timeOf(at) }]
          : ['query_range', { start: timeOf(resolved.start), end: timeOf(resolved.end), step: String(resolved.step) }];
      const body = new URLSearchParams({ query, ...times });
      const response = await fetch(`${base}/api/v1/${path}`, { method: 'POST', body });
      return answerOfResponse((await response.json()) as QueryResponse);
    },
    /** Ends the process and deletes its folder. */
    async remove(): Promise<void> {
      running.child.kill('SIGKILL');
      await running.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A time and a value. */
type Sample = readonly [number, string];

interface QueryResponse {
  readonly error?: string;
  readonly data?:
    | { readonly resultType: 'scalar'; readonly result: Sample }
    | { readonly resultType: 'vector'; readonly result: readonly { readonly value: Sample }[] }
    | { readonly resultType: 'matrix'; readonly result: readonly { readonly values: readonly Sample[] }[] }
    | { readonly resultType: 'string' };
}

/** A response as the controller's provider reads it: values without labels. */
function answerOfResponse({ error, data }: QueryResponse): Answer {
  switch (data?.resultType) {
    case 'scalar':
      return floatOf(data.result);
    case 'vector':
      return data.result.map(({ value }) => floatOf(value));
    case 'matrix':
      return data.result.flatMap(({ values }) => values.map(floatOf));
    default:
      return { error: error ?? 'Prometheus metric type not supported' };
  }
}

/** Prometheus writes infinities as `+Inf` and `-Inf`. */
function floatOf([, text]: Sample): number {
  return Number(text.replace('Inf', 'Infinity'));
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok === true;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
