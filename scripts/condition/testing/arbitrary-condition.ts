import fc from 'fast-check';

const NUMBERS = ['0', '1', '0.95', '.5', '1e3', '1_000', '0xff', '9223372036854775807', '1e308', '9e-9', '1.'];
const TEXTS = ['"a"', "'it'", '"(a+)+"', '"["', '"1"', '"1h30m"', '"\\u00e9\\n"', '""'];
const TESTS = 'all none any one filter find findIndex findLast findLastIndex count'.split(' ');

/** Texts one after the other. */
function join(...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  return fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''));
}
const words = (row: string) => fc.constantFrom(...row.split(' '));

type Kinds = Record<'bool' | 'number' | 'list' | 'text' | 'any', fc.Arbitrary<string>>;

/**
 * Expressions of each kind; now and then one of any, which the language only sees as it runs. `inside` are those of a closure,
 * where `#` has a meaning; without them these are they.
 */
function kindsOf(inside?: Kinds): Kinds {
  return fc.letrec<Record<keyof Kinds, string>>((tie) => {
    const [bool, number, list, text, any] = [tie('bool'), tie('number'), tie('list'), tie('text'), tie('any')];
    const each = inside ?? { bool, number, list, text, any };
    const names = inside === undefined ? ['a', '#', '#', '#index', '#acc'] : ['a'];
    const grow = (leaf: fc.Arbitrary<string>, ...parts: readonly fc.Arbitrary<string>[]) =>
      fc.oneof(
        { maxDepth: 3, depthSize: 'small', depthIdentifier: 'condition', withCrossShrink: true },
        leaf,
        ...parts,
      );
    const chosen = (one: fc.Arbitrary<string>) => join('(', bool, ' ? ', one, ' : ', one, ')');
    const named = (one: fc.Arbitrary<string>) => join('(let a = ', any, '; ', one, ')');
    return {
      bool: grow(
        fc.constantFrom('true', 'false', 'result[0] > 1', ...names),
        join(number, words('== != < > <= >='), number),
        join('(', bool, fc.constantFrom(' and ', ' or ', ' && ', ' || ', ' == '), bool, ')'),
        join(fc.constantFrom('not ', '!'), '(', bool, ')'),
        join(words('all none any one'), '(', list, ', ', fc.constantFrom('', '#index > 0 && '), each.bool, ')'),
        join(words('isNaN isInf isNil'), '(', any, ')'),
        join(
          text,
          fc.constantFrom(' contains ', ' startsWith ', ' endsWith ', ' matches ', ' not matches ', ' < '),
          text,
        ),
        join(any, fc.constantFrom(' in ', ' not in '), fc.oneof(list, any)),
        join('(', any, words('== !='), any, ')'),
        chosen(bool),
        named(bool),
      ),
      number: grow(
        fc.constantFrom('result[0]', 'result[-1]', 'len(result)', ...NUMBERS, ...names),
        fc.nat().map(String),
        join('(', number, fc.constantFrom(' + ', ' - ', ' * ', ' / ', ' % ', ' ** ', ' ^ '), number, ')'),
        join(fc.constantFrom('-', '+'), number),
        join(words('abs ceil floor round int float asInt asFloat'), '(', fc.oneof(number, text), ')'),
        join(words('sum mean median first last'), '(', list, ')'),
        join(words('max min'), '(', number, ', ', any, ')'),
        join(words('count find findIndex findLast findLastIndex'), '(', list, ', ', each.bool, ')'),
        join('reduce(', list, ', ', each.any, fc.constantFrom('', ', 0'), ')'),
        join('len(', fc.oneof(list, text, any), ')'),
        join(list, '[', number, ']'),
        chosen(number),
      ),
      list: grow(
        fc.constantFrom('result', 'result', 'result', '[]', ...names),
        join('(', number, '..', number, ')'),
        join('[', any, ', ', any, ']'),
        join('filter(', list, ', ', each.bool, ')'),
        join('map(', list, ', ', each.any, ')'),
        join('sort(', list, fc.constantFrom('', ', "desc"'), ')'),
        join('take(', list, ', ', number, ')'),
        join(list, '[', fc.constantFrom('0', '-1', ''), ':', number, ']'),
        join('(', list, fc.constantFrom(' | sort()', ' | filter(# > 0)', ' | map(# + 1)'), ')'),
      ),
      text: grow(
        fc.constantFrom(...TEXTS, ...names),
        fc.string({ maxLength: 5 }).map((content) => JSON.stringify(content)),
        join('(', text, ' + ', text, ')'),
        join(words('lower upper trim string type'), '(', any, ')'),
        join(text, '[', number, ':', ']'),
      ),
      any: grow(
        fc.constantFrom('nil', 'result', ...NUMBERS, ...TEXTS, ...names),
        number,
        bool,
        list,
        text,
        join('get(', any, ', ', any, ')'),
        join('[', any, '][0]'),
        join('{a: ', any, ', "b": ', any, '}'),
        join('({a: ', any, '}).', words('a b')),
        join('default(', any, ', ', any, ')'),
        join('(', any, ' ?? ', any, ')'),
        join('groupBy(', list, ', ', each.any, ')'),
        join('duration(', text, ')'),
        named(any),
      ),
    };
  });
}

const kinds = kindsOf(kindsOf());
const variable = join('let a = ', fc.constantFrom('result', 'result[0]', '[result[0]]', '1', '"x"', 'nil'), '; ');
/** Conditions by the grammar of the language, most of them with sense in their types. */
export const condition: fc.Arbitrary<string> = join(variable, kinds.bool);
/** Expressions by the grammar that may answer anything. */
export const expression: fc.Arbitrary<string> = join(variable, kinds.any);

const SOUP = '== != < .. ?? and or not in matches + - ** ( ) [ ] { } , : ; ? . # | ! " \' \\ / // /* */ let a =';
/** What conditions are made of, in any order. */
export const soup: fc.Arbitrary<string> = fc
  .array(fc.oneof(words(SOUP), fc.constantFrom('result', ...TESTS, ...NUMBERS, ...TEXTS)), { maxLength: 20 })
  .chain((row) => fc.constantFrom('', ' ').map((space) => row.join(space)));

const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, 0.95, Number.NaN, Number.POSITIVE_INFINITY));
/** What a query answers: a number, or a vector's values. */
export const result: fc.Arbitrary<number | readonly number[]> = fc.oneof(
  { weight: 1, arbitrary: value },
  { weight: 4, arbitrary: fc.array(value, { maxLength: 5 }) },
);
