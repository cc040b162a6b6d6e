import { narrate } from '../rehearsal/narrate.ts';
import { wordsOf } from '../rehearsal/outcome.ts';
import type { Result } from '../rehearsal/result.ts';
import { ICONS } from './argo-icons.ts';
import { type Curve, escapeHtml, renderChart } from './chart.ts';
import { renderPage } from './page.ts';

/** What a reader of a report wants to know beside the results. */
export interface ReportHead {
  readonly workload: string;
  /** ISO 8601. */
  readonly date: string;
}

/** What was rehearsed, scenario by scenario, as a page. */
export function renderReport({ workload, date }: ReportHead, results: readonly Result[]): string {
  const asExpected = results.filter(({ broken }) => broken.length === 0).length;
  const title = `Rehearsal of ${workload}`;
  return renderPage(
    title,
    `<p>${asExpected} of ${results.length} scenarios ended as expected. ${escapeHtml(date)}</p>
<div class="scroll"><table>
<thead><tr><th>Scenario</th><th>Verdict</th><th class="n">Weight</th><th class="n">After</th><th class="n">Requests lost</th><th>Expected</th></tr></thead>
<tbody>
${results.map(renderRow).join('\n')}
</tbody>
</table></div>
${results.map(renderResult).join('\n')}`,
  );
}

function renderRow({ scenario, outcome, broken }: Result): string {
  const verdict = [outcome.verdict, wordsOf(outcome)].filter((text) => text !== '').join(', ');
  const expected = broken.length === 0 ? ICONS.good : `${ICONS.bad} ${broken.join('; ')}`;
  return `<tr><td><a href="#${escapeHtml(scenario.name)}">${escapeHtml(scenario.name)}</a></td><td>${escapeHtml(verdict)}</td><td class="n">${outcome.weight}</td><td class="n">${outcome.seconds.toFixed(0)} s</td><td class="n">${outcome.lost} of ${outcome.sent}</td><td>${escapeHtml(expected)}</td></tr>`;
}

function renderResult(result: Result): string {
  const { scenario, outcome, limits, mappings, world, speed } = result;
  const { samples, events } = outcome;
  const seconds = Math.max(outcome.seconds, samples.at(-1)?.t ?? 0);
  const over = (value: (sample: (typeof samples)[number]) => number): readonly (readonly [number, number])[] =>
    samples.map((sample) => [sample.t, value(sample)]);
  const pods = Math.max(1, ...samples.map(({ stableReady, canaryReady }) => Math.max(stableReady, canaryReady)));
  const rate = Math.max(1, ...samples.map(({ succeeded, lost }) => succeeded + lost));
  const charts = [
    renderChart({ title: 'Weight', seconds, most: 100, unit: ' %' }, [
      { label: 'set by the steps', name: 'weight', points: [[0, 0], ...over(({ weight }) => weight)], draw: 'steps' },
    ]),
    renderChart({ title: 'Ready pods', seconds, most: pods, unit: '' }, [
      { label: 'stable', name: 'stable', points: over(({ stableReady }) => stableReady), draw: 'steps' },
      { label: 'canary', name: 'canary', points: over(({ canaryReady }) => canaryReady), draw: 'steps' },
    ]),
    renderChart({ title: 'Users, requests a second', seconds, most: rate, unit: '' }, [
      { label: 'all', name: 'stable', points: over(({ succeeded, lost }) => succeeded + lost), draw: 'area' },
      { label: 'lost', name: 'lost', points: over(({ lost }) => lost), draw: 'area' },
    ]),
    ...readCharts(result, seconds),
  ];
  const where = world === 'local' ? `Real processes on loopback, clock ${speed} times the wall's.` : 'The model world.';
  const mapped =
    mappings.length === 0
      ? ''
      : `<details><summary>What differs from the cluster</summary><ul>${mappings.map(({ name, from, to }) => `<li><code>${escapeHtml(name)}</code>: <code>${escapeHtml(from)}</code> is <code>${escapeHtml(to)}</code> here</li>`).join('')}</ul></details>`;
  return `<section id="${escapeHtml(scenario.name)}">
<h2>${escapeHtml(scenario.name)} <small class="${outcome.verdict}">${outcome.verdict}</small></h2>
<p>${narrate(scenario, outcome).map(escapeHtml).join(' ')}</p>
<div class="charts">${charts.join('')}</div>
<p class="fine">${escapeHtml(where)} ${events.length} events.</p>${mapped}
</section>`;

  function readCharts({ outcome: { events: all } }: Result, until: number): readonly string[] {
    const reads = all.flatMap((event) => (event.event === 'measurement' ? [event] : []));
    return [...Map.groupBy(reads, ({ metric }) => metric)].map(([metric, found]) => {
      const value = (text: string) => Number(/-?\d[\d.e+-]*/.exec(text)?.[0] ?? Number.NaN);
      const dots = (label: string, name: string, isThis: (phase: string) => boolean): Curve => ({
        label,
        name,
        points: found
          .filter(({ phase }) => isThis(phase))
          .map(({ t, value: text }) => [t, Number.isNaN(value(text)) ? 0 : value(text)]),
        draw: 'dots',
      });
      const limit = limits[metric];
      const values = found.map(({ value: text }) => value(text)).filter((number) => Number.isFinite(number));
      const most = Math.max(1, ...values, limit ?? 0);
      return renderChart(
        { title: `Reads of ${metric}`, seconds: until, most, unit: '', ...(limit === undefined ? {} : { limit }) },
        [
          dots('good', 'good', (phase) => phase === 'Successful'),
          dots('failed', 'lost', (phase) => phase === 'Failed'),
          dots('error or inconclusive', 'odd', (phase) => phase === 'Error' || phase === 'Inconclusive'),
        ],
      );
    });
  }
}
