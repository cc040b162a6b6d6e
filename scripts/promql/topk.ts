import type { VectorSample } from './evaluation.ts';

/**
 * The `k` samples with the greatest or the least values, best first and NaN last.
 * Which of several equal samples are kept is decided by a heap like Go's `container/heap`, so that they are those of Prometheus.
 */
export function ranked(samples: readonly VectorSample[], k: number, isGreatest: boolean): readonly VectorSample[] {
  const heap: VectorSample[] = [];
  const sign = isGreatest ? 1 : -1;
  const isWorse = (left: number, right: number): boolean => {
    const [a, b] = [heap[left], heap[right]];
    return a !== undefined && b !== undefined && (Number.isNaN(a.value) || sign * a.value < sign * b.value);
  };
  const swap = (left: number, right: number): void => {
    [heap[left], heap[right]] = [heap[right] as VectorSample, heap[left] as VectorSample];
  };
  const rise = (at: number): void => {
    const parent = (at - 1) >> 1;
    if (at > 0 && isWorse(at, parent)) {
      swap(at, parent);
      rise(parent);
    }
  };
  const sink = (at: number): void => {
    const left = 2 * at + 1;
    const child = isWorse(left + 1, left) ? left + 1 : left;
    if (isWorse(child, at)) {
      swap(child, at);
      sink(child);
    }
  };

  for (const sample of samples) {
    const worst = heap[0]?.value ?? Number.NaN;
    if (heap.length < k) {
      heap.push(sample);
      rise(heap.length - 1);
    } else if (Number.isNaN(worst) ? !Number.isNaN(sample.value) : sign * sample.value > sign * worst) {
      heap[0] = sample;
      sink(0);
    }
  }
  return heap.sort((left, right) => compareValues(left.value, right.value, isGreatest));
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
