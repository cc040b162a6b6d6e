import { isNotPlayed, type NotPlayed, playedOf, type Result } from '../rehearsal/result.ts';
import { ICONS } from './argo-icons.ts';
import { escapeHtml } from './html.ts';
import { renderPage } from './page.ts';
import { renderResult } from './report-result.ts';
import { cellsOf, remarksOf } from './results-table.ts';

/** What a reader of a report wants to know beside the results. */
export interface ReportHead {
  readonly workload: string;
  /** ISO 8601. */
  readonly date: string;
}

/** A page of HTML with a table of all scenarios and a section for each that was played. */
export function renderReport({ workload, date }: ReportHead, results: readonly (Result | NotPlayed)[]): string {
  const played = playedOf(results);
  const left = results.length - played.length;
  const asExpected = played.filter(({ broken }) => broken.length === 0).length;
  return renderPage(
    `Rehearsal of ${workload}`,
    `<p class="lead">${asExpected} of ${played.length} scenarios ended as expected${left === 0 ? '' : `, ${left} not played`}. ${escapeHtml(date)}</p>
<div class="card scroll"><table>
<thead><tr><th>Scenario</th><th>Verdict</th><th class="n">Weight</th><th class="n">After</th><th class="n">Requests lost</th><th>Expected</th></tr></thead>
<tbody>
${results.map((one) => (isNotPlayed(one) ? renderNotPlayed(one) : renderRow(one))).join('\n')}
</tbody>
</table></div>
${played.map(renderResult).join('\n')}`,
  );
}

function renderRow(result: Result): string {
  const [scenario, verdict, ...figures] = cellsOf(result);
  const name = escapeHtml(scenario);
  const badge = `<span class="badge ${result.outcome.verdict}">${escapeHtml(verdict)}</span>`;
  const numbers = figures.map((figure) => `<td class="n">${figure}</td>`).join('');
  const icon = result.broken.length === 0 ? ICONS.good : ICONS.bad;
  const expected = escapeHtml([icon, remarksOf(result).join('; ')].join(' ').trimEnd());
  return `<tr><td><a href="#${name}">${name}</a></td><td>${badge}</td>${numbers}<td>${expected}</td></tr>`;
}

function renderNotPlayed({ scenario, notPlayed, advice }: NotPlayed): string {
  const [text, ...file] = advice;
  const lines = file.length === 0 ? '' : `<pre>${escapeHtml(file.join('\n'))}</pre>`;
  const words = `${escapeHtml(`${notPlayed}.`)}${text === undefined ? '' : `<details><summary>${escapeHtml(text)}</summary>${lines}</details>`}`;
  return `<tr><td>${escapeHtml(scenario.name)}</td><td><span class="badge">not played</span></td><td colspan="4">${words}</td></tr>`;
}
