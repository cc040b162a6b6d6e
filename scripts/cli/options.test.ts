import { describe, expect, test } from '@jest/globals';
import {
  assignment,
  commaList,
  dnsLabel,
  flag,
  integer,
  list,
  oneOf,
  option,
  readArguments,
  renderOptions,
  seconds,
  text,
} from './options.ts';

const TABLE = {
  all: flag('everything'),
  name: option('NAME', 'what it is called', dnsLabel),
  rounds: option('N', 'how often', integer(1, 9), '5'),
  every: option('SECONDS', 'how often it is asked', seconds(1, 3600)),
  world: option('WORLD', 'where', oneOf('local', 'model'), 'local'),
  env: list('NAME=VALUE', 'a variable; may be repeated', assignment),
  rps: commaList('LIST', 'requests a second', integer(0)),
};
const read = (...args: string[]) => readArguments(TABLE, args, true);

describe('readArguments', () => {
  test('reads what is given, and the default of what is not', () => {
    expect(read().values).toEqual({ all: false, rounds: 5, world: 'local', env: [] });
    const given = '--all --name a-1 --rounds 9 --every 15s --world model --env A=1 --env B=x=y --rps 0,12';
    expect(read(...given.split(' '), 'one').values).toEqual({
      all: true,
      name: 'a-1',
      rounds: 9,
      every: 15,
      world: 'model',
      env: [
        ['A', '1'],
        ['B', 'x=y'],
      ],
      rps: [0, 12],
    });
    expect(read('one', '--all', 'two').positionals).toEqual(['one', 'two']);
  });

  test('takes the last of an option that is given twice', () => {
    expect(read('--rounds', '2', '--rounds', '3').values.rounds).toBe(3);
  });

  test.each([
    [['--rounds', '0'], "--rounds must be an integer between 1 and 9, got '0'"],
    [['--rounds', '10'], "--rounds must be an integer between 1 and 9, got '10'"],
    [['--rounds', '1.5'], "--rounds must be an integer between 1 and 9, got '1.5'"],
    [['--rounds', ''], "--rounds must be an integer between 1 and 9, got ''"],
    [['--every', '0.9'], "--every must be seconds between 1 and 3600, got '0.9'"],
    [['--every', '3601s'], "--every must be seconds between 1 and 3600, got '3601s'"],
    [['--world', 'moon'], "--world must be 'local' or 'model', got 'moon'"],
    [['--env', 'A'], "--env must be NAME=VALUE, got 'A'"],
    [['--rps', '1,-1'], "--rps must be an integer greater than -1, got '-1'"],
    [['--name', 'A'], "--name must be a name of lower-case letters, digits and '-', got 'A'"],
    [['--nope'], "Unknown option '--nope'"],
    [['--name'], "Option '--name <value>' argument missing"],
  ])('%j is refused', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });

  test('refuses arguments where a command takes none', () => {
    expect(() => readArguments(TABLE, ['one'], false)).toThrow("Unexpected argument 'one'");
  });
});

test('help says what stands for a value, and the default', () => {
  expect(renderOptions({ all: TABLE.all, rounds: TABLE.rounds })).toBe(
    ['  --all       everything', '  --rounds N  how often; default 5', '  -h, --help  this text'].join('\n'),
  );
});

test('help keeps its columns where a name or a meaning is long', () => {
  const long = { 'a-name-of-many-letters': option('SECONDS', 'word '.repeat(40), text), b: flag('short') };
  const lines = renderOptions(long).split('\n');
  expect(lines[0]).toBe('  --a-name-of-many-letters SECONDS');
  expect(lines[1]).toMatch(/^ {14}word (word )+word$/);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(130);
  expect(lines.slice(-2)).toEqual(['  --b         short', '  -h, --help  this text']);
});
