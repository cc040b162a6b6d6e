import fc from 'fast-check';
import { DATES, NUMBERS, TEXTS, words } from './arbitrary-tokens.ts';

/** Concatenates the parts. */
function join(...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  return fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''));
}

type Kinds = Record<'bool' | 'number' | 'list' | 'text' | 'time' | 'duration' | 'map' | 'any', fc.Arbitrary<string>>;

/**
 * Generates expressions of each type; in some, a part of type any is only checked at run time. `inside` generates the predicates,
 * in which `#` has a meaning; if omitted, these same generators are used.
 */
function kindsOf(inside?: Kinds): Kinds {
  return fc.letrec<Record<keyof Kinds, string>>((tie) => {
    const [bool, number, list, text, any] = [tie('bool'), tie('number'), tie('list'), tie('text'), tie('any')];
    const [time, duration, map] = [tie('time'), tie('duration'), tie('map')];
    const each = inside ?? { bool, number, list, text, time, duration, map, any };
    const names = inside === undefined ? ['a', '#', '#', '#index', '#acc'] : ['a'];
    const grow = (leaf: fc.Arbitrary<string>, ...parts: readonly fc.Arbitrary<string>[]) =>
      fc.oneof(
        { maxDepth: 3, depthSize: 'small', depthIdentifier: 'condition', withCrossShrink: true },
        leaf,
        ...parts,
      );
    const chosen = (one: fc.Arbitrary<string>) =>
      fc.oneof(
        join('(', bool, ' ? ', one, ' : ', one, ')'),
        join('(if ', bool, ' { ', one, ' } else { ', one, ' })'),
        join('(if ', bool, ' { ', any, '; ', one, ' } else if ', bool, ' {', one, '} else { ', one, ' })'),
      );
    const named = (one: fc.Arbitrary<string>) => join('(let a = ', any, '; ', one, ')');
    const listed = (name: string) =>
      join(name, '(', fc.oneof(list, join(list, ', ', number), join(number, ', ', number)), ')');
    return {
      bool: grow(
        fc.constantFrom('true', 'false', 'result[0] > 1', ...names),
        join(number, words('== != < > <= >='), number),
        join(number, words('< > <= >='), number, words('< > <= >='), number),
        join('(', bool, fc.constantFrom(' and ', ' or ', ' && ', ' || ', ' == '), bool, ')'),
        join('all(', list, ', ', each.bool, ') and all(result, ', each.bool, ')'),
        join(fc.constantFrom('all(result, ', 'none(result, '), each.bool, ') and all(result, ', each.bool, ')'),
        join('any(result, ', each.bool, ') or any(result, ', each.bool, ')'),
        join(fc.constantFrom('not ', '!'), '(', bool, ')'),
        join(words('all none any one'), '(', list, ', ', fc.constantFrom('', '#index > 0 && '), each.bool, ')'),
        join(words('isNaN isInf isNil'), '(', any, ')'),
        join(
          text,
          fc.constantFrom(' contains ', ' startsWith ', ' endsWith ', ' matches ', ' not matches ', ' < '),
          text,
        ),
        join(words('hasPrefix hasSuffix'), '(', text, ', ', text, ')'),
        join(any, fc.constantFrom(' in ', ' not in '), fc.oneof(list, map, any)),
        join('(', any, words('== !='), any, ')'),
        join('(', list, words('== !='), list, ')'),
        join('(', fc.oneof(map, text), words('== !='), fc.oneof(map, text), ')'),
        join('(', time, words('== != < > <= >='), time, ')'),
        join('(', duration, words('== != < > <= >='), duration, ')'),
        join(time, words('.Before( .After( .Equal('), time, ')'),
        join('(', any, '; ', bool, ')'),
        chosen(bool),
        named(bool),
      ),
      number: grow(
        fc.constantFrom('result[0]', 'result[-1]', 'len(result)', ...NUMBERS, ...names),
        fc.nat({ max: 20 }).map(String),
        join('(', number, fc.constantFrom(' + ', ' - ', ' * ', ' / ', ' % ', ' ** ', ' ^ '), number, ')'),
        join(fc.constantFrom('-', '+'), number),
        join(
          words('abs ceil floor round int float asInt asFloat bitnot'),
          '(',
          fc.oneof(number, number, text, any),
          ')',
        ),
        join(words('bitand bitor bitxor bitnand bitshl bitshr bitushr'), '(', number, ', ', number, ')'),
        join(words('sum mean median first last count max min'), '(', list, ')'),
        fc.oneof(...['max', 'min', 'mean', 'median'].map(listed)),
        join(words('max min'), '(', any, ', ', any, ')'),
        join(words('count find findIndex findLast findLastIndex'), '(', list, ', ', each.bool, ')'),
        join('sum(', list, ', ', each.number, ')'),
        join('sum([', number, ', ', any, ', ', number, '])'),
        join('sum(map(', list, ', ', each.number, '))'),
        join('reduce(', list, ', ', each.any, fc.constantFrom('', ', 0'), ')'),
        join('len(', fc.oneof(list, text, map, any), ')'),
        join('len(filter(', list, ', ', each.bool, '))'),
        join(list, fc.constantFrom('', '?.'), '[', number, ']'),
        join('filter(', list, ', ', each.bool, ')[', words('0 -1 1'), ']'),
        join(words('first last'), '(filter(', list, ', ', each.bool, '))'),
        join(words('first last'), '(map(filter(', list, ', ', each.bool, '), ', each.number, '))'),
        join(words('indexOf lastIndexOf'), '(', text, ', ', text, ')'),
        join(
          time,
          '.',
          words('Year Day Hour Minute Second Nanosecond YearDay Unix UnixMilli UnixMicro UnixNano'),
          '()',
        ),
        join('int(', time, words('.Month .Weekday'), '())'),
        join(duration, '.', words('Hours Minutes Seconds Milliseconds Microseconds Nanoseconds'), '()'),
        chosen(number),
      ),
      list: grow(
        fc.constantFrom('result', 'result', 'result', '[]', '[1, 2]', '["a", "b"]', ...names),
        join('(', number, '..', number, ')'),
        join('[', any, ', ', any, ']'),
        join('filter(', list, ', ', each.bool, ')'),
        join('map(', list, ', ', each.any, ')'),
        join('sort(', list, fc.constantFrom('', ', "desc"', ', "up"'), ')'),
        join('sortBy(', list, ', ', each.any, fc.constantFrom('', ', "desc"', ', "asc"'), ')'),
        join('take(', list, ', ', number, ')'),
        join(words('reverse uniq flatten'), '(', list, ')'),
        join('concat(', list, ', ', list, ')'),
        join(words('keys values'), '({a: ', any, '})'),
        join('toPairs({a: ', any, '})'),
        join(words('split splitAfter'), '(', text, ', ', text, fc.constantFrom('', ', 2', ', 0', ', -1'), ')'),
        join(list, '[', fc.constantFrom('0', '-1', ''), ':', number, ']'),
        join(
          '(',
          list,
          fc.constantFrom(' | sort()', ' | filter(# > 0)', ' | map(# + 1)', ' | uniq()', ' | take(1)'),
          ')',
        ),
        chosen(list),
      ),
      text: grow(
        fc.constantFrom(...TEXTS, ...names),
        fc.string({ maxLength: 5 }).map((content) => JSON.stringify(content)),
        join('(', text, ' + ', text, ')'),
        join(words('lower upper trim string type toBase64 fromBase64 trimPrefix trimSuffix'), '(', any, ')'),
        join(words('trim trimPrefix trimSuffix'), '(', text, ', ', text, ')'),
        join('replace(', text, ', ', text, ', ', text, fc.constantFrom('', ', 1', ', -1'), ')'),
        join('repeat(', text, ', ', number, ')'),
        join('join(', list, fc.constantFrom('', ', ","'), ')'),
        join(text, '[', number, ':', ']'),
        join(fc.oneof(time, duration), '.String()'),
        join(
          time,
          '.Format(',
          fc.constantFrom('"2006-01-02"', '"Mon Jan _2 15:04:05 2006"', '"3:04PM .000 Z07:00 -0700"'),
          ')',
        ),
        join(time, words('.Month .Weekday'), '().String()'),
      ),
      time: grow(
        join('date(', fc.constantFrom(...DATES), ')'),
        join('date(', text, ')'),
        join(
          'date("2024-03-31 02:30", "2006-01-02 15:04", ',
          fc.constantFrom('"Europe/Zurich"', '"Nowhere"', '"UTC"'),
          ')',
        ),
        join('date(timezone("America/New_York"), ', fc.constantFrom(...DATES), ')'),
        join('(', time, words('+ -'), duration, ')'),
        join(time, '.AddDate(', number, ', ', number, ', ', number, ')'),
        join(
          time,
          fc.constantFrom(
            '.UTC()',
            '.In(timezone("Asia/Tokyo"))',
            '.Truncate(duration("1h"))',
            '.Round(duration("24h"))',
          ),
        ),
        join(time, '.Add(', duration, ')'),
      ),
      duration: grow(
        fc.constantFrom('duration("1h30m")', 'duration("-1.5s")', 'duration("0")', 'duration("90ms")'),
        join('duration(', text, ')'),
        join('(', time, ' - ', time, ')'),
        join('(', duration, words('+ - *'), duration, ')'),
        join('(', duration, '*', number, ')'),
        join('(', number, '*', duration, ')'),
        join(duration, fc.constantFrom('.Abs()', '.Round(duration("1h"))', '.Truncate(duration("1s"))')),
      ),
      map: grow(
        fc.constantFrom('{}', '{a: 1}', '{"b": result}', ...names),
        join('{a: ', any, ', "b": ', any, '}'),
        join('groupBy(', list, ', ', each.any, ')'),
        join('fromPairs(', fc.oneof(list, join('[["a", ', any, ']]')), ')'),
        join('fromJSON(', fc.constantFrom('\'{"a": [1, null, "x"]}\'', "'{'", "'[1e999]'"), ')'),
      ),
      any: grow(
        fc.constantFrom('nil', 'result', ...NUMBERS, ...TEXTS, ...names),
        number,
        bool,
        list,
        text,
        time,
        duration,
        map,
        join('get(', any, ', ', any, ')'),
        join('get(', fc.oneof(list, map), ', ', fc.oneof(number, text), ')'),
        join('[', any, '][0]'),
        join('(', map, ')', words('.a .b ?.a ?.b?.c ?.["a"] ["b"]')),
        join('get([', any, '], 0)', words('?.a ?.[0] .a .Hours() ?.Year() .String() [0]')),
        join('default(', any, ', ', any, ')'),
        join('(', any, ' ?? ', any, ')'),
        join('fromJSON(', text, ')'),
        named(any),
        chosen(any),
      ),
    };
  });
}

const kinds = kindsOf(kindsOf());
const variable = join(
  'let a = ',
  fc.constantFrom('result', 'result[0]', '[result[0]]', '1', '"x"', 'nil', '{a: result}'),
  '; ',
);
/** Conditions that follow the grammar of the language; most of them have the right types too. */
export const condition: fc.Arbitrary<string> = join(variable, kinds.bool);
/** Expressions that follow the grammar and may return a value of any type. */
export const expression: fc.Arbitrary<string> = join(variable, kinds.any);
