import { styleText } from 'node:util';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** A file as it was and as it will be. */
export interface TextChange {
  /** Relative to the repository, as `git diff` prints it. */
  readonly file: string;
  /** Undefined for a file that is new. */
  readonly before: string | undefined;
  readonly after: string;
}

const CONTEXT_LINES = 3;

/** The unified diff of one change, as git prints it. Coloured only on a terminal. */
export function renderDiff({ file, before, after }: TextChange, stream: NodeJS.WritableStream): string {
  const patch = createTwoFilesPatch(
    before === undefined ? '/dev/null' : `a/${file}`,
    `b/${file}`,
    before ?? '',
    after,
    undefined,
    undefined,
    { context: CONTEXT_LINES, headerOptions: FILE_HEADERS_ONLY },
  );
  return patch.replace(/^[-+@].*$/gm, (line) => styleText(styleOf(line), line, { stream }));
}

function styleOf(line: string): 'bold' | 'cyan' | 'red' | 'green' {
  if (/^(---|\+\+\+) /.test(line)) {
    return 'bold';
  }
  return line.startsWith('@') ? 'cyan' : line.startsWith('-') ? 'red' : 'green';
}
