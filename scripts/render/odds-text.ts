import { styleText } from 'node:util';
import type { Measured } from '../odds/measured.ts';
import { formatCount, formatRatio, formatSeconds } from '../odds/sentence.ts';
import type { Odds } from '../odds/tally.ts';
import { columns, widthsOf } from './columns.ts';

/** A sentence for each gate, one heat map of how often they abort, and the figures of every cell. */
export function renderOdds(gates: readonly Measured[], stream: NodeJS.WritableStream): string {
  const isOne = gates.length === 1;
  const sentences = gates.map(({ name, sentence }) => (isOne ? sentence : `${name}: ${sentence}`));
  const assumed = new Set(gates.flatMap((gate) => gate.assumed));
  const tables = gates.flatMap((gate) => ['', ...(isOne ? [] : [gate.name]), ...detailLines(gate, stream)]);
  return `${[...sentences, ...assumed, '', ...heatLines(gates, stream), ...tables].join('\n')}\n`;
}

/** One row for each failure ratio, one column for each request rate; a cell has the number of each gate, separated by `|`. */
function heatLines(gates: readonly Measured[], stream: NodeJS.WritableStream): readonly string[] {
  const [first] = gates;
  if (first === undefined) {
    return [];
  }
  const { failureRatios, traffics } = axesOf(first);
  const rows = failureRatios.map((ratio) => [
    formatRatio(ratio),
    ...traffics.map((traffic) =>
      gates.map((gate) => formatShare(cellOf(gate, ratio, traffic)?.abort.share)).join(' | '),
    ),
  ]);
  const head = ['FAILING', ...traffics.map((traffic) => `${formatCount(traffic)} rps`)];
  const widths = widthsOf([head, ...rows]);
  const names = gates.length === 1 ? '' : `, ${gates.map(({ name }) => name).join(' | ')}`;
  return [
    `How often a release is aborted${names}:`,
    styleText('bold', head.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '), { stream }),
    ...failureRatios.map((ratio, row) => {
      const cells = traffics.map((traffic, column) => {
        const width = widths[column + 1] ?? 0;
        const shares = gates.map((gate) => cellOf(gate, ratio, traffic)?.abort.share ?? 0);
        const plain = rows[row]?.[column + 1] ?? '';
        const painted = shares.map((share) => styleText(heat(share), formatShare(share), { stream })).join(' | ');
        return ' '.repeat(Math.max(0, width - plain.length)) + painted;
      });
      return [formatRatio(ratio).padStart(widths[0] ?? 0), ...cells].join('  ');
    }),
  ];
}

/** The colour of a share, 0–1. It only repeats the number beside it. */
function heat(share: number): 'dim' | 'green' | 'yellow' | 'magenta' | 'red' {
  if (share < 0.01) {
    return 'dim';
  }
  return share < 0.1 ? 'green' : share < 0.5 ? 'yellow' : share < 0.9 ? 'magenta' : 'red';
}

function detailLines(gate: Measured, stream: NodeJS.WritableStream): readonly string[] {
  const head = ['RPS', 'FAILING', 'ABORTED', '95 % INTERVAL', 'AFTER', 'WEIGHT', 'LOST', '95TH PERCENTILE', 'RUNS'];
  const rows = gate.cells.map((cell) => [
    formatCount(cell.requestsPerSecond),
    formatRatio(cell.failureRatio),
    formatShare(cell.abort.share),
    `${formatBound(cell.abort.low)}–${formatBound(cell.abort.high)} %`,
    formatSeconds(cell.seconds),
    cell.weight === undefined ? '–' : String(cell.weight),
    formatCount(cell.lost.median),
    formatCount(cell.lost.p95),
    formatCount(cell.runs),
  ]);
  const [title = '', ...lines] = columns([head, ...rows]);
  const stuck = gate.cells.reduce((sum, cell) => sum + cell.stuck, 0);
  return [
    styleText('bold', title, { stream }),
    ...lines,
    ...(stuck === 0 ? [] : [`${formatCount(stuck)} of all runs were neither promoted nor aborted within the hour.`]),
  ];
}

export function axesOf({ cells }: Measured): {
  readonly failureRatios: readonly number[];
  readonly traffics: readonly number[];
} {
  return {
    failureRatios: [...new Set(cells.map(({ failureRatio }) => failureRatio))],
    traffics: [...new Set(cells.map(({ requestsPerSecond }) => requestsPerSecond))],
  };
}

export function cellOf({ cells }: Measured, ratio: number, traffic: number): Odds | undefined {
  return cells.find((cell) => cell.failureRatio === ratio && cell.requestsPerSecond === traffic);
}

/** `0 %`, `0.33 %`, `97.5 %`, `100 %`. Shares near 0 and 1 keep more digits, so that they do not look like none or all. */
export function formatShare(share: number | undefined): string {
  return share === undefined ? '–' : `${formatBound(share)} %`;
}

export function formatBound(share: number): string {
  const percent = share * 100;
  const text = percent < 1 ? percent.toPrecision(2) : percent.toFixed(1);
  return String(Number(percent > 99.9 && percent < 100 ? Math.min(99.99, Number(percent.toFixed(2))) : text));
}
