import type { Measured } from '../odds/measured.ts';
import { type NotPlayed, playedOf, type Result } from '../rehearsal/result.ts';
import { formatShare, gridOf } from './odds-text.ts';
import { adviceOf, notesOf, resultRows } from './results-table.ts';
import { markdownTable } from './table.ts';

/** How every scenario ended, as Markdown for the summary of a GitHub job. */
export function summarizeRehearsal(workload: string, results: readonly (Result | NotPlayed)[]): string {
  const played = playedOf(results);
  const failed = played.filter(({ broken }) => broken.length > 0).length;
  const ending =
    failed === 0
      ? `Every scenario${played.length === results.length ? '' : ' that was played'} ended as expected.`
      : `${failed} of ${played.length} scenarios did not end as expected.`;
  const notes = [...notesOf(results), ...adviceOf(results).slice(0, 1)].map((note) => `- ${plain(note)}\n`);
  return `### Rehearsal of ${plain(workload)}\n\n${ending}\n\n${markdownTable(resultRows(results).map((row) => row.map(plain)))}\n${notes.join('')}`;
}

/** What each gate catches, as Markdown for the summary of a GitHub job. */
export function summarizeOdds(gates: readonly Measured[]): string {
  return gates
    .map((gate) => {
      const { traffics, rows } = gridOf(gate);
      const table = [
        ['failing', ...traffics],
        ...rows.map(({ ratio, cells }) => [ratio, ...cells.map((cell) => formatShare(cell?.abort.share))]),
      ];
      const assumed = gate.assumed.map((line) => `${plain(line)}\n\n`).join('');
      return `### Odds of ${plain(gate.name)}\n\n${plain(gate.sentence)}\n\n${assumed}How often a release is aborted:\n\n${markdownTable(table)}\n`;
    })
    .join('\n');
}

/** Text on one line, with the characters escaped that Markdown and HTML would interpret. */
function plain(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[\\|`*_<>[\]]/g, (character) => `&#${character.charCodeAt(0)};`);
}
