import { walk } from '../../promql/walk.ts';
import type { Rule } from '../rule.ts';

/** The largest minimum of a divisor that does no harm, in requests a second. */
const HARMLESS = 0.05;

export const queryClampMin: Rule = {
  id: 'query/clamp-min',
  severity: 'warning',
  why: 'It divides by more than there was: with 0.04 requests a second that all fail, `clamp_min(…, 1)` reads 4 % errors, which passes.',
  fix: 'Add the same small number to both sides instead: `(good + 0.5) / (all + 0.5)`.',
  *check({ metrics }) {
    for (const { manifest, query } of metrics) {
      if (query?.expr === undefined) {
        continue;
      }
      let isClamped = false;
      walk(query.expr, (node, ancestors) => {
        const least = node.kind === 'call' && node.func === 'clamp_min' ? node.args[1] : undefined;
        const isLow = least?.kind === 'number' && least.value <= HARMLESS;
        const divides = ancestors.some((one) => one.kind === 'binary' && one.op === '/');
        isClamped ||= least !== undefined && !isLow && divides;
      });
      if (isClamped) {
        yield { manifest, path: query.path, message: 'query must not divide by clamp_min()' };
      }
    }
  },
};
