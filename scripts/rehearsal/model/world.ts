import type { Metric } from '../../argo/metric.ts';
import { createScrapes } from '../../model/scrapes.ts';
import { type Chance, EXACT } from '../../model/traffic.ts';
import type { Outcome } from '../outcome.ts';
import { askPrometheus } from '../prometheus.ts';
import { outcomeOf } from '../record.ts';
import { createReader, type Reading } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import { checkMatching } from '../split.ts';
import { decisionTreeOf } from './decision-tree.ts';
import type { Model } from './model.ts';
import { BEGIN, playSimulated, type Read, type Traffic } from './simulated-release.ts';
import { createModelUsers } from './users.ts';

export interface ModelOptions {
  readonly chance: Chance;
  /** Random, 0–1: when a pod is first scraped, as a share of the scrape interval. Called once for each pod. */
  readonly jitter: () => number;
  /**
   * Whether to keep events and samples for a report. Without, releases with the same results of reads share one play of
   * controller and pods.
   */
  readonly isRecorded: boolean;
  /** Seconds until an app's own deadline ends a request. */
  readonly deadlineSeconds: number;
  /** Seconds of traffic before the release. Defaults to the model's. */
  readonly warmUpSeconds: number;
  /** Replaces the result of a read, taken `t` seconds after the release began. By default returns it unchanged. */
  readonly replay: (metric: Metric, reading: Reading, t: number) => Reading;
}

const PLAIN: Omit<ModelOptions, 'warmUpSeconds'> = {
  chance: EXACT,
  jitter: () => 0.5,
  isRecorded: true,
  deadlineSeconds: 10,
  replay: (_, reading) => reading,
};

/** Plays a scenario in virtual time. Throws RehearsalError where it names a route that no step sets. */
export function playModel(model: Model, scenario: Scenario, options: Partial<ModelOptions> = {}): Outcome {
  const { isRecorded, warmUpSeconds, replay, ...world } = { ...PLAIN, warmUpSeconds: model.warmUpSeconds, ...options };
  checkMatching(model.workload.plan, scenario.routes);
  const scrapes = createScrapes(model.scrapeInterval, model.isBornComplete);
  const users = createModelUsers(model, scenario, scrapes, world);
  let read: Read | undefined;
  const take = createReader(model.workload, scenario, (question) =>
    askPrometheus(question, scrapes, read?.at ?? BEGIN, read?.isPrometheusDown ?? false),
  );
  const traffic: Traffic = {
    setEndpoints: users.setEndpoints,
    begin: users.begin,
    read(due) {
      read = due;
      return replay(due.metric, take(due.metric), due.at - BEGIN);
    },
  };
  const end = isRecorded
    ? playSimulated(model, scenario, warmUpSeconds, traffic, users)
    : decisionTreeOf(model, scenario, warmUpSeconds).play(traffic);
  return outcomeOf(end, users);
}
