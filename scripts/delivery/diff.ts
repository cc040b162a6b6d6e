import { styleText } from 'node:util';

/** A file as it was and as it will be. */
export interface TextChange {
  /** Relative to the repository, as `git diff` prints it. */
  readonly file: string;
  /** Undefined for a file that is new. */
  readonly before: string | undefined;
  readonly after: string;
}

const CONTEXT_LINES = 3;

/** The unified diff of one change: one hunk, from the first line that differs to the last. Coloured only on a terminal. */
export function renderDiff({ file, before, after }: TextChange, stream: NodeJS.WritableStream): string {
  const oldLines = linesOf(before ?? '');
  const newLines = linesOf(after);
  const shortest = Math.min(oldLines.length, newLines.length);
  let start = 0;
  while (start < shortest && oldLines[start] === newLines[start]) {
    start += 1;
  }
  let tail = 0;
  while (tail < shortest - start && oldLines.at(-1 - tail) === newLines.at(-1 - tail)) {
    tail += 1;
  }
  const first = Math.max(0, start - CONTEXT_LINES);
  const context = Math.min(tail, CONTEXT_LINES);
  const oldEnd = oldLines.length - tail;
  const newEnd = newLines.length - tail;
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream });
  const row = (sign: string, line: string) =>
    line.endsWith('\n') ? `${sign}${line.slice(0, -1)}` : `${sign}${line}\n\\ No newline at end of file`;
  const rows = [
    paint('bold', before === undefined ? '--- /dev/null' : `--- a/${file}`),
    paint('bold', `+++ b/${file}`),
    paint('cyan', `@@ -${span(first, oldEnd + context)} +${span(first, newEnd + context)} @@`),
    ...oldLines.slice(first, start).map((line) => row(' ', line)),
    ...oldLines.slice(start, oldEnd).map((line) => paint('red', row('-', line))),
    ...newLines.slice(start, newEnd).map((line) => paint('green', row('+', line))),
    ...oldLines.slice(oldEnd, oldEnd + context).map((line) => row(' ', line)),
  ];
  return rows.map((line) => `${line}\n`).join('');
}

/** Each with its line ending. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** `first,count`, 1-based; of nothing, the line before it. */
function span(from: number, to: number): string {
  return to === from ? `${from},0` : `${from + 1},${to - from}`;
}
