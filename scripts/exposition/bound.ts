import { formatFloat, parseFloat64 } from '../go/float.ts';
import type { MetricType } from './parse.ts';

/** `le="1"` of a histogram and `quantile="1"` of a summary are stored as `1.0` (`normalizeFloatsInLabelValues`). */
export function normalizeBound(type: MetricType | undefined, label: string, value: string): string {
  const isBound = (type === 'histogram' && label === 'le') || (type === 'summary' && label === 'quantile');
  const bound = isBound ? parseFloat64(value) : undefined;
  return bound === undefined ? value : formatBound(bound);
}

/** Go's `FormatOpenMetricsFloat`: the fewest digits, an exponent below 1e-4 and from 1e6 on, else `.0` after a whole number. */
function formatBound(bound: number): string {
  const [mantissa = '', exponent = '0'] = bound.toExponential().split('e');
  if (Number.isFinite(bound) && bound !== 0 && (Number(exponent) < -4 || Number(exponent) >= 6)) {
    return `${mantissa}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
  }
  const text = formatFloat(bound);
  return /[.IN]/.test(text) ? text : `${text}.0`;
}
