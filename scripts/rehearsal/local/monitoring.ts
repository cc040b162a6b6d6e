import type { Answer } from '../judge.ts';
import { askedMatchers, askPrometheus, type Question, queriesOf, REFUSED, targetsOf } from '../prometheus.ts';
import { isTarget } from '../scraping.ts';
import type { Workload } from '../workload.ts';
import type { Clock } from './clock.ts';
import type { LocalPod } from './pod.ts';
import type { PrometheusServer } from './prometheus-server.ts';
import type { RemoteSample } from './remote-write.ts';
import { createScrapeStore, type ScrapeTarget } from './scrape.ts';

/**
 * Scrapes the pods and evaluates the gate's queries. `server` does that in place of the embedded PromQL. While `isDown` returns true,
 * every query is refused.
 */
export function createMonitoring(
  workload: Workload,
  clock: Clock,
  isDown: () => boolean,
  server: PrometheusServer | undefined,
) {
  const { scraping } = workload;
  const intervalSeconds = scraping?.intervalSeconds ?? 60;
  /** For each target, by its pod's name and its index, the function that stops scraping it. */
  const scraped = new Map<string, () => void>();
  let found = 0;
  let waiting: RemoteSample[] = [];
  const answers = new Map<string, Answer>();
  const keyOf = ({ query, range }: Question) => JSON.stringify([query, range]);
  const store = createScrapeStore(clock, intervalSeconds, askedMatchers(queriesOf(workload)), (labels, sample) => {
    if (server !== undefined) {
      waiting.push({ labels, sample });
    }
  });

  return {
    /** Starts scraping new targets and stops scraping those that are gone; `services` as in `isTarget`. */
    follow(pods: readonly LocalPod[], services: ReadonlyMap<string, string> | undefined): void {
      const targets = new Map<string, ScrapeTarget>();
      for (const pod of pods) {
        for (const [index, place] of targetsOf(workload, pod).entries()) {
          if (scraping !== undefined && isTarget(place.labels, pod.hash, services)) {
            const port = () => pod.process?.ports.get(scraping.port);
            targets.set(`${pod.name} ${index}`, { ...place, port, path: scraping.path });
          }
        }
      }
      for (const [name, stop] of scraped) {
        if (!targets.has(name)) {
          scraped.delete(name);
          stop();
        }
      }
      for (const [name, target] of targets) {
        if (!scraped.has(name)) {
          found += 1;
          // Spreads the scrapes of the targets over the interval.
          const offset = (found * 0.37) % 1;
          scraped.set(name, store.scrape(target, clock.now() + 0.5 + offset * intervalSeconds));
        }
      }
    },
    /** With a Prometheus server: sends it the new samples, and fetches the results of all queries at `now`. */
    async prepare(now: number): Promise<void> {
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
    ask(question: Question): Answer {
      if (server === undefined || isDown()) {
        return askPrometheus(question, store, clock.now(), isDown());
      }
      return answers.get(keyOf(question)) ?? REFUSED;
    },
  };
}
