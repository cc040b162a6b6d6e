import { createScrapes } from '../../model/scrapes.ts';
import { type Chance, EXACT } from '../../model/traffic.ts';
import type { Outcome, Sample } from '../outcome.ts';
import { askPrometheus } from '../prometheus.ts';
import { createReader } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import { BEGIN, type Company, playCourse, type Read } from './course.ts';
import { coursesOf } from './courses.ts';
import type { Model } from './model.ts';
import { createModelUsers } from './users.ts';

export interface ModelOptions {
  readonly chance: Chance;
  /** 0–1: where between two scrapes a pod's first one falls; asked once a pod. */
  readonly jitter: () => number;
  /** Whether to keep events and samples for a report. Without, courses that were played before are taken again. */
  readonly isRecorded: boolean;
  /** Seconds until an app's own deadline ends a request. */
  readonly deadlineSeconds: number;
  /** Seconds of traffic before the release; the model's own where none are given. */
  readonly warmUpSeconds: number;
}

const PLAIN: Omit<ModelOptions, 'warmUpSeconds'> = {
  chance: EXACT,
  jitter: () => 0.5,
  isRecorded: true,
  deadlineSeconds: 10,
};

/** Plays a scenario in virtual time. */
export function playModel(model: Model, scenario: Scenario, options: Partial<ModelOptions> = {}): Outcome {
  const { isRecorded, warmUpSeconds, ...world } = { ...PLAIN, warmUpSeconds: model.warmUpSeconds, ...options };
  const scrapes = createScrapes(model.scrapeInterval);
  const users = createModelUsers(model, scenario, scrapes, world);
  let read: Read | undefined;
  const take = createReader(model.gates, (query) =>
    askPrometheus(model.queries.get(query), scrapes, read?.at ?? BEGIN, read?.isPrometheusDown ?? false),
  );
  const samples: Sample[] = [];
  let atBegin = { succeeded: 0, lost: 0 };
  let before = atBegin;
  const company: Company = {
    meet: users.meet,
    begin(now) {
      atBegin = users.totals(now);
      before = atBegin;
    },
    read(due) {
      read = due;
      return take(due.metric);
    },
    second: undefined,
  };
  function second(now: number, standing: Omit<Sample, 't' | 'succeeded' | 'lost'>): void {
    const { succeeded, lost } = users.totals(now);
    samples.push({
      t: Math.round(now - BEGIN),
      ...standing,
      succeeded: succeeded - before.succeeded,
      lost: lost - before.lost,
    });
    before = { succeeded, lost };
  }

  const { verdict, message, weight, step, at, until, events } = isRecorded
    ? playCourse(model.workload, scenario, warmUpSeconds, { ...company, second })
    : coursesOf(model, scenario, warmUpSeconds).play(company);
  const { succeeded, lost, canary } = users.totals(until);
  const firstCanary = users.firstCanary();
  return {
    verdict,
    message,
    weight,
    step,
    seconds: at - BEGIN,
    secondsServed: firstCanary === undefined ? undefined : at - firstCanary,
    sent: succeeded + lost - atBegin.succeeded - atBegin.lost,
    lost: lost - atBegin.lost,
    canaryRequests: canary,
    events,
    samples,
  };
}
