import { parseGoDuration, pauseSeconds } from '../argo/duration.ts';
import { podsAtWeight, resolveSurge } from '../argo/pods.ts';
import type { ReplicaSet } from '../argo/replica-set.ts';
import { isAtPodCounts, nextPodCounts } from '../argo/scaling.ts';
import { measure } from '../condition/evaluate.ts';
import { ExpositionError } from '../exposition/errors.ts';
import { parseExposition } from '../exposition/parse.ts';
import { PromqlError, PromqlSyntaxError } from '../promql/errors.ts';
import { evaluatePromql } from '../promql/evaluate.ts';
import { parsePromql } from '../promql/parse.ts';
import { createSeriesStore } from '../promql/store.ts';
import { type Compared, type JsonNumber, numberOf } from './compare.ts';

/** Stands for any error: the wording is not compared. */
const REFUSED = 'an error';

function orRefused<T>(errors: readonly (new (...args: never[]) => Error)[], call: () => T): T | typeof REFUSED {
  try {
    return call();
  } catch (error) {
    if (errors.some((kind) => error instanceof kind)) {
      return REFUSED;
    }
    throw error;
  }
}

interface ConditionCase {
  readonly success: string | null;
  readonly failure: string | null;
  readonly result: JsonNumber | readonly JsonNumber[];
  readonly phase: string;
}

/** When the cases were recorded, which `now()` returns: seconds since 1970. */
const RECORDED = Date.UTC(2026, 10, 28) / 1000;

/** Compares the phase; the message of an Error may differ. */
export function condition({ success, failure, result, phase }: ConditionCase): Compared {
  const value = Array.isArray(result) ? result.map(numberOf) : numberOf(result as JsonNumber);
  const conditions = {
    ...(success !== null && { successCondition: success }),
    ...(failure !== null && { failureCondition: failure }),
  };
  return [phase, measure(conditions, value, RECORDED).phase];
}

interface DurationCase {
  readonly kind: 'pause' | 'analysis';
  readonly input: unknown;
  /** Null for an error. */
  readonly seconds: number | null;
}

export function duration({ kind, input, seconds }: DurationCase): Compared {
  if (kind === 'analysis') {
    return [seconds ?? REFUSED, orRefused([RangeError], () => parseGoDuration(input as string))];
  }
  // A text or an integer of 32 bits: the schema refuses others before the engine sees them.
  const isDecodable = typeof input === 'string' || input === (Number(input) | 0);
  return [seconds, input === null ? 0 : isDecodable ? pauseSeconds(input as string | number) : null];
}

interface QueryCase {
  readonly load?: readonly {
    readonly series: Readonly<Record<string, string>>;
    readonly samples: readonly (readonly [timeSeconds: number, value: JsonNumber | 'stale'])[];
  }[];
  readonly query: string;
  readonly time: number;
  /** The response of Prometheus 3, absent for an error. In the file, `prom2` is the response of 2.54, which is ignored. */
  readonly result?: {
    readonly type: string;
    readonly vector?: readonly Sample[];
    readonly scalar?: JsonNumber;
  };
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: JsonNumber;
}

/** The order of a vector's samples counts only if the query sorts; of a matrix or a text only the type is compared. */
export function query({ load = [], query: text, time, result }: QueryCase): Compared {
  const series = load.map(({ series: labels, samples }) => ({
    labels: new Map(Object.entries(labels)),
    samples: samples.map(([timeSeconds, value]) => ({
      timeSeconds,
      value: value === 'stale' ? value : numberOf(value),
    })),
  }));
  const got = orRefused([PromqlSyntaxError, PromqlError], () =>
    evaluatePromql(parsePromql(text), createSeriesStore(series), time),
  );
  const samplesOf = (samples: readonly Sample[]) => {
    const read = samples.map(({ labels, value }) => ({ labels, value: numberOf(value) }));
    const keyOf = ({ labels }: Sample) => JSON.stringify(Object.entries(labels).sort());
    return text.startsWith('sort') ? read : read.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  };
  const wanted = result && {
    type: result.type,
    ...(result.scalar !== undefined && { value: numberOf(result.scalar) }),
    ...(result.vector && { samples: samplesOf(result.vector) }),
  };
  if (got === REFUSED) {
    return [wanted ?? REFUSED, REFUSED];
  }
  const { type } = got;
  const value = type === 'scalar' ? { value: got.value } : {};
  const samples =
    type === 'vector'
      ? { samples: samplesOf(got.samples.map((one) => ({ ...one, labels: Object.fromEntries(one.labels) }))) }
      : {};
  return [wanted ?? REFUSED, { type, ...value, ...samples }];
}

interface ScrapeCase {
  readonly contentType: string;
  readonly body: string;
  /** Absent for an error. */
  readonly series?: readonly (Sample & { readonly timestamp?: number })[];
}

export function scrape({ contentType, body, series }: ScrapeCase): Compared {
  const got = orRefused([ExpositionError], () =>
    parseExposition(body, contentType).samples.map((sample) => ({
      ...sample,
      labels: Object.fromEntries(sample.labels),
    })),
  );
  return [series?.map((sample) => ({ ...sample, value: numberOf(sample.value) })) ?? REFUSED, got];
}

interface PodsCase {
  readonly R: number;
  readonly w: number;
  readonly surge: number | string | null;
  readonly unav: number | string | null;
}

interface TargetCase extends PodsCase {
  readonly kind: 'target';
  readonly surgeN: number;
  readonly unavN: number;
  readonly canary: number;
  readonly stable: number;
}

interface IncrementalCase extends PodsCase {
  readonly kind: 'incremental';
  readonly abort: boolean;
  /** Of each ReplicaSet `[spec.replicas, availableReplicas]`; `stable` has `status.replicas` between them. */
  readonly new: readonly [number, number];
  readonly stable: readonly [number, number, number] | null;
  readonly older: readonly [number, number] | null;
  readonly out: readonly [number, number];
  readonly atDesired: boolean;
}

export function podCounts(vector: TargetCase | IncrementalCase): Compared {
  const { R, w, surge, unav } = vector;
  const resolved = resolveSurge(surge ?? undefined, unav ?? undefined, R);
  if (vector.kind === 'target') {
    const { surgeN: maxSurge, unavN: maxUnavailable, canary, stable } = vector;
    return [
      { maxSurge, maxUnavailable, canary, stable },
      { ...resolved, ...podsAtWeight(R, w, resolved.maxSurge) },
    ];
  }
  const { new: canary, stable, older, abort, out, atDesired } = vector;
  const sets = {
    canary: replicaSet('canary', canary[0], canary[0], canary[1]),
    stable: stable === null ? undefined : replicaSet('stable', ...stable),
    others: older === null ? [] : [replicaSet('older', older[0], older[0], older[1])],
  };
  const next = nextPodCounts({ replicas: R, ...resolved }, abort ? 0 : w, sets);
  return [
    { out, atDesired },
    { out: [next.canary, next.stable], atDesired: isAtPodCounts(next, sets, {}) },
  ];
}

function replicaSet(hash: string, specReplicas: number, replicas: number, availableReplicas: number): ReplicaSet {
  const counts = { specReplicas, replicas, readyReplicas: availableReplicas, availableReplicas };
  return { hash, createdAt: 0, revision: 0, desired: 0, ...counts };
}
