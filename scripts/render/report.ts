import { narrate } from '../rehearsal/narrate.ts';
import { wordsOf } from '../rehearsal/outcome.ts';
import type { Result } from '../rehearsal/result.ts';
import { ICONS } from './argo-icons.ts';
import { type Curve, escapeHtml, renderChart } from './chart.ts';
import { STRAINED } from './results-table.ts';

/** What a reader of a report wants to know beside the results. */
export interface ReportHead {
  readonly workload: string;
  /** ISO 8601. */
  readonly date: string;
}

/** A page that needs nothing else: no script, no font, no network. */
export function renderReport({ workload, date }: ReportHead, results: readonly Result[]): string {
  const asExpected = results.filter(({ broken }) => broken.length === 0).length;
  const title = `Rehearsal of ${workload}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${asExpected} of ${results.length} scenarios ended as expected. ${escapeHtml(date)}</p>
<div class="scroll"><table>
<thead><tr><th>Scenario</th><th>Verdict</th><th class="n">Weight</th><th class="n">After</th><th class="n">Requests lost</th><th>Expected</th></tr></thead>
<tbody>
${results.map(renderRow).join('\n')}
</tbody>
</table></div>
${results.map(renderResult).join('\n')}
</main>
</body>
</html>
`;
}

function renderRow({ scenario, outcome, broken, isStrained }: Result): string {
  const verdict = [outcome.verdict, wordsOf(outcome)].filter((text) => text !== '').join(', ');
  const notes = [...broken, ...(isStrained ? [STRAINED] : [])];
  const expected = [broken.length === 0 ? ICONS.good : ICONS.bad, notes.join('; ')].join(' ').trimEnd();
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

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fff;--line:#d5dae1;--dim:#5b6675;--stable:#2f6fb2;--canary:#b8860b;--lost:#c0392b;--good:#2e7d4f;--odd:#7d4fa8}
@media (prefers-color-scheme:dark){:root{--ink:#e4e9f0;--paper:#14181e;--line:#333c48;--dim:#98a4b3;--stable:#6fb1f2;--canary:#e3b341;--lost:#ff7b6b;--good:#63c48b;--odd:#c39bee}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:84rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
a{color:var(--stable)}small{font-size:.8rem;font-weight:normal;color:var(--dim)}small.aborted{color:var(--lost)}small.promoted{color:var(--good)}
.charts{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr))}
figure{margin:0}figcaption{font-size:.85rem;color:var(--dim)}svg{width:100%;height:auto;display:block}
.key{margin-left:.75em;white-space:nowrap}.key::before{content:"";display:inline-block;width:.7em;height:.7em;margin-right:.3em;background:currentColor}
.key.weight,.key.stable{color:var(--stable)}.key.canary{color:var(--canary)}.key.lost{color:var(--lost)}.key.good{color:var(--good)}.key.odd{color:var(--odd)}
.grid{stroke:var(--line)}.limit{stroke:var(--lost);stroke-dasharray:5 4}
text{font:11px system-ui,sans-serif;fill:var(--dim)}.tick{text-anchor:middle}.level{text-anchor:end}
path{fill:none;stroke-width:2}path.weight,path.stable{stroke:var(--stable)}path.canary{stroke:var(--canary)}path.lost{stroke:var(--lost)}
path.area{stroke-width:1;fill-opacity:.35}path.area.stable{fill:var(--stable)}path.area.lost{fill:var(--lost)}
circle.good{fill:var(--good)}circle.lost{fill:var(--lost)}circle.odd{fill:var(--odd)}
.fine,details{font-size:.85rem;color:var(--dim)}code{overflow-wrap:anywhere}
`.trim();
