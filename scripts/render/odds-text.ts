import { styleText } from 'node:util';
import type { Measured } from '../odds/measured.ts';
import { formatCount, formatRatio, formatSeconds } from '../odds/sentence.ts';
import type { Odds } from '../odds/tally.ts';
import { textTable } from './table.ts';

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
  const grids = gates.map(gridOf);
  const [first] = grids;
  const rows = (first?.rows ?? []).map(({ ratio, cells }, row) => [
    ratio,
    ...cells.map((_, column) => {
      const shares = grids.map((grid) => grid.rows[row]?.cells[column]?.abort.share);
      return shares.map((share) => styleText(heat(share ?? 0), formatShare(share), { stream })).join(' | ');
    }),
  ]);
  const names = gates.length === 1 ? '' : `, ${gates.map(({ name }) => name).join(' | ')}`;
  return [
    `How often a release is aborted${names}:`,
    ...textTable([['FAILING', ...(first?.traffics ?? [])], ...rows], stream),
  ];
}

/** The colour of a share, 0–1. It only repeats the number beside it. */
function heat(share: number): 'dim' | 'green' | 'yellow' | 'magenta' | 'red' {
  if (share < 0.01) {
    return 'dim';
  }
  return share < 0.1 ? 'green' : share < 0.5 ? 'yellow' : share < 0.9 ? 'magenta' : 'red';
}

/** The figures of a cell: their heads, and how each is written. */
export const FIGURES: readonly (readonly [head: string, textOf: (cell: Odds) => string])[] = [
  ['rps', ({ requestsPerSecond }) => formatCount(requestsPerSecond)],
  ['Failing', ({ failureRatio }) => formatRatio(failureRatio)],
  ['Aborted', ({ abort }) => formatShare(abort.share)],
  ['95 % interval', formatInterval],
  ['After', ({ seconds }) => formatSeconds(seconds)],
  ['Weight', ({ weight }) => (weight === undefined ? '–' : String(weight))],
  ['Lost', ({ lost }) => formatCount(lost.median)],
  ['95th percentile', ({ lost }) => formatCount(lost.p95)],
  ['Runs', ({ runs }) => formatCount(runs)],
];

function detailLines({ cells }: Measured, stream: NodeJS.WritableStream): readonly string[] {
  const head = FIGURES.map(([title]) => title.toUpperCase());
  const rows = cells.map((cell) => FIGURES.map(([, textOf]) => textOf(cell)));
  const stuck = cells.reduce((sum, cell) => sum + cell.stuck, 0);
  return [
    ...textTable([head, ...rows], stream),
    ...(stuck === 0 ? [] : [`${formatCount(stuck)} of all runs were neither promoted nor aborted within the hour.`]),
  ];
}

/** The cells of a gate by failure ratio and request rate, each with its text. */
export function gridOf({ cells }: Measured) {
  const ratios = [...new Set(cells.map(({ failureRatio }) => failureRatio))];
  const rates = [...new Set(cells.map(({ requestsPerSecond }) => requestsPerSecond))];
  return {
    traffics: rates.map((rate) => `${formatCount(rate)} rps`),
    rows: ratios.map((ratio) => ({
      ratio: formatRatio(ratio),
      cells: rates.map((rate) => cells.find((cell) => cell.failureRatio === ratio && cell.requestsPerSecond === rate)),
    })),
  };
}

export function formatInterval({ abort: { low, high } }: Odds): string {
  return `${formatBound(low)}–${formatBound(high)} %`;
}

/** `0 %`, `0.33 %`, `97.5 %`, `100 %`. Shares near 0 and 1 keep more digits, so that they do not look like none or all. */
export function formatShare(share: number | undefined): string {
  return share === undefined ? '–' : `${formatBound(share)} %`;
}

function formatBound(share: number): string {
  const percent = share * 100;
  const text = percent < 1 ? percent.toPrecision(2) : percent.toFixed(1);
  return String(Number(percent > 99.9 && percent < 100 ? Math.min(99.99, Number(percent.toFixed(2))) : text));
}
