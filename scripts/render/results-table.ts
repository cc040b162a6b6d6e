import { styleText } from 'node:util';
import { weightText, wordsOf } from '../rehearsal/outcome.ts';
import { differencesFrom, predictionText } from '../rehearsal/prediction.ts';
import type { Result } from '../rehearsal/result.ts';
import { ICONS } from './argo-icons.ts';
import { columns } from './columns.ts';

/** How every scenario ended, a row each below a head. */
export function resultRows(results: readonly Result[]): readonly (readonly string[])[] {
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
  return [head, ...rows];
}

/** The rows as a table, then which expectations broke. */
export function renderResults(results: readonly Result[], stream: NodeJS.WritableStream): string {
  const isLeft = (column: number) => column !== 2 && column !== 3 && column !== 4;
  const [title = '', ...lines] = columns(resultRows(results), isLeft);
  const table = [
    styleText('bold', title, { stream }),
    ...lines.map((line, index) => (results[index]?.broken.length === 0 ? line : styleText('red', line, { stream }))),
  ];
  const notes = [...results.flatMap(notesOf), ...new Set(results.flatMap(({ assumed = [] }) => assumed))];
  return `${[...table, ...(notes.length > 0 ? ['', ...notes] : []), ...mappingLines(results)].join('\n')}\n`;
}

/** What did not go as expected, and what did not go as predicted, behind the scenario's name. */
export function notesOf(result: Result): readonly string[] {
  return remarksOf(result).map((text) => `${result.scenario.name}: ${text}`);
}

/** The same, where the name stands beside it. */
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
