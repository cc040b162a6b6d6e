import type { Scrapes, Target } from '../../model/scrapes.ts';
import { type Answers, type Chance, createPodTraffic, type PodTraffic } from '../../model/traffic.ts';
import { CANARY, versionOf } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import { isTarget } from '../scraping.ts';
import type { Users } from '../world.ts';
import type { Model } from './model.ts';
import { requestRates } from './request-rates.ts';
import type { Endpoints, PodIdentity } from './simulated-release.ts';

/** Simulated users, whose requests are spread over the ready pods as by a Service or a traffic router. */
export interface ModelUsers extends Users {
  readonly setEndpoints: (endpoints: Endpoints) => void;
}

export interface UsersOptions {
  readonly chance: Chance;
  /** Random, 0–1: when a pod is first scraped, as a share of the scrape interval. Called once for each pod. */
  readonly jitter: () => number;
  /** Seconds until an app's own deadline ends a request. */
  readonly deadlineSeconds: number;
}

interface SimulatedPod {
  readonly traffic: Pick<PodTraffic, 'countsAt'>;
  readonly target: Target;
  readonly isCanary: boolean;
  /** Requests of users, without the copies that a mirror route sends. */
  readonly own: PodTraffic;
  readonly copies: PodTraffic | undefined;
}

export function createModelUsers(
  model: Model,
  scenario: Scenario,
  scrapes: Scrapes,
  options: UsersOptions,
): ModelUsers {
  const { requestsPerSecond } = scenario;
  const { chance, jitter, deadlineSeconds } = options;
  const isMirrored = model.workload.plan.steps.some(({ kind }) => kind === 'setMirrorRoute');
  /** By the pod's name. */
  const all = new Map<string, SimulatedPod>();
  let before = { succeeded: 0, failed: 0, refused: 0, canary: 0 };
  let firstCanary: number | undefined;
  /** Requests for which no pod was ready: the number until `refusedSince`, seconds since the epoch, then a rate per second. */
  let [refusedBefore, refusedRate, refusedSince] = [0, 0, 0];

  /** Made once: the traffic of a pod begins a new segment for every other object. */
  const answers = { well: createAnswers(false), withoutBackend: createAnswers(true) };
  function createAnswers(isDown: boolean): Readonly<Record<'stable' | 'canary', Answers>> {
    const answersOf = (version: 'stable' | 'canary'): Answers => {
      const { latencySeconds, hangRatio, failureRatio } = scenario[version];
      return { failureRatio: isDown ? 1 : failureRatio, latencySeconds, hangRatio, deadlineSeconds };
    };
    return { stable: answersOf('stable'), canary: answersOf('canary') };
  }

  function create(pod: PodIdentity): SimulatedPod {
    const isCanary = versionOf(pod.hash) === 'canary';
    const own = createPodTraffic(chance);
    const copies = isMirrored && pod.hash === CANARY ? createPodTraffic(chance) : undefined;
    const traffic = copies === undefined ? own : together(own, copies);
    // Half a second to start, then a random part of the interval: scrapes are not aligned with the start of pods.
    const firstScrape = pod.createdAt + 0.5 + jitter() * model.scrapeInterval;
    const target = scrapes.add({ traffic, series: model.seriesOf(pod), firstScrape });
    const simulated = { isCanary, own, copies, traffic, target };
    all.set(pod.name, simulated);
    return simulated;
  }

  return {
    setEndpoints(endpoints) {
      const { at, pods, isReady, gone, isBackendDown, services } = endpoints;
      const rates = requestRates(endpoints, requestsPerSecond);
      refusedBefore += refusedRate * (at - refusedSince);
      refusedSince = at;
      refusedRate = rates.refused;
      const { canary, stable } = isBackendDown ? answers.withoutBackend : answers.well;
      for (const [position, pod] of pods.entries()) {
        const simulated = all.get(pod.name) ?? create(pod);
        const { own, copies, isCanary } = simulated;
        if (services.size > 0) {
          scrapes.limit(simulated.target, at, (labels) => isTarget(labels, pod.hash, services));
        }
        const rate = isReady[position] ? rates.rateOf(pod.hash) : 0;
        const copied = isReady[position] && copies !== undefined ? rates.copied : 0;
        if (rate + copied > 0 && isCanary) {
          firstCanary ??= at;
        }
        own.set(at, rate, isCanary ? canary : stable, isReady[position]);
        copies?.set(at, copied, canary);
      }
      for (const pod of gone.map(({ name }) => all.get(name))) {
        if (pod !== undefined) {
          pod.own.set(at, 0, pod.isCanary ? canary : stable);
          pod.copies?.set(at, 0, canary);
          pod.target.endsAt = at;
        }
      }
    },
    begin(now) {
      before = countsAt(now);
    },
    totals(now) {
      const counts = countsAt(now);
      const [failed, refused] = [counts.failed - before.failed, counts.refused - before.refused];
      return {
        succeeded: counts.succeeded - before.succeeded,
        lost: failed + refused,
        losses: { failed, refused },
        canary: counts.canary - before.canary,
        firstCanary,
      };
    },
  };

  /** Totals since the pods' start. Hanging requests (503 at the deadline) and those without a backend count as failed. */
  function countsAt(now: number): typeof before {
    const refused = Math.floor(refusedBefore + refusedRate * (now - refusedSince));
    let [succeeded, failed, canary] = [0, 0, 0];
    // Scrape first: `countsAt` must not be called for an earlier time afterwards.
    scrapes.advance(now);
    for (const { own, traffic, isCanary } of all.values()) {
      const users = own.countsAt(now);
      succeeded += users.succeeded;
      failed += users.failed;
      if (isCanary) {
        const counts = traffic === own ? users : traffic.countsAt(now);
        canary += counts.succeeded + counts.failed;
      }
    }
    return { succeeded, failed, refused, canary };
  }
}

/** A pod's counters for its own requests and for copies, added up. */
function together(own: PodTraffic, copies: PodTraffic): Pick<PodTraffic, 'countsAt'> {
  return {
    countsAt(now) {
      const [left, right] = [own.countsAt(now), copies.countsAt(now)];
      const sum = (part: 'succeeded' | 'client' | 'failed' | 'hung') => left[part] + right[part];
      return { ...left, succeeded: sum('succeeded'), client: sum('client'), failed: sum('failed'), hung: sum('hung') };
    },
  };
}
