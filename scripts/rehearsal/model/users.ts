import type { ModelPod } from '../../model/pods.ts';
import type { ScrapedPod, Scrapes } from '../../model/scrapes.ts';
import { type Answers, type Chance, createPodTraffic, type PodTraffic } from '../../model/traffic.ts';
import { CANARY } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import type { Model } from './model.ts';

/** Users' requests so far. */
export interface Totals {
  readonly succeeded: number;
  readonly lost: number;
  readonly canary: number;
}

/** Simulated users, spread over the pods that are ready as a Service does. */
export interface ModelUsers {
  /** Sees which pods are ready now, and how they answer. */
  readonly spread: (pods: readonly ModelPod[], now: number) => void;
  /** Requests a second that reach each ready pod. */
  readonly podRate: () => number;
  /** When a canary pod was first reached. */
  readonly firstCanary: () => number | undefined;
  readonly totals: (now: number) => Totals;
}

export interface UsersOptions {
  readonly chance: Chance;
  /** 0–1: where between two scrapes a pod's first one falls; asked once a pod. */
  readonly jitter: () => number;
  /** Seconds until an app's own deadline ends a request. */
  readonly deadlineSeconds: number;
  readonly isBackendDown: () => boolean;
}

interface SimulatedPod extends ScrapedPod {
  readonly pod: ModelPod;
  readonly traffic: PodTraffic;
}

export function createModelUsers(
  model: Model,
  scenario: Scenario,
  scrapes: Scrapes,
  options: UsersOptions,
): ModelUsers {
  const { requestsPerSecond } = scenario;
  const { chance, jitter, deadlineSeconds, isBackendDown } = options;
  const all: SimulatedPod[] = [];
  const live = new Map<ModelPod, SimulatedPod>();
  let podRate = requestsPerSecond / Math.max(1, model.workload.plan.replicas);
  let firstCanary: number | undefined;
  /** Requests that met no ready pod at all. */
  let [refused, refusedRate, refusedSince] = [0, 0, 0];

  /** The same object while a version answers the same. */
  const answers = { well: createAnswers(false), withoutBackend: createAnswers(true) };
  function createAnswers(isDown: boolean): Readonly<Record<'stable' | 'canary', Answers>> {
    const answersOf = (version: 'stable' | 'canary'): Answers => {
      const { latencySeconds, hangRatio, failureRatio } = scenario[version];
      return { failureRatio: isDown ? 1 : failureRatio, latencySeconds, hangRatio, deadlineSeconds };
    };
    return { stable: answersOf('stable'), canary: answersOf('canary') };
  }

  function meet(pod: ModelPod): SimulatedPod {
    // Scraped from its start on, wherever the interval falls.
    const firstScrape = pod.createdAt + 0.5 + jitter() * model.scrapeInterval;
    const traffic = createPodTraffic(chance);
    const met = { pod, traffic, series: model.seriesOf(pod), firstScrape, endsAt: Number.POSITIVE_INFINITY };
    live.set(pod, met);
    all.push(met);
    scrapes.add(met);
    return met;
  }

  return {
    podRate: () => podRate,
    firstCanary: () => firstCanary,
    spread(pods, now) {
      let ready = 0;
      for (const { isReady } of pods) {
        ready += Number(isReady);
      }
      podRate = ready === 0 ? 0 : requestsPerSecond / ready;
      refused += refusedRate * (now - refusedSince);
      refusedSince = now;
      refusedRate = ready === 0 ? requestsPerSecond : 0;
      const { canary, stable } = isBackendDown() ? answers.withoutBackend : answers.well;
      for (const pod of pods) {
        const rate = pod.isReady ? podRate : 0;
        const isCanary = pod.hash === CANARY;
        if (rate > 0 && isCanary) {
          firstCanary ??= now;
        }
        const { traffic } = live.get(pod) ?? meet(pod);
        traffic.set(now, rate, isCanary ? canary : stable);
      }
      if (live.size > pods.length) {
        for (const [pod, met] of live) {
          if (!pods.includes(pod)) {
            met.traffic.set(now, 0, pod.hash === CANARY ? canary : stable);
            met.endsAt = now;
            live.delete(pod);
          }
        }
      }
    },
    totals(now) {
      let [succeeded, lost, canary] = [0, Math.floor(refused + refusedRate * (now - refusedSince)), 0];
      // Traffic only counts forward.
      scrapes.advance(now);
      for (const { traffic, pod } of all) {
        const counts = traffic.countsAt(now);
        succeeded += counts.succeeded;
        lost += counts.failed;
        canary += pod.hash === CANARY ? counts.succeeded + counts.failed : 0;
      }
      return { succeeded, lost, canary };
    },
  };
}
