/** A name or value without its quotes and escapes. */
export function unquote(text: string): string {
  const inner = text.startsWith('"') ? text.slice(1, -1) : text;
  return inner.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
