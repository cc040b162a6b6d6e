/** What each single character after a backslash stands for (Go specification, "Rune literals"); quotes are left to the caller. */
export const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const LETTERS = new Map(Object.entries({ ...ESCAPES, '"': '"' }).map(([letter, character]) => [character, letter]));

/** What `strconv.Quote` of Go's library writes between the quotes. */
export function quoteGo(text: string): string {
  return text.replace(/[\\"]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const [start, digits] = code < 0x80 ? ['x', 2] : code > 0xffff ? ['U', 8] : ['u', 4];
    return `\\${LETTERS.get(character) ?? `${start}${code.toString(16).padStart(Number(digits), '0')}`}`;
  });
}
