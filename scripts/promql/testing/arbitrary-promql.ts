import fc from 'fast-check';
import { FUNCTIONS } from '../functions.ts';
import type { Series, SeriesSample } from '../store.ts';

/** Concatenates the parts. */
function join(...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  return fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''));
}
const words = (row: string) => fc.constantFrom(...row.split(' '));

const LABELS = 'job code le pod instance';
const VALUES = ['api', '200', '503', '0.5', '+Inf', 'a', ''];
const PATTERNS = ['5..', '.*', '.+', '(a+)+', '', '[^5].*', '(?i)API', '200|503', '\\\\d{3}'];
const duration = words('1s 30s 1m 5m 1m30s 90 500ms 1h');
const matcher = fc.oneof(
  join(
    words(LABELS),
    words('= !='),
    fc.constantFrom(...VALUES).map((value) => `"${value}"`),
  ),
  join(
    words(LABELS),
    words('=~ !~'),
    fc.constantFrom(...PATTERNS).map((pattern) => `"${pattern}"`),
  ),
);
const labelList = fc.array(words(LABELS), { maxLength: 3 }).map((labels) => `(${labels.join(', ')})`);
const offset = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  join(' offset ', fc.constantFrom('', '-'), duration),
);
const at = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.constantFrom(' @ start()', ' @ end()', ' @ 1000', ' @ 1e3'),
);
const selector = join(
  words('up http_requests_total latency_bucket'),
  fc.oneof(fc.constant(''), join('{', matcher, '}')),
);
const number = fc.oneof(
  fc.constantFrom('0', '1', '0.5', '1e3', '0x1F', '010', 'Inf', 'NaN', '5m', '1e308', '.5', '-1', '1_000'),
  fc.nat().map(String),
);
const text = fc.constantFrom('"job"', '"le"', "'x'", '`$1-$2`', '"(.*)"', '"(a"', '"$name"', '""');

type Kind = 'scalar' | 'vector' | 'matrix' | 'string';

/** Generates expressions of each type that follow the grammar and the signatures of the functions. */
const kinds = fc.letrec<Record<Kind, string>>((tie) => {
  const of: Record<Kind, fc.Arbitrary<string>> = {
    scalar: tie('scalar'),
    vector: tie('vector'),
    matrix: tie('matrix'),
    string: text,
  };
  const { scalar, vector } = of;
  const grow = (...parts: readonly fc.Arbitrary<string>[]) =>
    fc.oneof({ maxDepth: 4, depthSize: 'small', depthIdentifier: 'promql', withCrossShrink: true }, ...parts);
  const calls = (returns: Kind) =>
    [...FUNCTIONS]
      .filter(([, signature]) => signature.returns === returns)
      .map(([name, { args, variadic }]) => {
        const given = variadic === 0 ? args : args.slice(0, -1);
        const rest = variadic === 0 ? [] : args.slice(-1);
        return join(
          name,
          '(',
          fc
            .tuple(...given.map((type) => of[type]), ...rest.map((type) => fc.oneof(fc.constant(''), of[type])))
            .map((texts) => texts.filter((one) => one !== '').join(', ')),
          ')',
        );
      });
  const matching = fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    join(' ', words('on ignoring'), labelList),
    join(' ignoring', labelList, fc.constantFrom(' group_left()', ' group_left(pod)', ' group_right()')),
  );
  const grouping = fc.oneof(fc.constant(''), join(' ', words('by without'), ' ', labelList, ' '));
  return {
    scalar: grow(
      number,
      join('(', scalar, ' ', words('+ - * / % ^ atan2'), ' ', scalar, ')'),
      join('(', scalar, ' ', words('== != > < >= <='), ' bool ', scalar, ')'),
      join(words('- +'), scalar),
      ...calls('scalar'),
    ),
    vector: grow(
      join(selector, offset, at),
      join('(', vector, ' ', words('+ - * / % ^ atan2 == != > < >= <='), matching, ' ', vector, ')'),
      join(
        '(',
        vector,
        ' ',
        words('and or unless'),
        ' ',
        fc.oneof(fc.constant(''), join(words('on ignoring'), labelList, ' ')),
        vector,
        ')',
      ),
      join('(', vector, ' ', words('+ - * / % ^ atan2 > == != <'), fc.constantFrom(' ', ' '), scalar, ')'),
      join('(', scalar, ' > bool ', vector, ')'),
      join('-', vector),
      join(words('sum avg count min max group stddev stdvar'), grouping, '(', vector, ')'),
      join(words('topk bottomk quantile'), grouping, '(', scalar, ', ', vector, ')'),
      join('count_values', grouping, '("value", ', vector, ')'),
      ...calls('vector'),
    ),
    matrix: grow(
      join(selector, '[', duration, ']', offset, at),
      join('(', vector, ')[', duration, ':', fc.oneof(fc.constant(''), words('7s 1m')), ']', offset, at),
    ),
    string: text,
  };
});

/** Queries that follow the grammar and have the right types. */
export const promql: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: kinds.vector },
  kinds.scalar,
  kinds.matrix,
  kinds.string,
);

const SOUP =
  '( ) { } [ ] , : + - * / % ^ == != =~ !~ > bool and or unless on ignoring group_left by without offset @ start() sum rate topk up job "a" "5.." \'x\' `y` "( 1 0x1F 5m 1h1m NaN # \\ =';
/** Tokens of queries in any order: hardly any of these texts is a query. */
export const soup: fc.Arbitrary<string> = fc
  .array(words(SOUP), { maxLength: 20 })
  .chain((row) => fc.constantFrom('', ' ').map((space) => row.join(space)));

const value: fc.Arbitrary<SeriesSample['value']> = fc.oneof(
  { weight: 3, arbitrary: fc.nat() },
  fc.double(),
  fc.constantFrom<SeriesSample['value']>('stale', Number.NaN, Number.POSITIVE_INFINITY, 0, -1),
);

/** Series with distinct labels, with samples from 0 to 1000 s. */
export const series: fc.Arbitrary<readonly Series[]> = fc.uniqueArray(
  fc
    .tuple(
      words('up http_requests_total latency_bucket'),
      fc.dictionary(words(LABELS), fc.constantFrom(...VALUES.slice(0, -1)), { maxKeys: 3 }),
      fc.uniqueArray(fc.nat({ max: 10_000 }), { maxLength: 8 }),
      fc.array(value, { minLength: 8, maxLength: 8 }),
    )
    .map(([name, labels, times, values]) => ({
      labels: new Map([['__name__', name], ...Object.entries(labels)]),
      samples: times
        .sort((left, right) => left - right)
        .map((tenths, index) => ({ timeSeconds: tenths / 10, value: values[index] ?? 0 })),
    })),
  { maxLength: 6, selector: ({ labels }) => JSON.stringify([...labels].sort()) },
);
