import type { Json } from '../manifest/json.ts';

const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const FACTORS: ReadonlyMap<string, number> = new Map([
  ...DECIMAL.map((suffix, index) => [suffix, Number(`1e${3 * index - 9}`)] as const),
  ...BINARY.map((suffix, index) => [suffix, 1024 ** (index + 1)] as const),
]);

/** The number that a Kubernetes quantity (`100m`, `1.5Gi`, 2) stands for; NaN for anything else. */
function parseQuantity(value: Json | undefined): number {
  const [, number, suffix = ''] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(value)) ?? [];
  return Number(number) * (FACTORS.get(suffix) ?? Number.NaN);
}

/** Less than 0 if `a` is the smaller one, 0 if they are equal, else more than 0; NaN if either is no quantity. */
export function compareQuantities(a: Json | undefined, b: Json | undefined): number {
  return parseQuantity(a) - parseQuantity(b);
}
