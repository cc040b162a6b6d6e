import { describe, expect, test } from '@jest/globals';
import type { Expr } from './ast.ts';
import { valueType } from './check.ts';
import { PromqlSyntaxError } from './errors.ts';
import { evaluatePromql } from './evaluate.ts';
import { parsePromql } from './parse.ts';
import { createSeriesStore } from './store.ts';

/** The tree with a pair of parentheses for every node that has operands, and without positions. */
function shape(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'selector': {
      const range = expr.rangeSeconds === undefined ? '' : `[${expr.rangeSeconds}]`;
      return `${expr.name ?? '{}'}${range}${expr.offsetSeconds === 0 ? '' : `-${expr.offsetSeconds}`}`;
    }
    case 'call':
      return `${expr.func}(${expr.args.map(shape).join(' ')})`;
    case 'aggregate':
      return `${expr.op}(${shape(expr.arg)})`;
    case 'binary':
      return `(${shape(expr.left)} ${expr.op} ${shape(expr.right)})`;
    case 'unary':
      return `(${expr.op}${shape(expr.arg)})`;
    case 'paren':
      return shape(expr.arg);
    case 'subquery':
      return `${shape(expr.arg)}[${expr.rangeSeconds}:${expr.stepSeconds ?? ''}]`;
    default:
      return expr satisfies never;
  }
}

function syntaxError(text: string): { readonly message: string; readonly offset: number } | undefined {
  try {
    parsePromql(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof PromqlSyntaxError)) {
      throw error;
    }
    return { message: error.message, offset: error.offset };
  }
}

describe('parsePromql', () => {
  test('keeps everything a selector says, and where it stands', () => {
    expect(parsePromql('  up{job="api", code!~"5.."}[1m30s] offset 1h @ end()')).toEqual({
      kind: 'selector',
      name: 'up',
      matchers: [
        { label: 'job', op: '=', value: 'api' },
        { label: 'code', op: '!~', value: '5..' },
      ],
      rangeSeconds: 90,
      offsetSeconds: 3600,
      at: 'end',
      from: 2,
      to: 53,
    });
  });

  test.each([
    ['{__name__="up"}', { label: '__name__', op: '=', value: 'up' }],
    ['{"up"}', { label: '__name__', op: '=', value: 'up' }],
    ['{"http.code"=~"2.."}', { label: 'http.code', op: '=~', value: '2..' }],
    ["{a='\\'\\n\\x41\\u00e9'}", { label: 'a', op: '=', value: "'\nAé" }],
    ['{a=`\\d`}', { label: 'a', op: '=', value: '\\d' }],
  ])('%s holds one matcher and no name', (text, matcher) => {
    const expr = parsePromql(text);
    expect(expr).toEqual({ kind: 'selector', matchers: [matcher], offsetSeconds: 0, from: 0, to: text.length });
  });

  test('keeps what an aggregation and a vector operation say', () => {
    expect(parsePromql('topk by (pod) (3, a) == bool on(pod) group_left(version) b')).toMatchObject({
      kind: 'binary',
      op: '==',
      bool: true,
      matching: { mode: 'on', labels: ['pod'], group: 'left', include: ['version'] },
      left: {
        kind: 'aggregate',
        op: 'topk',
        grouping: { mode: 'by', labels: ['pod'] },
        param: { kind: 'number', value: 3, from: 15, to: 16 },
        arg: { kind: 'selector', name: 'a' },
        from: 0,
        to: 20,
      },
      right: { kind: 'selector', name: 'b', from: 57, to: 58 },
    });
  });

  test.each([
    ['1 + 2 * 3 ^ 2', '(1 + (2 * (3 ^ 2)))'],
    ['a - b - c', '((a - b) - c)'],
    ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
    ['-2 ^ 2', '(-(2 ^ 2))'],
    ['2 ^ -2 ^ 2', '(2 ^ (-(2 ^ 2)))'],
    ['-a * b', '((-a) * b)'],
    ['1 - -2', '(1 - -2)'],
    ['a or b and c unless d == e', '(a or ((b and c) unless (d == e)))'],
    ['a OR b', '(a or b)'],
    ['a + b offset 5m * c', '(a + (b-300 * c))'],
    ['a / b offset 5m', '(a / b-300)'],
    ['-a offset 5m', '(-a-300)'],
    ['a + sum(b)[5m:1m] offset 1m', undefined],
    ['sum(b)[5m:1m]', 'sum(b)[300:60]'],
    ['rate(a[5m])[1h:]', 'rate(a[300])[3600:]'],
    ['rate(a[300])', 'rate(a[300])'],
    ['Sum by (job) (up)', 'sum(up)'],
    ['sum + rate', '(sum + rate)'],
    ['up # a\u00a0comment', 'up'],
    ['1m + 0x1F + 1e3 + .5 + 010', '((((60 + 31) + 1000) + 0.5) + 8)'],
    ['-Inf', '-Infinity'],
    ['1. + up[5.]', undefined],
    ['1. + 0.', '(1 + 0)'],
    ['0x1e + 0xe', '(30 + 14)'],
    ['up[1e-3]', 'up[0.001]'],
    [`"1." + 'a.'`, undefined],
    ['up{job="1."} > 1.', '(up > 1)'],
    [String.raw`"\xc3\xa9\303\251\u00e9 1."`, '"ééé 1."'],
  ])('%s is grouped as %s', (text, expected) => {
    if (expected === undefined) {
      expect(syntaxError(text)).toBeDefined();
    } else {
      expect(shape(parsePromql(text))).toBe(expected);
    }
  });

  test.each([
    ['1 + time()', 'scalar'],
    ['1 + up', 'vector'],
    ['up[5m]', 'matrix'],
    ['(sum(up)[5m:])', 'matrix'],
    ['"x"', 'string'],
    ['scalar(up)', 'scalar'],
    ['-up', 'vector'],
  ])('%s is a %s', (text, type) => {
    expect(valueType(parsePromql(text))).toBe(type);
  });

  test.each([
    ['', 0, 'no expression found in input'],
    [' # nothing', 0, 'no expression found in input'],
    ['(up', 3, 'unexpected end of input'],
    ['sum(up) by', 10, 'unexpected end of input'],
    ['up{job="a"}}', 11, "unexpected '}'"],
    ['up{job=="a"}', 7, "unexpected '='"],
    ['up{job="a', 7, 'invalid or unterminated string "a'],
    ['up\u00a0> 0', 2, 'unexpected character: U+00A0'],
    ['1e400', 0, "bad number or duration syntax: '1e400'"],
    ['up bool == 1', 3, "unexpected 'bool'"],
    ['1 + ratee(up[5m])', 4, "unknown function with name 'ratee'"],
    ['rate(up)', 5, "expected type range vector in call to function 'rate', got instant vector"],
    ['1 + rate(sum(up))', 9, "expected type range vector in call to function 'rate', got instant vector"],
    ['sum(up[5m])', 4, 'expected type instant vector in aggregation expression, got range vector'],
    ['topk("x", up)', 5, 'expected type scalar in aggregation parameter, got string'],
    ['sum(1, up)', 0, 'wrong number of arguments for aggregate expression provided, expected 1, got 2'],
    ['clamp_min(up)', 0, "expected 2 argument(s) in call to 'clamp_min', got 1"],
    ['round(up, 1, 2)', 0, "expected at most 2 argument(s) in call to 'round', got 3"],
    ['label_join(up, "a")', 0, "expected at least 3 argument(s) in call to 'label_join', got 2"],
    ['1 + "a"', 4, 'binary expression must contain only scalar and instant vector types'],
    ['-up[5m]', 0, 'unary expression only allowed on expressions of type scalar or instant vector, got range vector'],
    ['1 == 1', 0, 'comparisons between scalars must use bool modifier'],
    ['up + bool up', 0, 'bool modifier can only be used on comparison operators'],
    ['1 and up', 0, "set operator 'and' not allowed in binary scalar expression"],
    ['a and on(x) group_left b', 0, "no grouping allowed for 'and' operation"],
    ['a + on(x) group_left(x) b', 0, "label 'x' must not occur in on and group clause at once"],
    ['{}', 0, 'vector selector must contain at least one non-empty matcher'],
    ['{job=~".*"}', 0, 'vector selector must contain at least one non-empty matcher'],
    ['up{__name__="x"}', 3, "metric name must not be set twice: 'up' or 'x'"],
    ['up{code=~"(?=5)"}', 3, "invalid regular expression '(?=5)': invalid or unsupported Perl syntax: '(?='"],
    ['rate(up[0s])', 8, 'duration must be greater than 0'],
    ['rate(up[1s1m])', 10, "unexpected '1m'"],
    ['sum(up)[5m]', 7, 'ranges only allowed for vector selectors'],
    ['up offset 5m[1m]', 12, 'no offset modifiers allowed before range'],
    ['up offset 5m offset 1m', 0, 'offset may not be set multiple times'],
    ['sum(up) @ 5', 0, '@ modifier must be preceded by an instant or range vector selector or a subquery'],
    ['up @ 1 @ 2', 0, '@ <timestamp> may not be set multiple times'],
    ['up[5m + 1m]', 3, 'experimental duration expression is not enabled'],
    ['limitk(1, up)', 0, 'limitk() is experimental and must be enabled'],
    ['first_over_time(up[5m])', 0, "unknown or experimental function with name 'first_over_time'"],
    ['a > bool 0and b', 9, "bad number or duration syntax: '0a'"],
    ['sum by (Inf) (up)', 8, 'unexpected Inf in grouping opts, expected label'],
    ['a * on(without) b', 7, 'unexpected without in grouping opts, expected label'],
    ['sum by ("") (up)', 8, 'unexpected "" in grouping opts, expected label'],
    ['1 + atan2', 4, "unexpected 'atan2'"],
    ['293y', 0, "bad number or duration syntax: '293y'"],
    ['up[9223372037]', 3, 'duration out of range'],
    ['up offset 1e10', 10, 'duration out of range'],
    ['up @ 1e19', 5, 'timestamp out of bounds for @ modifier'],
    ['0x1e', 0, "bad number or duration syntax: '0x1e'"],
    [String.raw`"\ud800"`, 0, String.raw`invalid or unterminated string "\ud800"`],
    ['a + fill(0) b', 4, 'binop fill modifiers are experimental and not enabled'],
  ])('%s is refused at %i', (text, offset, message) => {
    expect(syntaxError(text)).toEqual({ message, offset });
  });
});

describe('a query larger than any', () => {
  test.each([
    ['brackets', (depth: number) => `${'('.repeat(depth)}up${')'.repeat(depth)}`, 297, 298],
    ['signs', (depth: number) => `${'- '.repeat(depth)}up`, 297, 298],
    ['a row of operators', (depth: number) => `up${' or up'.repeat(depth)}`, 297, 298],
    ['a row of operators that bind to the right', (depth: number) => `up${' ^ up'.repeat(depth)}`, 297, 298],
    ['calls', (depth: number) => `${'abs('.repeat(depth)}up${')'.repeat(depth)}`, 148, 149],
  ])('%s are read so deep, and refused deeper', (_, deep, most, more) => {
    const store = createSeriesStore([]);
    expect(() => evaluatePromql(parsePromql(deep(most)), store, 0)).not.toThrow();
    expect(() => parsePromql(deep(more))).toThrow('nested too deeply');
  });

  test('is read up to 10000 characters', () => {
    expect(() => parsePromql('up'.padEnd(10_000))).not.toThrow();
    expect(syntaxError('up'.padEnd(10_001))).toEqual({
      message: 'must be at most 10000 characters long, got 10001',
      offset: 10_000,
    });
  });
});
