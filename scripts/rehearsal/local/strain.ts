import { STABLE } from '../release.ts';
import type { Visit } from './load.ts';

/**
 * Whether the machine keeps up. An answer of the old version that takes much longer than before the release is the machine's doing,
 * not the release's: what comes of it is no verdict.
 */
export interface Strain {
  /** Before the release, what is usual is learned; from `begin` on, what is late is counted. */
  readonly begin: () => void;
  readonly note: (visit: Visit) => void;
  readonly isTooMuch: () => boolean;
}

/** Milliseconds of the wall beyond the usual: less than an app's own patience with its backend. */
const LATE_MILLISECONDS = 350;
/** So many late answers, and such a share of all, are no accident. */
const LEAST_LATE = 10;
const LATE_RATIO = 0.01;

export function createStrain(): Strain {
  const before: number[] = [];
  let usual: number | undefined;
  let [answers, late] = [0, 0];
  return {
    begin() {
      usual = before.toSorted((left, right) => left - right)[Math.floor(before.length / 2)] ?? 0;
    },
    note({ hash, milliseconds }) {
      if (hash !== STABLE) {
        return;
      }
      if (usual === undefined) {
        before.push(milliseconds);
        return;
      }
      answers += 1;
      late += Number(milliseconds > usual + LATE_MILLISECONDS);
    },
    isTooMuch: () => late >= LEAST_LATE && late > answers * LATE_RATIO,
  };
}
