import { RehearsalError } from '../rehearsal/errors.ts';
import { createModel, type Model } from '../rehearsal/model/model.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { editsOf } from './candidate-edits.ts';
import { applyEdits, type Edit } from './edit.ts';
import { type Judgement, judgeWant } from './judge-want.ts';
import { type Progress, portions } from './table.ts';
import type { Want } from './want.ts';

/** A gate with some edits, and how far it is from what is wanted. */
export interface Candidate {
  readonly edits: readonly Edit[];
  readonly judgement: Judgement;
  /** Sum of its pauses in seconds: a release takes at least this long. */
  readonly seconds: number;
  readonly replicas: number;
}

export interface Proposal {
  /** The gate without any edit. */
  readonly now: Candidate;
  /** The smallest set of edits that was found to meet every wish; otherwise the set that comes closest. */
  readonly best: Candidate;
  /** Number of gates that were tried. */
  readonly tried: number;
}

/** How many sets of one size are extended by one more edit. */
const KEPT = 8;
/** How many of those may change the same values. */
const KEPT_ALIKE = 2;
const MOST_EDITS = 4;
/** Releases of each kind behind the printed figures. */
const SURE = 1000;

/**
 * Searches for the fewest edits that meet every wish: all single edits first, then the best few with one more edit each, and so on.
 * The search is bounded by counts, never by time, so that the same seed gives the same proposal.
 */
export function* propose(model: Model, want: Want, baseline: number, seed: number): Generator<Progress, Proposal> {
  const { workload } = model;
  const all = editsOf(model);
  function* tryOut(edits: readonly Edit[], least?: number): Generator<undefined, Candidate | undefined> {
    try {
      const edited = readWorkload(workload.folder, applyEdits(workload.manifests, edits), workload.facts);
      const { steps, replicas } = edited.plan;
      const how = { baseline, seed, ...(least === undefined ? {} : { least }) };
      const seconds = steps.reduce((sum, step) => sum + (step.kind === 'pause' ? (step.seconds ?? 0) : 0), 0);
      return { edits, judgement: yield* judgeWant(createModel(edited), want, how), seconds, replicas };
    } catch (error) {
      if (error instanceof RehearsalError) {
        return undefined;
      }
      throw error;
    }
  }

  const now = yield* portions(tryOut([], SURE), 0);
  if (now === undefined) {
    throw new RehearsalError(`${workload.folder}: the gate cannot be played`);
  }
  let best = now;
  let kept: readonly Candidate[] = [now];
  let tried = 1;
  for (let size = 1; size <= MOST_EDITS && !best.judgement.isReached; size += 1) {
    const sets = extensions(kept, all);
    const found: Candidate[] = [];
    for (const [index, edits] of sets.entries()) {
      const candidate = yield* portions(tryOut(edits), (size - 1 + index / sets.length) / MOST_EDITS);
      tried += 1;
      if (candidate !== undefined) {
        found.push(candidate);
      }
    }
    kept = diverse(found.toSorted(compare));
    // Some rank high by chance: measure again the ones that seem to meet every wish, and the last round's best.
    const finalists: Candidate[] = [];
    for (const { edits } of kept.filter(({ judgement }) => judgement.isReached || size === MOST_EDITS)) {
      const finalist = yield* portions(tryOut(edits, SURE), size / MOST_EDITS);
      finalists.push(...(finalist === undefined ? [] : [finalist]));
    }
    const [first] = finalists.toSorted(compare);
    best = first !== undefined && compare(first, best) < 0 ? first : best;
  }
  return { now, best, tried };
}

/** Every set with one more edit; no set twice. */
function extensions(kept: readonly Candidate[], all: readonly Edit[]): readonly (readonly Edit[])[] {
  const sets = new Map<string, readonly Edit[]>();
  for (const { edits } of kept) {
    for (const edit of all) {
      if (!edits.some(({ setting }) => setting === edit.setting)) {
        const set = [...edits, edit];
        const key = set
          .map(({ setting, to }) => `${setting} ${to}`)
          .sort()
          .join('\n');
        sets.set(key, sets.get(key) ?? set);
      }
    }
  }
  return [...sets.values()];
}

/** The closest first; among those that meet every wish, the shortest release, then the fewest pods. */
function compare(left: Candidate, right: Candidate): number {
  return (
    left.judgement.shortfall - right.judgement.shortfall ||
    left.seconds - right.seconds ||
    left.replicas - right.replicas ||
    lostOf(left) - lostOf(right)
  );
}

function lostOf({ judgement: { catches } }: Candidate): number {
  return catches.reduce((sum, { lost }) => sum + lost.median, 0);
}

/** The first few, with a limit on how many change the same values. */
function diverse(sorted: readonly Candidate[]): readonly Candidate[] {
  const alike = new Map<string, number>();
  return sorted
    .filter(({ edits }) => {
      const key = edits
        .map(({ setting }) => setting)
        .sort()
        .join('\n');
      alike.set(key, (alike.get(key) ?? 0) + 1);
      return (alike.get(key) ?? 0) <= KEPT_ALIKE;
    })
    .slice(0, KEPT);
}
