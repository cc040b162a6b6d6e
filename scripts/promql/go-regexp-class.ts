/** RE2's own names for sets of characters, as they stand inside brackets. */
const CLASSES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    alnum: '0-9A-Za-z',
    alpha: 'A-Za-z',
    ascii: '\\x00-\\x7F',
    blank: '\\t ',
    cntrl: '\\x00-\\x1F\\x7F',
    digit: '0-9',
    graph: '!-~',
    lower: 'a-z',
    print: ' -~',
    punct: '!-\\/:-@\\[-`{-~',
    space: '\\t\\n\\v\\f\\r ',
    upper: 'A-Z',
    word: '0-9A-Za-z_',
    xdigit: '0-9A-Fa-f',
  }),
);

/** RE2's `\s` has neither the vertical tab nor the spaces of Unicode that JavaScript's has. */
const SPACE = '\\t\\n\\f\\r ';
const NOT_SPACE = '\\x00-\\x08\\v\\x0E-\\x1F!-\\u{10FFFF}';

/** What only means something outside brackets, in JavaScript's terms. */
const ASSERTIONS: Readonly<Record<string, string>> = { A: '(?<![^])', z: '(?![^])', b: '\\b', B: '\\B' };

/** A piece of a JavaScript expression and how much of the RE2 text it stands for. */
export type Translated = readonly [text: string, length: number];

/** The escape sequence that `rest` begins with; `isInClass` inside brackets. Throws `SyntaxError` on an unknown one. */
export function translateEscape(rest: string, isInClass: boolean): Translated {
  const char = rest[1] ?? '';
  const hex = /^\\x(?:([\da-fA-F]{2})|\{([\da-fA-F]+)\})/.exec(rest);
  if (hex) return [`\\u{${hex[1] ?? hex[2]}}`, hex[0].length];
  const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
  if (octal) return [`\\u{${Number.parseInt(octal[1] ?? '', 8).toString(16)}}`, octal[0].length];
  const property = /^\\([pP])(?:\{(\^?)(\w+)\}|(\w))/.exec(rest);
  if (property) {
    const name = property[3] ?? property[4] ?? '';
    const isNegated = (property[1] === 'P') !== (property[2] === '^');
    // One or two letters are a category, such as Lu; a longer name is a script.
    return [`\\${isNegated ? 'P' : 'p'}{${name.length > 2 ? `Script=${name}` : name}}`, property[0].length];
  }
  if (char === 's' || char === 'S') {
    const set = char === 's' ? SPACE : NOT_SPACE;
    return [isInClass ? set : `[${set}]`, 2];
  }
  if (/[dDwWfnrtv]/.test(char)) return [`\\${char}`, 2];
  if (char === 'a') return ['\\x07', 2];
  const assertion = isInClass ? undefined : ASSERTIONS[char];
  if (assertion !== undefined) return [assertion, 2];
  // RE2 lets any punctuation be escaped, JavaScript with the `u` flag only its own syntax.
  if (/[\^$\\.*+?()[\]{}|/]/.test(char) || (isInClass && char === '-')) return [`\\${char}`, 2];
  if (/[!-/:-@[-`{-~]/.test(char)) return [char, 2];
  throw new SyntaxError(`invalid escape sequence: '\\${char}'`);
}

/** The bracket expression that `rest` begins with. Throws `SyntaxError` when it does not end. */
export function translateClass(rest: string): Translated {
  const start = rest.startsWith('[^') ? '[^' : '[';
  let text = start;
  let at = start.length;
  while (at < rest.length) {
    const char = rest[at] ?? '';
    const named = /^\[:(\^?\w+):\]/.exec(rest.slice(at));
    // A bracket in first place is one of the characters.
    if (char === ']' && at > start.length) return [`${text}]`, at + 1];
    if (named) {
      const set = CLASSES.get(named[1] ?? '');
      if (set === undefined) throw new SyntaxError(`invalid or unsupported character class: '${named[0]}'`);
      text += set;
      at += named[0].length;
    } else if (char === '\\') {
      const [escaped, length] = translateEscape(rest.slice(at), true);
      text += escaped;
      at += length;
    } else {
      text += char === '[' || char === ']' ? `\\${char}` : char;
      at += 1;
    }
  }
  throw new SyntaxError("missing closing ']'");
}
