import { ExpositionError } from './errors.ts';

/** Reads a text from its start to its end, one pattern at a time. */
export interface Reader {
  /** 0-based, in UTF-16 units. */
  readonly position: () => number;
  /** Whether nothing is left; a zero byte ends the text, as it does for Prometheus. */
  readonly isAtEnd: () => boolean;
  /** What a sticky pattern matches here, and goes past it; undefined where it does not match. */
  readonly take: (pattern: RegExp) => string | undefined;
  /** The same, where the pattern must match. Throws ExpositionError, which says that `what` was expected. */
  readonly need: (pattern: RegExp, what: string) => string;
  /** Throws ExpositionError with the line of a position, by default of the present one. */
  readonly fail: (message: string, at?: number) => never;
}

export function createReader(text: string): Reader {
  let position = 0;

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    position += found?.length ?? 0;
    return found;
  }

  function fail(message: string, at = position): never {
    throw new ExpositionError(`line ${text.slice(0, at).split('\n').length}: ${message}`);
  }

  return {
    position: () => position,
    isAtEnd: () => position >= text.length || text[position] === '\0',
    take,
    need(pattern, what) {
      const at = position;
      const next = () => JSON.stringify(take(/\n|\S+|[^\S\n]+/y)) ?? 'the end';
      return take(pattern) ?? fail(`expected ${what}, got ${next()}`, at);
    },
    fail,
  };
}
