import type { Measured } from '../odds/measured.ts';
import { formatRatio, formatSeconds } from '../odds/sentence.ts';
import type { Odds } from '../odds/tally.ts';
import { escapeHtml } from './html.ts';
import { FIGURES, formatInterval, formatShare, gridOf } from './odds-text.ts';
import { renderPage } from './page.ts';

/** The settings of the runs, so that anyone can repeat them. */
export interface OddsHead {
  readonly workload: string;
  readonly seed: number;
  /** Share of the old version's requests that fail, 0–1. */
  readonly baseline: number;
}

/** A page of HTML with a sentence, a heat map and all figures of each gate. */
export function renderOddsPage({ workload, seed, baseline }: OddsHead, gates: readonly Measured[]): string {
  const fine = `Every cell is so many whole releases in the model world, with the controller's own rules, Poisson arrivals and binomial failures; seed ${seed}. Of the old version's requests ${formatRatio(baseline)} fail. Medians are of the aborted releases; lost requests of all, both versions', until a few seconds after the verdict.`;
  return renderPage(
    `Odds of ${workload}`,
    `<div class="gates">
${gates.map(renderGate).join('\n')}
</div>
<p class="fine">${escapeHtml(fine)}</p>`,
  );
}

function renderGate(gate: Measured): string {
  const { traffics, rows } = gridOf(gate);
  const head = traffics.map((traffic) => `<th class="n" scope="col">${traffic}</th>`).join('');
  const heat = rows.map(
    ({ ratio, cells }) => `<tr><th class="n" scope="row">${ratio}</th>${cells.map(renderCell).join('')}</tr>`,
  );
  return `<section>
<h2>${escapeHtml(gate.name)}</h2>
<p>${escapeHtml(gate.sentence)}</p>
${gate.assumed.map((line) => `<p class="fine">${escapeHtml(line)}</p>`).join('')}
<div class="scroll"><table class="heat">
<caption>How often a release is aborted, by the share of its requests that fail</caption>
<thead><tr><th class="n" scope="col">Failing</th>${head}</tr></thead>
<tbody>
${heat.join('\n')}
</tbody>
</table></div>
<details><summary>Every figure</summary><div class="scroll"><table>
<thead><tr>${FIGURES.map(([title]) => `<th class="n">${title}</th>`).join('')}</tr></thead>
<tbody>
${gate.cells.map((cell) => `<tr>${FIGURES.map(([, textOf]) => `<td class="n">${textOf(cell)}</td>`).join('')}</tr>`).join('\n')}
</tbody>
</table></div></details>
</section>`;
}

function renderCell(cell: Odds | undefined): string {
  const share = cell?.abort.share ?? 0;
  const title =
    cell === undefined ? '' : `${formatInterval(cell)}, ${formatSeconds(cell.seconds)}, ${cell.lost.median} lost`;
  return `<td class="n" style="--share:${(share * 100).toFixed(1)}%" title="${escapeHtml(title)}">${formatShare(cell?.abort.share)}</td>`;
}
