import { styleText } from 'node:util';
import { describeLosses, remediesOf } from '../rehearsal/losses.ts';
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
  const notes = notesOf(results);
  return `${[...table, ...(notes.length > 0 ? ['', ...notes] : []), ...mappingLines(results)].join('\n')}\n`;
}

/** By scenario, what did not go as expected or as predicted and why requests were lost; then what can be done about it, and what was assumed. */
export function notesOf(results: readonly Result[]): readonly string[] {
  const lines = results.flatMap((result) => {
    const { lost, losses } = result.outcome;
    const texts = [...remarksOf(result), ...(lost === 0 ? [] : [`requests lost: ${describeLosses(losses)}`])];
    return texts.map((text) => `${result.scenario.name}: ${text}`);
  });
  const rest = results.flatMap(({ outcome, assumed }) => [...remediesOf(outcome.losses), ...assumed]);
  return [...lines, ...new Set(rest)];
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
