/** The difference between log k! and Stirling's formula, for k from 0 to 9. */
const TAILS = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
  0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287,
];

/** The difference between log k! and Stirling's formula, which is `(k + 1/2) log(k + 1) - (k + 1) + log(2π) / 2`. */
export function stirlingTail(k: number): number {
  const tail = TAILS[k];
  if (tail !== undefined) {
    return tail;
  }
  const next = k + 1;
  const square = next * next;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / next;
}

const HALF_LOG_TWO_PI = 0.9189385332046727;

/** log k!, for an integer k ≥ 0. */
export function logFactorial(k: number): number {
  return (k + 0.5) * Math.log(k + 1) - (k + 1) + HALF_LOG_TWO_PI + stirlingTail(k);
}
