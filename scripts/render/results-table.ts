import { describeLosses, remediesOf } from '../rehearsal/losses.ts';
import { weightText, wordsOf } from '../rehearsal/outcome.ts';
import { differencesFrom, predictionText } from '../rehearsal/prediction.ts';
import { isNotPlayed, type NotPlayed, playedOf, type Result } from '../rehearsal/result.ts';
import { ICONS } from './argo-icons.ts';
import { textTable } from './table.ts';

/** The cells of a table: a head, then a row that says how each scenario ended. */
export function resultRows(results: readonly (Result | NotPlayed)[]): readonly (readonly string[])[] {
  const isPredicted = playedOf(results).some(({ predicted }) => predicted !== undefined);
  const head = [
    'SCENARIO',
    'VERDICT',
    'WEIGHT',
    'AFTER',
    'REQUESTS LOST',
    ...(isPredicted ? ['PREDICTED'] : []),
    'EXPECTED',
  ];
  const rows = results.map((one) => {
    if (isNotPlayed(one)) {
      return [one.scenario.name, 'not played', ...head.slice(3).map(() => ''), ICONS.neutral];
    }
    const { predicted, broken } = one;
    return [
      ...cellsOf(one),
      ...(isPredicted ? [predicted === undefined ? '' : predictionText(predicted)] : []),
      broken.length === 0 ? ICONS.good : ICONS.bad,
    ];
  });
  return [head, ...rows];
}

/** Scenario, verdict, weight, time and lost requests. */
export function cellsOf({ scenario, outcome }: Result) {
  const { verdict, seconds, lost, sent } = outcome;
  const words = [verdict, wordsOf(outcome)].filter((text) => text !== '').join(', ');
  return [scenario.name, words, weightText(outcome), `${seconds.toFixed(0)} s`, `${lost} of ${sent}`] as const;
}

/** The table as text, then notes, advice, and what differs from the manifests. */
export function renderResults(results: readonly (Result | NotPlayed)[], stream: NodeJS.WritableStream): string {
  const table = textTable(resultRows(results), stream, {
    isLeft: (column) => column !== 2 && column !== 3 && column !== 4,
    isBad: (row) => playedOf(results.slice(row, row + 1)).some(({ broken }) => broken.length > 0),
  });
  const notes = [...notesOf(results), ...adviceOf(results)];
  return `${[...table, ...(notes.length > 0 ? ['', ...notes] : []), ...mappingLines(results)].join('\n')}\n`;
}

/**
 * Lines for each scenario: what did not go as expected or as predicted and why requests were lost, or why it was not played. Then
 * how to avoid losses, and what was assumed.
 */
export function notesOf(results: readonly (Result | NotPlayed)[]): readonly string[] {
  const lines = results.flatMap((one) => {
    const texts = isNotPlayed(one) ? [`not played: ${one.notPlayed}`] : [...remarksOf(one), ...lossesOf(one)];
    return texts.map((text) => `${one.scenario.name}: ${text}`);
  });
  const rest = playedOf(results).flatMap(({ outcome, assumed }) => [...remediesOf(outcome.losses), ...assumed]);
  return [...lines, ...new Set(rest)];
}

/** The advice of the first scenario that was not played and has some: lines, the first of which makes sense alone. */
export function adviceOf(results: readonly (Result | NotPlayed)[]): readonly string[] {
  return results.filter(isNotPlayed).find(({ advice }) => advice.length > 0)?.advice ?? [];
}

function lossesOf({ outcome: { lost, losses } }: Result): readonly string[] {
  return lost === 0 ? [] : [`requests lost: ${describeLosses(losses)}`];
}

/** What did not go as expected, and what did not go as predicted. */
export function remarksOf({ broken, predicted, outcome }: Result): readonly string[] {
  return [...broken, ...(predicted === undefined ? [] : differencesFrom(predicted, outcome))];
}

/** What differed from the manifests, from the first scenario in which something did; an example for all. */
function mappingLines(results: readonly (Result | NotPlayed)[]): readonly string[] {
  const mappings = playedOf(results).find((result) => result.mappings.length > 0)?.mappings ?? [];
  return mappings.length === 0
    ? []
    : ['', 'unlike the manifests, for example:', ...mappings.map(({ name, from, to }) => `  ${name}: ${from} → ${to}`)];
}
