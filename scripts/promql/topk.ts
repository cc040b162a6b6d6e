import type { VectorSample } from './evaluation.ts';

/**
 * The `k` samples with the greatest or the least values, best first and NaN last.
 * Which of equal samples stay is decided by a heap like Go's `container/heap`, so that ties end as in Prometheus.
 */
export function ranked(samples: readonly VectorSample[], k: number, isGreatest: boolean): readonly VectorSample[] {
  const heap: VectorSample[] = [];
  const isWorse = (left: VectorSample, right: VectorSample): boolean => {
    if (Number.isNaN(left.value)) {
      return true;
    }
    return isGreatest ? left.value < right.value : left.value > right.value;
  };
  const swap = (left: number, right: number): void => {
    const [a, b] = [heap[left], heap[right]];
    if (a !== undefined && b !== undefined) {
      [heap[left], heap[right]] = [b, a];
    }
  };
  const isWorseAt = (left: number, right: number): boolean => {
    const [a, b] = [heap[left], heap[right]];
    return a !== undefined && b !== undefined && isWorse(a, b);
  };
  const rise = (from: number): void => {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isWorseAt(at, parent)) {
        return;
      }
      swap(at, parent);
      at = parent;
    }
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) {
        return;
      }
      const child = isWorseAt(left + 1, left) ? left + 1 : left;
      if (!isWorseAt(child, at)) {
        return;
      }
      swap(at, child);
      at = child;
    }
  };

  for (const sample of samples) {
    const worst = heap[0];
    if (heap.length < k) {
      heap.push(sample);
      rise(heap.length - 1);
    } else if (worst !== undefined && isBetter(sample.value, worst.value, isGreatest)) {
      heap[0] = sample;
      sink();
    }
  }
  return heap.sort((left, right) => compareValues(left.value, right.value, isGreatest));
}

function isBetter(value: number, worst: number, isGreatest: boolean): boolean {
  if (Number.isNaN(worst)) {
    return !Number.isNaN(value);
  }
  return isGreatest ? value > worst : value < worst;
}

/** The order of two values for a sort from the greatest or the least on, with NaN last in both. */
export function compareValues(left: number, right: number, isGreatestFirst: boolean): number {
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  }
  if (left === right) {
    return 0;
  }
  return left < right === isGreatestFirst ? 1 : -1;
}
