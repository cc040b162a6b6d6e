import { type Figure, isMet, median, type Section } from '../bench/figure.ts';
import { columns, markdownTable } from './table.ts';

/** Where and when figures were taken. */
export interface Conditions {
  /** ISO 8601, a day. */
  readonly date: string;
  readonly machine: string;
  readonly versions: string;
}

/** A page of Markdown with all sections. */
export function renderBenchmarks({ date, machine, versions }: Conditions, sections: readonly Section[]): string {
  const head = ['', 'median', 'lowest', 'highest', 'rounds', 'wanted'];
  const pages = sections.map(
    ({ title, how, figures }) => `## ${title}\n\n${how}\n\n${markdownTable([head, ...figures.map(cells)], isText)}`,
  );
  return `# Benchmarks\n\nWritten by \`npm run bench\` on ${date}: ${machine}; ${versions}. A shared virtual machine is noisy: compare ratios, and\nmeasure on your own.\n\n${pages.join('\n')}`;
}

/** A section as text for a terminal. */
export function renderSection({ title, figures }: Section): string {
  const lines = columns(figures.map(cells), isText).map((line) => `  ${line}\n`);
  return `${title}\n${lines.join('')}\n`;
}

const isText = (column: number) => column === 0 || column === 5;

function cells(figure: Figure): readonly string[] {
  const { what, unit, values, wanted } = figure;
  const number = (value: number) =>
    value >= 1000 ? value.toFixed(0) : value >= 100 ? value.toFixed(1) : value.toFixed(unit === '' ? 3 : 2);
  const bound =
    wanted === undefined ? '' : 'atLeast' in wanted ? `at least ${wanted.atLeast}` : `at most ${wanted.atMost}`;
  return [
    what,
    `${number(median(values))} ${unit}`.trimEnd(),
    number(Math.min(...values)),
    number(Math.max(...values)),
    String(values.length),
    bound === '' ? '' : `${bound}${isMet(figure) ? '' : ': not met'}`,
  ];
}
