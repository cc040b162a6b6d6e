import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyText, examples } from '../../api/testing/fuzz.ts';
import { cpuSeconds } from '../testing/cpu-seconds.ts';
import { ExpositionError } from './errors.ts';
import { parseExposition } from './parse.ts';

const TEXT = 'text/plain; version=0.0.4';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0';

/** Whatever is read is read; what is refused is refused as it may be. */
function read(body: string, contentType: string): void {
  try {
    parseExposition(body, contentType);
  } catch (error) {
    expect(error).toBeInstanceOf(ExpositionError);
  }
}

const PIECES =
  'up{ } up { "up" job = "api" , 1 1.5 NaN +Inf 1e3 1e999 -1 17000000 # HELP TYPE UNIT EOF counter histogram le="1" a\\"b \\ é \0 x"';
const LINES = ['\n', ' ', '\t', '\r\n', '# EOF\n', '# TYPE up counter\n', '# HELP up x\n', 'up 1\n'];
const soup = fc
  .array(fc.constantFrom(...PIECES.split(' '), ...LINES), { maxLength: 25 })
  .chain((row) => fc.constantFrom('', ' ').map((space) => row.join(space)));

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const text = anyText({ minLength: 1, maxLength: 8 });
const word = text.map((one) => one.replaceAll('\0', '0'));
/** A line as a target may mean it: names of any characters but the zero byte, and values of any. */
const sample = fc.record({
  name: fc.oneof(fc.constantFrom('up', 'a:b', '_x1'), word),
  labels: fc.uniqueArray(
    fc.tuple(fc.oneof(fc.constantFrom('job', 'le', '_9'), word), fc.oneof(fc.constant(''), text)),
    {
      maxLength: 4,
      selector: ([label]) => label,
    },
  ),
  value: fc.double(),
  seconds: fc.option(fc.nat(), { nil: undefined }),
});
type Sample = typeof sample extends fc.Arbitrary<infer T> ? T : never;

const quoted = (raw: string) => `"${raw.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
const written = (value: number) => (Object.is(value, -0) ? '-0' : String(value).replace('Infinity', 'Inf'));

function render({ name, labels, value, seconds }: Sample, isOpenMetrics: boolean): string {
  const isPlain = NAME.test(name);
  const pairs = labels.map(([label, of]) => `${LABEL.test(label) ? label : quoted(label)}=${quoted(of)}`);
  const braces = [...(isPlain ? [] : [quoted(name)]), ...pairs].join(',');
  const time = seconds === undefined ? '' : ` ${isOpenMetrics ? seconds : seconds * 1000}`;
  return `${isPlain ? name : ''}${braces === '' ? '' : `{${braces}}`} ${written(value)}${time}\n`;
}

const meant = ({ name, labels, value, seconds }: Sample) => ({
  labels: new Map([['__name__', name], ...labels]),
  value,
  ...(seconds === undefined ? {} : { timestamp: seconds * 1000 }),
});

describe('an exposition', () => {
  test.each([
    ['any text', anyText({ maxLength: 60 }), 300],
    ['any row of tokens', soup, 600],
  ])('%s is read or refused', (_, bodies, count) => {
    fc.assert(fc.property(bodies, fc.constantFrom(TEXT, OPEN_METRICS), read), examples(count));
  });

  test('any Content-Type is taken or refused', () => {
    const types = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `text/plain;${rest}`),
    );
    fc.assert(
      fc.property(types, (contentType) => read('up 1\n', contentType)),
      examples(200),
    );
  });

  test('is read as it was meant, in both formats', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 5 }), fc.boolean(), (samples, isOpenMetrics) => {
        const lines = samples.map((one) => `# TYPE x gauge\n${render(one, isOpenMetrics)}`).join('');
        const body = isOpenMetrics ? `${lines}# EOF\n` : lines;
        expect(parseExposition(body, isOpenMetrics ? OPEN_METRICS : TEXT)).toEqual({
          samples: samples.map(meant),
          types: new Map(samples.length > 0 ? [['x', 'gauge']] : []),
        });
      }),
      examples(250),
    );
  });

  test.each([
    ['text/plain; a=b; A="b"', true],
    ['text/plain; a=b; a=c', false],
    ['text/plain; {a}=b', true],
    ['text/plain; a="b\nc"', false],
  ])('under %j is read: %p', (contentType, isRead) => {
    const parse = () => parseExposition('up 1\n', contentType);
    if (isRead) {
      expect(parse).not.toThrow();
    } else {
      expect(parse).toThrow(ExpositionError);
    }
  });

  test.each([
    ['up{a="\\\r"} 1\n', true],
    ['up{a="\\\u2028\0"} 1\n', true],
    ['up{a="\\\n"} 1\n', false],
    ['{"u\0p"} 1\n', false],
    ['# HELP upé\n', false],
  ])('%j is read: %p', (body, isRead) => {
    const parse = () => parseExposition(body, TEXT);
    if (isRead) {
      expect(parse).not.toThrow();
    } else {
      expect(parse).toThrow(ExpositionError);
    }
  });

  test.each([
    ['a long value of a label', (size: number) => `a{b="${'\\\\'.repeat(size / 2)}"} 1\n`, TEXT],
    ['a value that never ends', (size: number) => `a{b="${'x'.repeat(size)}`, TEXT],
    ['digits that are no number', (size: number) => `a ${'1'.repeat(size)}x\n`, TEXT],
    ['a time of many digits', (size: number) => `a 1 ${'9'.repeat(size)}\n`, TEXT],
    ['many lines', (size: number) => 'a 1\n'.repeat(size / 4), TEXT],
    ['blanks', (size: number) => `a ${' '.repeat(size)}`, TEXT],
    ['a Content-Type of blanks', () => 'a 1\n', `text/plain${' '.repeat(100_000)}x`],
  ])('takes time in proportion to %s', (_, body, contentType) => {
    expect(cpuSeconds(() => read(body(200_000), contentType))).toBeLessThan(5);
  });
});
