import fc from 'fast-check';

const BINARY = (
  '== != < > <= >= + - * / % ** ^ .. ?? and or && || in contains startsWith endsWith matches ' + 'not&in not&matches'
)
  .split(' ')
  .map((op) => op.replace('&', ' '));
const CALLS = (
  'isNaN isInf isNil asInt asFloat int float abs ceil floor round sum mean median first last sort len type string lower upper trim ' +
  'duration'
).split(' ');
const PREDICATES = 'all none any one filter map count find findIndex findLast findLastIndex groupBy'.split(' ');

const number = fc.oneof(
  fc.constantFrom('0', '1', '0.95', '.5', '1e3', '1_000', '0xff', '9223372036854775807', '1e308', '9e-9', '1.'),
  fc.nat().map(String),
);
const text = fc.oneof(
  fc.constantFrom('"a"', "'it'", '"(a+)+"', '"["', '"1"', '"1h30m"', '"\\u00e9\\n"', '""'),
  fc.string({ maxLength: 5 }).map((content) => JSON.stringify(content)),
);
const name = fc.constantFrom('result', 'result', 'result', 'a', 'b', '#', '#acc', '#index');
const leaf = fc.oneof(
  { weight: 3, arbitrary: name },
  { weight: 2, arbitrary: number },
  text,
  fc.constantFrom('true', 'false', 'nil', '[]', '{}', 'result[0]', 'result[-1]', 'len(result)'),
);

/** Conditions that follow the grammar of the language, with and without sense in their types and names. */
export const condition: fc.Arbitrary<string> = fc.letrec<{ part: string }>((tie) => {
  const part = tie('part');
  const join = (...parts: readonly (string | fc.Arbitrary<string>)[]) =>
    fc.tuple(...parts.map((one) => (typeof one === 'string' ? fc.constant(one) : one))).map((texts) => texts.join(''));
  return {
    part: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      { weight: 4, arbitrary: join(part, ' ', fc.constantFrom(...BINARY), ' ', part) },
      join('(', part, ')'),
      join(fc.constantFrom('not ', '!', '-', '+'), part),
      join('(', part, ' ? ', part, ' : ', part, ')'),
      join(fc.constantFrom(...CALLS), '(', part, ')'),
      join(fc.constantFrom('max', 'min', 'default', 'get', 'take', 'sort'), '(', part, ', ', part, ')'),
      join(
        fc.constantFrom(...PREDICATES),
        '(',
        part,
        ', ',
        fc.constantFrom('', '{'),
        part,
        fc.constantFrom('', '}'),
        ')',
      ),
      join('reduce(', part, ', ', part, ', ', part, ')'),
      join(part, ' | ', fc.constantFrom(...CALLS, ...PREDICATES), '(', part, ')'),
      join(part, '[', part, ']'),
      join(part, '[', part, ':', part, ']'),
      join(part, fc.constantFrom('.', '?.'), fc.constantFrom('a', 'b')),
      join('[', part, ', ', part, ']'),
      join('{a: ', part, ', "b": ', part, '}'),
      join('let a = ', part, '; ', part),
      join('(let b = ', part, '; ', part, ')'),
    ),
  };
}).part;

/** What conditions are made of, in any order. */
export const soup: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      leaf,
      fc.constantFrom(
        ...BINARY,
        ...CALLS,
        ...PREDICATES,
        ...'()[]{},:;?.#|!"\'\\/*='.split(''),
        '//',
        '/*',
        'let',
        'not',
      ),
    ),
    { maxLength: 20 },
  )
  .chain((words) => fc.constantFrom('', ' ').map((space) => words.join(space)));

const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, 0.95, Number.NaN, Number.POSITIVE_INFINITY));
/** What a query answers: a number, or a vector's values. */
export const result: fc.Arbitrary<number | readonly number[]> = fc.oneof(value, fc.array(value, { maxLength: 5 }));
