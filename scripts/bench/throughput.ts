import type { Effort, Section } from './figure.ts';
import { load } from './load.ts';
import { startServer } from './server.ts';

/** A route with the same response in all servers compared. */
const ROUTE = '/version';
const WARM_UP_SECONDS = 3;

/** The servers compared: a file, and its environment. */
const SUBJECTS = {
  api: ['api/main.ts', { LOG_LEVEL: 'warn' }],
  bare: ['scripts/bench/baseline.ts', {}],
  plain: ['scripts/bench/baseline.ts', { INSTRUMENTS: 'plain' }],
  bundle: ['scripts/bench/baseline.ts', { INSTRUMENTS: 'bundle' }],
  logged: ['api/main.ts', { LOG_LEVEL: 'info' }],
} as const;

type Subject = keyof typeof SUBJECTS;

/** What instruments, counting and deadlines cost a request. */
export async function measureThroughput({ rounds, seconds, progress, signal }: Effort): Promise<Section> {
  const measured: Record<Subject, number>[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    progress(`throughput: round ${round} of ${rounds}`);
    const rates: Record<Subject, number> = { api: 0, bare: 0, plain: 0, bundle: 0, logged: 0 };
    // New processes every round: how well V8 happens to compile one process differs more than what is compared.
    for (const name of Object.keys(SUBJECTS) as Subject[]) {
      signal.throwIfAborted();
      const [file, env] = SUBJECTS[name];
      const server = await startServer(file, ROUTE, env);
      try {
        await load(`${server.url}${ROUTE}`, { duration: WARM_UP_SECONDS });
        rates[name] = await load(`${server.url}${ROUTE}`, { duration: seconds });
      } finally {
        await server.stop();
      }
    }
    measured.push(rates);
  }
  const rate = (name: Subject) => measured.map((rates) => rates[name]);
  const ratio = (a: Subject, b: Subject) => measured.map((rates) => rates[a] / rates[b]);
  return {
    title: 'Requests a second',
    how: `\`GET ${ROUTE}\` on 64 keep-alive connections, server on one core, ${seconds} s a round, in turn; ratios are taken within a round.`,
    figures: [
      { what: 'this API / bare Express', unit: '', values: ratio('api', 'bare'), wanted: { atLeast: 0.9 } },
      { what: 'plain prom-client instruments / bare Express', unit: '', values: ratio('plain', 'bare') },
      { what: 'this API / express-prom-bundle', unit: '', values: ratio('api', 'bundle') },
      { what: 'this API, a log line a request / without', unit: '', values: ratio('logged', 'api') },
      { what: 'this API', unit: 'requests/s', values: rate('api') },
      { what: 'bare Express', unit: 'requests/s', values: rate('bare') },
      { what: 'express-prom-bundle', unit: 'requests/s', values: rate('bundle') },
    ],
  };
}
