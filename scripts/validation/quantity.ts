import type { Json } from '../manifest/json.ts';

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a Kubernetes quantity (`100m`, `1.5Gi`, 2) stands for; NaN for anything else. */
function parseQuantity(value: Json | undefined): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(value));
  return match === null ? Number.NaN : Number(match[1]) * (FACTORS[match[2] ?? ''] ?? Number.NaN);
}

/** Less than 0, 0 or more than 0; NaN where either is no quantity. */
export function compareQuantities(a: Json | undefined, b: Json | undefined): number {
  return parseQuantity(a) - parseQuantity(b);
}
