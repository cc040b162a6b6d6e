/** Functions that map each value on its own; all of them drop the metric's name. */
export const MATH_FUNCTIONS = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  exp: Math.exp,
  sqrt: Math.sqrt,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sgn: (value) => (value < 0 ? -1 : value > 0 ? 1 : value),
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cos: Math.cos,
  cosh: Math.cosh,
  sin: Math.sin,
  sinh: Math.sinh,
  tan: Math.tan,
  tanh: Math.tanh,
  deg: (value) => (value * 180) / Math.PI,
  rad: (value) => (value * Math.PI) / 180,
} as const satisfies Record<string, (value: number) => number>;

/** Go's `math.Min` and `math.Max`: an infinity wins even over NaN. */
function lesser(left: number, right: number): number {
  const infinity = Number.NEGATIVE_INFINITY;
  return left === infinity || right === infinity ? infinity : Math.min(left, right);
}

function greater(left: number, right: number): number {
  return -lesser(-left, -right);
}

/** The functions of a value and one or two scalars; `round` gives the nearest multiple, and rounds up halfway between two. */
export const PARAMETER_FUNCTIONS = {
  round: (value, [nearest = 1]) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest),
  clamp_min: (value, [least = Number.NaN]) => clamp(value, least, Number.POSITIVE_INFINITY),
  clamp_max: (value, [most = Number.NaN]) => clamp(value, Number.NEGATIVE_INFINITY, most),
  clamp: (value, [least = Number.NaN, most = Number.NaN]) => clamp(value, least, most),
} as const satisfies Record<string, (value: number, params: readonly number[]) => number | undefined>;

/** The value limited to a range; undefined when the lower limit is above the upper one. */
function clamp(value: number, least: number, most: number): number | undefined {
  return most < least ? undefined : greater(least, lesser(most, value));
}
