import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';

/** Columns and rows of the terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What a program writes to a terminal, in the pieces in which it arrived. Throws when the program fails. */
export async function record(
  argv: readonly string[],
  cwd: string,
  { columns, rows }: Size,
): Promise<readonly string[]> {
  const quoted = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  // `script` (util-linux) gives a terminal to a program that has none.
  const child = spawn('script', ['-qefc', `stty cols ${columns} rows ${rows}; ${quoted}`, '/dev/null'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm-256color' },
  });
  const pieces: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text) => pieces.push(text));
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`${argv.join(' ')} ended with ${code}: ${pieces.join('').trim().split('\n').at(-1)}`);
  }
  return pieces;
}

/** The pieces up to the first that contains `words`, and `more` pieces after it, which complete the screen. Throws if none does. */
export function until(pieces: readonly string[], words: string, more: number): string {
  const first = pieces.findIndex((piece) => piece.includes(words));
  if (first === -1) {
    throw new Error(`'${words}' was never on the terminal`);
  }
  return pieces.slice(0, first + 1 + more).join('');
}

const BACKGROUND = '#11151c';
const modules = createRequire(import.meta.url);

/** A picture (PNG) of a terminal that was sent `output`. */
export async function picture(browser: Browser, output: string, { columns, rows }: Size): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1400 }, deviceScaleFactor: 1.5 });
  await page.setContent(
    `<body style="margin:0"><div id="terminal" style="display:inline-block;padding:14px 18px;background:${BACKGROUND}"></div>`,
  );
  await page.addStyleTag({ content: await readFile(modules.resolve('@xterm/xterm/css/xterm.css'), 'utf8') });
  await page.addScriptTag({ content: await readFile(modules.resolve('@xterm/xterm'), 'utf8') });
  const options = {
    cols: columns,
    rows,
    fontSize: 14,
    fontFamily: 'DejaVu Sans Mono, monospace',
    theme: { background: BACKGROUND, foreground: '#dfe6ee', cursor: BACKGROUND },
  };
  // The code is a text, because it runs in the page, whose globals TypeScript does not know here.
  await page.evaluate(`new Promise((resolve) => {
    const terminal = new Terminal(${JSON.stringify(options)});
    terminal.open(document.querySelector('#terminal'));
    terminal.write(${JSON.stringify(output)}, resolve);
  })`);
  const shot = await page.locator('#terminal').screenshot();
  await page.close();
  return shot;
}
