import type { Answer } from '../judge.ts';
import { parseQueries } from '../parse-queries.ts';
import { askedMatchers, askPrometheus, type Question, REFUSED, targetsOf } from '../prometheus.ts';
import type { Workload } from '../workload.ts';
import type { Clock } from './clock.ts';
import type { LocalPod } from './pod.ts';
import type { PrometheusServer } from './prometheus-server.ts';
import type { RemoteSample } from './remote-write.ts';
import { createScrapeStore } from './scrape.ts';

/** Scrapes the pods and answers the gate's queries. */
export interface Monitoring {
  /** Begins to scrape pods that are new, lets go of those that are gone. */
  readonly follow: (pods: readonly LocalPod[]) => void;
  /** Gets the answers of a moment, from whoever takes time for them. */
  readonly prepare: (now: number) => Promise<void>;
  readonly ask: (question: Question) => Answer;
}

/** `server` answers in place of the embedded evaluation; `isDown` is whether nobody answers. */
export function createMonitoring(
  workload: Workload,
  clock: Clock,
  isDown: () => boolean,
  server: PrometheusServer | undefined,
): Monitoring {
  const { scraping } = workload;
  const queries = parseQueries(workload);
  /** How to stop scraping each pod that is scraped. */
  const scraped = new Map<LocalPod, () => void>();
  let found = 0;
  let waiting: RemoteSample[] = [];
  const answers = new Map<string, Answer>();
  const keyOf = ({ query, range }: Question) => JSON.stringify([query, range]);
  const store = createScrapeStore(clock, scraping?.intervalSeconds ?? 60, askedMatchers(queries), (labels, sample) => {
    if (server !== undefined) {
      waiting.push({ labels, sample });
    }
  });

  return {
    follow(pods) {
      for (const pod of pods) {
        if (scraping !== undefined && !scraped.has(pod)) {
          found += 1;
          const stops = targetsOf(workload, pod).map((labels, index) => {
            const target = { labels, port: () => pod.portFor(scraping.port), path: scraping.path };
            // Every target has a place of its own in the interval.
            const offset = ((found + index / 2) * 0.37) % 1;
            return store.scrape(target, clock.now() + 0.5 + offset * scraping.intervalSeconds);
          });
          scraped.set(pod, () => {
            for (const stop of stops) {
              stop();
            }
          });
        }
      }
      for (const [pod, stop] of scraped) {
        if (!pods.includes(pod)) {
          scraped.delete(pod);
          stop();
        }
      }
    },
    async prepare(now) {
      if (server === undefined) {
        return;
      }
      const samples = waiting;
      waiting = [];
      await server.write(samples);
      for (const metric of workload.metrics) {
        const key = keyOf(metric);
        answers.set(key, metric.query === undefined ? REFUSED : await server.ask(metric, now));
      }
    },
    ask(question) {
      if (server === undefined || isDown()) {
        return askPrometheus(question, queries, store, clock.now(), isDown());
      }
      return answers.get(keyOf(question)) ?? REFUSED;
    },
  };
}
