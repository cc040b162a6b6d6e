import { RehearsalError } from '../rehearsal/errors.ts';
import { createModel, type Model } from '../rehearsal/model/model.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { applyEdits, type Edit } from './edit.ts';
import { type Judgement, judgeWant } from './judge-want.ts';
import { editsOf } from './knobs.ts';
import { type Progress, portions } from './table.ts';
import type { Want } from './want.ts';

/** A gate with some edits, and how near it comes. */
export interface Candidate {
  readonly edits: readonly Edit[];
  readonly judgement: Judgement;
  /** Seconds of its pauses, the shortest a release takes. */
  readonly seconds: number;
  readonly replicas: number;
}

export interface Proposal {
  /** As it is. */
  readonly now: Candidate;
  /** The fewest edits that were found to reach it; else the ones that come nearest. */
  readonly best: Candidate;
  /** Gates that were tried. */
  readonly tried: number;
}

/** Sets of edits of one size that are built upon. */
const KEPT = 8;
/** And of those with the same values to change. */
const KEPT_ALIKE = 2;
const MOST_EDITS = 4;
/** Releases of each kind behind what is told. */
const SURE = 1000;

/**
 * Searches for the fewest edits that make a gate do what is wanted: every single one, then whatever can be added to the best few,
 * and so on. Bounded by counts alone, so that the same seed proposes the same.
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
    // Luck brings some to the top: look again at those that seem to reach it, or stand where the search ends.
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

/** Every set with one edit more, each once. */
function extensions(kept: readonly Candidate[], all: readonly Edit[]): readonly (readonly Edit[])[] {
  const sets = new Map<string, readonly Edit[]>();
  for (const { edits } of kept) {
    for (const edit of all) {
      if (!edits.some(({ knob }) => knob === edit.knob)) {
        const set = [...edits, edit];
        const key = set
          .map(({ knob, to }) => `${knob} ${to}`)
          .sort()
          .join('\n');
        sets.set(key, sets.get(key) ?? set);
      }
    }
  }
  return [...sets.values()];
}

/** The nearest first; of those that reach it the quickest release, then the fewest pods. */
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

/** The first few, without too many that change the same. */
function diverse(sorted: readonly Candidate[]): readonly Candidate[] {
  const alike = new Map<string, number>();
  return sorted
    .filter(({ edits }) => {
      const key = edits
        .map(({ knob }) => knob)
        .sort()
        .join('\n');
      alike.set(key, (alike.get(key) ?? 0) + 1);
      return (alike.get(key) ?? 0) <= KEPT_ALIKE;
    })
    .slice(0, KEPT);
}
