import { styleText } from 'node:util';
import { describeLosses, remediesOf } from '../rehearsal/losses.ts';
import { weightText, wordsOf } from '../rehearsal/outcome.ts';
import { differencesFrom, predictionText } from '../rehearsal/prediction.ts';
import type { Rehearsal, Result } from '../rehearsal/result.ts';
import { ICONS } from './argo-icons.ts';
import { columns } from './columns.ts';

/** How every scenario ended, a row each below a head. */
export function resultRows({ results, notPlayed }: Rehearsal): readonly (readonly string[])[] {
  const isPredicted = results.some(({ predicted }) => predicted !== undefined);
  const head = [
    'SCENARIO',
    'VERDICT',
    'WEIGHT',
    'AFTER',
    'REQUESTS LOST',
    ...(isPredicted ? ['PREDICTED'] : []),
    'EXPECTED',
  ];
  const rows = results.map(({ scenario, outcome, predicted, broken }) => [
    scenario.name,
    [outcome.verdict, wordsOf(outcome)].filter((text) => text !== '').join(', '),
    weightText(outcome),
    `${outcome.seconds.toFixed(0)} s`,
    `${outcome.lost} of ${outcome.sent}`,
    ...(isPredicted ? [predicted === undefined ? '' : predictionText(predicted)] : []),
    broken.length === 0 ? ICONS.good : ICONS.bad,
  ]);
  const missing = notPlayed.map(({ scenario }) => [
    scenario.name,
    'not played',
    ...head.slice(2).map((title) => (title === 'EXPECTED' ? ICONS.neutral : '')),
  ]);
  return [head, ...rows, ...missing];
}

/** The rows as a table, then what is to be said of them. */
export function renderRehearsal(rehearsal: Rehearsal, stream: NodeJS.WritableStream): string {
  const { results } = rehearsal;
  const isLeft = (column: number) => column !== 2 && column !== 3 && column !== 4;
  const [title = '', ...lines] = columns(resultRows(rehearsal), isLeft);
  const table = [
    styleText('bold', title, { stream }),
    ...lines.map((line, index) => (results[index]?.broken.length ? styleText('red', line, { stream }) : line)),
  ];
  const notes = notesOf(rehearsal);
  return `${[...table, ...(notes.length > 0 ? ['', ...notes] : []), ...mappingLines(results)].join('\n')}\n`;
}

/**
 * By scenario, what did not go as expected or as predicted, why requests were lost, and why it was not played; then what can be done about
 * losses, what was assumed, and how to have played what was not, for the first of them.
 */
export function notesOf({ results, notPlayed }: Rehearsal): readonly string[] {
  const lines = results.flatMap((result) => {
    const { lost, losses } = result.outcome;
    const texts = [...remarksOf(result), ...(lost === 0 ? [] : [`requests lost: ${describeLosses(losses)}`])];
    return texts.map((text) => `${result.scenario.name}: ${text}`);
  });
  const rest = results.flatMap(({ outcome, assumed }) => [...remediesOf(outcome.losses), ...assumed]);
  const reasons = notPlayed.map(({ scenario, notPlayed: reason }) => `${scenario.name}: not played: ${reason}`);
  const advice = notPlayed.find((one) => one.advice.length > 0)?.advice ?? [];
  return [...lines, ...reasons, ...new Set(rest), ...advice];
}

/** What did not go as expected, and what did not go as predicted. */
export function remarksOf({ broken, predicted, outcome }: Result): readonly string[] {
  return [...broken, ...(predicted === undefined ? [] : differencesFrom(predicted, outcome))];
}

/** How the processes' environment differed from the manifests'; the same in every scenario but for the ports. */
function mappingLines(results: readonly Result[]): readonly string[] {
  const mappings = results.find((result) => result.mappings.length > 0)?.mappings ?? [];
  return mappings.length === 0
    ? []
    : ['', 'unlike the manifests, for example:', ...mappings.map(({ name, from, to }) => `  ${name}: ${from} → ${to}`)];
}
