import { parseArgs } from 'node:util';
import { isDnsLabel } from '../workload/names.ts';

/** The command line is wrong: its message and the usage are printed, exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** How the text of a value is read. `must` ends the error `--name must be …`; `read` returns undefined for a wrong text. */
export interface Kind<Value> {
  readonly must: string;
  readonly read: (text: string) => Value | undefined;
}

/** An option of a command: its help, and how its values are read. */
export interface Option<Value> {
  /** What stands for its value in the help: `SECONDS`; undefined for an option without a value. */
  readonly arg: string | undefined;
  readonly help: string;
  /** `given` is each text given, in order; none where the option is not there. Throws UsageError. */
  readonly readAll: (name: string, given: readonly string[]) => Value;
}

/** By name, without `--`, in the order of the help. */
export type Options = Readonly<Record<string, Option<unknown>>>;
export type ValuesOf<Table extends Options> = {
  readonly [Name in keyof Table]: ReturnType<Table[Name]['readAll']>;
};

export const text: Kind<string> = { must: 'text', read: (given) => given };

export function oneOf<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  const names = words.map((word) => `'${word}'`);
  const must = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return { must, read: (given) => words.find((word) => word === given) };
}

export function integer(least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY): Kind<number> {
  const range = Number.isFinite(least) ? ` greater than ${least - 1}` : '';
  const must = `an integer${Number.isFinite(most) ? ` between ${least} and ${most}` : range}`;
  return between(must, least, most, /^(-?\d+)$/);
}

/** A number. `form` is what must be written, the number as its first group. */
export function between(must: string, least: number, most: number, form = /^(.+)$/): Kind<number> {
  return {
    must,
    read(given) {
      const value = Number(form.exec(given)?.[1]);
      return value >= least && value <= most ? value : undefined;
    },
  };
}

/** Seconds, with or without `s` behind them. */
export function seconds(least: number, most: number): Kind<number> {
  return between(`seconds between ${least} and ${most}`, least, most, /^(\d+(?:\.\d+)?)s?$/);
}

export const dnsLabel: Kind<string> = {
  must: "a name of lower-case letters, digits and '-'",
  read: (given) => (isDnsLabel(given) ? given : undefined),
};

/** `NAME=VALUE`. */
export const assignment: Kind<readonly [name: string, value: string]> = {
  must: 'NAME=VALUE',
  read(given) {
    const [, name, value = ''] = /^([^=]+)=([\s\S]*)$/.exec(given) ?? [];
    return name === undefined ? undefined : [name, value];
  },
};

export function flag(help: string): Option<boolean> {
  return { arg: undefined, help, readAll: (_, given) => given.length > 0 };
}

/** An option of which the last value given counts. `fallback` is read like a given value. */
export function option<Value>(arg: string, help: string, kind: Kind<Value>): Option<Value | undefined>;
export function option<Value>(arg: string, help: string, kind: Kind<Value>, fallback: string): Option<Value>;
export function option<Value>(
  arg: string,
  help: string,
  kind: Kind<Value>,
  fallback?: string,
): Option<Value | undefined> {
  return {
    arg,
    help: fallback === undefined || fallback === '' ? help : `${help}; default ${fallback}`,
    readAll(name, given) {
      const last = given.at(-1) ?? fallback;
      return last === undefined ? undefined : readOne(name, last, kind);
    },
  };
}

/** An option that may be given several times, and has all its values. */
export function list<Value>(arg: string, help: string, kind: Kind<Value>): Option<readonly Value[]> {
  return { arg, help, readAll: (name, given) => given.map((one) => readOne(name, one, kind)) };
}

/** An option with several values in one text, separated by commas; the last text given counts. */
export function commaList<Value>(arg: string, help: string, kind: Kind<Value>): Option<readonly Value[] | undefined> {
  return {
    arg,
    help,
    readAll: (name, given) =>
      given
        .at(-1)
        ?.split(',')
        .map((item) => readOne(name, item.trim(), kind)),
  };
}

function readOne<Value>(name: string, given: string, { must, read }: Kind<Value>): Value {
  const value = read(given);
  if (value === undefined) {
    throw new UsageError(`--${name} must be ${must}, got '${given}'`);
  }
  return value;
}

/** Throws UsageError, or what parseArgs throws. */
export function readArguments<Table extends Options>(table: Table, args: readonly string[], takesArguments: boolean) {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { arg }]) => [
      name,
      arg === undefined ? ({ type: 'boolean' } as const) : ({ type: 'string', multiple: true } as const),
    ]),
  );
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: takesArguments, options });
  const read = Object.entries(table).map(([name, { readAll }]) => {
    const given = values[name];
    return [name, readAll(name, Array.isArray(given) ? given.map(String) : given === undefined ? [] : [''])];
  });
  return { values: Object.fromEntries(read) as ValuesOf<Table>, positionals };
}

/** Columns of a help text, and at most of an option's name before its meaning. */
const [WIDTH, LEFT] = [130, 24];

/** The help's lines about options. After a long name, the meaning begins on the next line. */
export function renderOptions(table: Options): string {
  const rows = Object.entries(table).map(([name, { arg, help }]) => ({
    left: `  --${name}${arg === undefined ? '' : ` ${arg}`}`,
    help,
  }));
  rows.push({ left: '  -h, --help', help: 'this text' });
  const column = Math.max(...rows.map(({ left }) => left.length).filter((length) => length <= LEFT)) + 2;
  const fill = new RegExp(`\\S.{0,${WIDTH - column - 1}}(?=\\s|$)`, 'g');
  return rows
    .map(({ left, help }) => {
      const meaning = (help.match(fill) ?? []).join(`\n${' '.repeat(column)}`);
      return `${left.length < column ? left.padEnd(column) : `${left}\n${' '.repeat(column)}`}${meaning}`;
    })
    .join('\n');
}
