/** A command of a document, and where it stands. */
export interface DocumentedCommand {
  /** Without `$ ` and without its comment. */
  readonly command: string;
  /** 1-based. */
  readonly line: number;
  /** The output that the document shows for it; undefined if it shows none. */
  readonly output: string | undefined;
}

/** Every command of a Markdown text: the lines of `sh` blocks, those after `$ ` in `console` blocks, and inline ones of npm. */
export function commandsOf(markdown: string): readonly DocumentedCommand[] {
  const found: DocumentedCommand[] = [];
  let language: string | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^```(\w*)/.exec(line);
    if (fence !== null) {
      language = language === undefined ? (fence[1] ?? '') : undefined;
    } else if (language === 'sh') {
      const command = line.replace(/\s+#.*$/, '').trim();
      if (command !== '') {
        found.push({ command, line: index + 1, output: undefined });
      }
    } else if (language === 'console') {
      const last = found.at(-1);
      if (line.startsWith('$ ')) {
        found.push({ command: line.slice(2), line: index + 1, output: '' });
      } else if (last !== undefined) {
        found[found.length - 1] = { ...last, output: `${last.output}${line}\n` };
      }
    } else if (language === undefined) {
      for (const [, command = ''] of line.matchAll(/`((?:[A-Z]+=\S+ )?npm (?:run|test|start|ci)[^`]*)`/g)) {
        found.push({ command, line: index + 1, output: undefined });
      }
    }
  }
  return found;
}

/** Every file that a Markdown text links or shows, as the text writes it, without URLs and links within the page. */
export function filesLinkedIn(markdown: string): readonly string[] {
  const targets = [...markdown.matchAll(/\]\(([^)\s#]+)[^)]*\)|\bsrc(?:set)?="([^"]+)"/g)];
  return targets.map(([, link, image]) => link ?? image ?? '').filter((target) => !/^\w+:/.test(target));
}
