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
