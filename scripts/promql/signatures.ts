import type { ValueType } from './ast.ts';

export interface Signature {
  readonly args: readonly ValueType[];
  /** How many arguments after the first `args.length - 1` are allowed: 0 means exactly `args`, -1 any number. */
  readonly variadic: number;
  readonly returns: ValueType;
}

function signatures(names: string, args: readonly ValueType[], returns: ValueType = 'vector', variadic = 0) {
  return names.split(' ').map((name): [string, Signature] => [name, { args, variadic, returns }]);
}

/**
 * The functions of Prometheus 3 with their types, without those behind `promql-experimental-functions`.
 * Source: `promql/parser/functions.go` (prometheus v0.313.2).
 */
export const SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ...signatures('abs absent ceil exp floor ln log2 log10 sgn sort sort_desc sqrt timestamp', ['vector']),
  ...signatures('acos acosh asin asinh atan atanh cos cosh deg rad sin sinh tan tanh', ['vector']),
  ...signatures('histogram_avg histogram_count histogram_sum histogram_stddev histogram_stdvar', ['vector']),
  ...signatures('absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate', ['matrix']),
  ...signatures('last_over_time max_over_time min_over_time present_over_time rate resets', ['matrix']),
  ...signatures('stddev_over_time stdvar_over_time sum_over_time', ['matrix']),
  ...signatures('predict_linear', ['matrix', 'scalar']),
  ...signatures('quantile_over_time', ['scalar', 'matrix']),
  ...signatures('day_of_month day_of_week day_of_year days_in_month hour minute month year', ['vector'], 'vector', 1),
  ...signatures('clamp', ['vector', 'scalar', 'scalar']),
  ...signatures('clamp_max clamp_min', ['vector', 'scalar']),
  ...signatures('round', ['vector', 'scalar'], 'vector', 1),
  ...signatures('histogram_quantile', ['scalar', 'vector']),
  ...signatures('histogram_fraction', ['scalar', 'scalar', 'vector']),
  ...signatures('label_replace', ['vector', 'string', 'string', 'string', 'string']),
  ...signatures('label_join', ['vector', 'string', 'string', 'string'], 'vector', -1),
  ...signatures('pi time', [], 'scalar'),
  ...signatures('scalar', ['vector'], 'scalar'),
  ...signatures('vector', ['scalar']),
]);
