import { clusterRun, type RecordedGate } from './cluster-runs.ts';
import { type Compared, isSame } from './compare.ts';
import { condition, duration, podCounts, query, scrape } from './functions.ts';
import { measurements, run } from './measurements.ts';
import { trace } from './traces.ts';
import { validation } from './validation.ts';

/** A test case in a file of recorded results. */
export interface Vector {
  readonly id: string;
}

/** A file of test cases. */
export interface VectorFile {
  /** The program and the version that made the file, since some versions decide otherwise. */
  readonly source?: string;
  readonly cases: readonly Vector[];
  /** In cluster-runs.json: the gates that its cases name. */
  readonly gates?: Readonly<Record<string, RecordedGate>>;
}

/** How a case of one format is played. The format of a case is recognized by keys that it has. */
interface Format {
  readonly has: readonly string[];
  readonly play: (vector: never, file: VectorFile) => Compared | Promise<Compared>;
}

const FORMATS: readonly Format[] = [
  { has: ['gate', 'verdict'], play: clusterRun },
  { has: ['scenario', 'events'], play: trace },
  { has: ['query', 'time'], play: query },
  { has: ['contentType', 'body'], play: scrape },
  { has: ['R', 'w'], play: podCounts },
  { has: ['success', 'failure', 'result'], play: condition },
  { has: ['object', 'errors'], play: validation },
  { has: ['kind', 'input'], play: duration },
  { has: ['series', 'out'], play: measurements },
  { has: ['metrics', 'steps'], play: run },
];

/** Ids of cases that the engine cannot pass, with the reason. */
export const UNMET: ReadonlyMap<string, string> = new Map([
  ['d013', 'JSON.parse cannot tell 10.0, which Go refuses, from 10'],
  ['d014', 'JSON.parse cannot tell a float, which Go refuses, from the integer of its value'],
]);

/** What was wanted of a case and what came out, where they differ. Throws `TypeError` for an unknown format. */
export async function checkVector(vector: Vector, file: VectorFile): Promise<Compared | undefined> {
  const format = FORMATS.find(({ has }) => has.every((key) => Object.hasOwn(vector, key)));
  if (format === undefined) {
    throw new TypeError(`case '${vector.id}' is of no format that is known here`);
  }
  const compared = await format.play(vector as never, file);
  return isSame(...compared) ? undefined : compared;
}
