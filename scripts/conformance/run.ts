import type { Check, Difference } from './check.ts';
import { type ClusterRunCase, checkClusterRun, type RecordedGate } from './cluster-runs.ts';
import { checkCondition } from './conditions.ts';
import { checkDuration } from './durations.ts';
import { checkMeasurements } from './measurements.ts';
import { checkPromql } from './promql.ts';
import { checkReplicas } from './replicas.ts';
import { checkScrape } from './scrape.ts';
import { checkTrace } from './traces.ts';
import { checkValidation } from './validation.ts';

/** A test case in a file of recorded results. */
export interface Vector {
  readonly id: string;
}

interface Failure extends Difference {
  readonly id: string;
}

/** The format of a case is recognized by keys that it has. */
const FORMATS: readonly { readonly has: readonly string[]; readonly check: Check }[] = [
  { has: ['scenario', 'events'], check: checkTrace },
  { has: ['query', 'time'], check: checkPromql },
  { has: ['contentType', 'body'], check: checkScrape },
  { has: ['R', 'w'], check: checkReplicas },
  { has: ['success', 'failure', 'result'], check: checkCondition },
  { has: ['object', 'errors'], check: checkValidation },
  { has: ['kind', 'input'], check: checkDuration },
  { has: ['series', 'out'], check: checkMeasurements },
  { has: ['metrics', 'steps'], check: checkMeasurements },
];

/** Ids of cases that the engine cannot pass, with the reason. */
export const UNMET: ReadonlyMap<string, string> = new Map([
  ['d013', 'JSON.parse cannot tell 10.0, which Go refuses, from 10'],
  ['d014', 'JSON.parse cannot tell a float, which Go refuses, from the integer of its value'],
]);

/** A file of test cases. */
export interface VectorFile {
  /** The program and the version that made the file, since some versions decide otherwise. */
  readonly source?: string;
  readonly cases: readonly Vector[];
  /** In cluster-runs.json: the gates that its cases name. */
  readonly gates?: Readonly<Record<string, RecordedGate>>;
}

/** How the engine's result differs from a case of a file; undefined if it does not. Throws `TypeError` for an unknown format. */
export async function checkVector(vector: Vector, { source, gates = {} }: VectorFile): Promise<Failure | undefined> {
  const gate = gates[(vector as Partial<ClusterRunCase>).gate ?? ''];
  if (gate !== undefined) {
    const difference = checkClusterRun(vector as unknown as ClusterRunCase, gate);
    return difference === undefined ? undefined : { id: vector.id, ...difference };
  }
  const format = FORMATS.find(({ has }) => has.every((key) => Object.hasOwn(vector, key)));
  if (format === undefined) {
    throw new TypeError(`case '${vector.id}' is of no format that is known here`);
  }
  const difference = await format.check(vector as never, source);
  return difference === undefined ? undefined : { id: vector.id, ...difference };
}
