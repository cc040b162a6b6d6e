import type { Answer } from '../judge.ts';
import { parseQueries } from '../parse-queries.ts';
import { askedMatchers, askPrometheus, type Question, REFUSED, targetsOf } from '../prometheus.ts';
import { isTarget } from '../scraping.ts';
import type { Workload } from '../workload.ts';
import type { Clock } from './clock.ts';
import type { LocalPod } from './pod.ts';
import type { PrometheusServer } from './prometheus-server.ts';
import type { RemoteSample } from './remote-write.ts';
import { createScrapeStore } from './scrape.ts';

/** Scrapes the pods and evaluates the gate's queries. */
export interface Monitoring {
  /** Starts scraping new targets and stops scraping those that are gone; `services` as in `isTarget`. */
  readonly follow: (pods: readonly LocalPod[], services: ReadonlyMap<string, string> | undefined) => void;
  /** With a Prometheus server: sends it the new samples, and fetches the results of all queries at `now`. */
  readonly prepare: (now: number) => Promise<void>;
  readonly ask: (question: Question) => Answer;
}

/** `server` evaluates the queries in place of the embedded PromQL. While `isDown` returns true, every query is refused. */
export function createMonitoring(
  workload: Workload,
  clock: Clock,
  isDown: () => boolean,
  server: PrometheusServer | undefined,
): Monitoring {
  const { scraping } = workload;
  const queries = parseQueries(workload);
  /** For each pod, the functions that stop scraping its targets, by the target's index. */
  const scraped = new Map<LocalPod, Map<number, () => void>>();
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
    follow(pods, services) {
      for (const pod of pods) {
        const stops = scraped.get(pod) ?? new Map<number, () => void>();
        found += Number(!scraped.has(pod));
        scraped.set(pod, stops);
        for (const [index, place] of targetsOf(workload, pod).entries()) {
          const isThere = scraping !== undefined && isTarget(place.labels, pod.hash, services);
          if (isThere && !stops.has(index)) {
            const target = { ...place, port: () => pod.process?.ports.get(scraping.port), path: scraping.path };
            // Spreads the scrapes of the targets over the interval.
            const offset = ((found + index / 2) * 0.37) % 1;
            stops.set(index, store.scrape(target, clock.now() + 0.5 + offset * scraping.intervalSeconds));
          } else if (!isThere) {
            stops.get(index)?.();
            stops.delete(index);
          }
        }
      }
      for (const [pod, stops] of scraped) {
        if (!pods.includes(pod)) {
          scraped.delete(pod);
          for (const stop of stops.values()) {
            stop();
          }
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
