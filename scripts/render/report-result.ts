import { narrate } from '../rehearsal/narrate.ts';
import { type Outcome, weightText } from '../rehearsal/outcome.ts';
import type { Result } from '../rehearsal/result.ts';
import { type Curve, renderChart } from './chart.ts';
import { escapeHtml } from './html.ts';

/** A section of HTML for one scenario: verdict, figures, a description in words, and charts over time. */
export function renderResult(result: Result): string {
  const { scenario, outcome, mappings, world, speed } = result;
  const { samples, seconds: decided } = outcome;
  const seconds = Math.max(outcome.seconds, samples.at(-1)?.t ?? 0);
  const over = (value: (sample: (typeof samples)[number]) => number): readonly (readonly [number, number])[] =>
    samples.map((sample) => [sample.t, value(sample)]);
  const pods = Math.max(1, ...samples.map(({ stableReady, canaryReady }) => Math.max(stableReady, canaryReady)));
  const rate = Math.max(1, ...samples.map(({ succeeded, lost }) => succeeded + lost));
  const charts = [
    renderChart({ title: 'Weight', seconds, decided, most: 100, unit: ' %' }, [
      { label: 'set by the steps', name: 'weight', points: [[0, 0], ...over(({ weight }) => weight)], draw: 'steps' },
    ]),
    renderChart({ title: 'Ready pods', seconds, decided, most: pods, unit: '' }, [
      { label: 'stable', name: 'stable', points: over(({ stableReady }) => stableReady), draw: 'steps' },
      { label: 'canary', name: 'canary', points: over(({ canaryReady }) => canaryReady), draw: 'steps' },
    ]),
    renderChart({ title: 'Users, requests a second', seconds, decided, most: rate, unit: '' }, [
      { label: 'all', name: 'stable', points: over(({ succeeded, lost }) => succeeded + lost), draw: 'area' },
      { label: 'lost', name: 'lost', points: over(({ lost }) => lost), draw: 'area' },
    ]),
    ...readCharts(result, seconds),
  ];
  const assumed = result.assumed.map((line) => `<p class="fine">${escapeHtml(line)}</p>`).join('');
  const where =
    world === 'local'
      ? `Real processes on loopback; the clock ran at ${Math.round((speed ?? 1) * 10) / 10} times wall-clock time.`
      : world === 'model'
        ? 'The model world.'
        : 'A real cluster: its own controller decided. Which pod a request reached is estimated from the pods that were ready.';
  const mapped =
    mappings.length === 0
      ? ''
      : `<details><summary>What differs from the ${world === 'cluster' ? 'manifests' : 'cluster'}</summary><ul>${mappings.map(({ name, from, to }) => `<li><code>${escapeHtml(name)}</code>: <code>${escapeHtml(from)}</code> is <code>${escapeHtml(to)}</code> here</li>`).join('')}</ul></details>`;
  return `<section id="${escapeHtml(scenario.name)}">
<h2>${escapeHtml(scenario.name)} <span class="badge ${outcome.verdict}">${outcome.verdict}</span></h2>
<dl class="facts">${facts(outcome)
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
    .join('')}</dl>
<p>${narrate(scenario, outcome).map(escapeHtml).join(' ')}</p>
<div class="charts">${charts.join('')}</div>
<p class="fine">${escapeHtml(where)}</p>${assumed}${mapped}
</section>`;
}

function facts(outcome: Outcome): readonly (readonly [string, string])[] {
  const { verdict, seconds, lost, sent, canaryRequests } = outcome;
  return [
    [verdict === 'stuck' ? 'Watched for' : 'Decided after', `${seconds.toFixed(0)} s`],
    ['At weight', weightText(outcome, ' %')],
    ['Requests lost', `${lost.toLocaleString('en')} of ${sent.toLocaleString('en')}`],
    ['Asked of the canary', canaryRequests.toLocaleString('en')],
  ];
}

/** A chart for each metric that was read: its values over time, with the limit of its condition. */
function readCharts({ outcome: { events, seconds: decided }, limits }: Result, seconds: number): readonly string[] {
  const reads = events.flatMap((event) => (event.event === 'measurement' ? [event] : []));
  return [...Map.groupBy(reads, ({ metric }) => metric)].map(([metric, found]) => {
    const points = found.map(({ t, phase, value }) => ({
      t,
      phase,
      value: Number(/-?\d[\d.e+-]*/.exec(value)?.[0]) || 0,
    }));
    const dots = (label: string, name: string, ...phases: readonly string[]): Curve => ({
      label,
      name,
      points: points.filter(({ phase }) => phases.includes(phase)).map(({ t, value }) => [t, value]),
      draw: 'dots',
    });
    const limit = limits[metric];
    const most = Math.max(1, ...points.map(({ value }) => value), limit ?? 0);
    return renderChart(
      { title: `Reads of ${metric}`, seconds, decided, most, unit: '', ...(limit === undefined ? {} : { limit }) },
      [
        dots('good', 'good', 'Successful'),
        dots('failed', 'lost', 'Failed'),
        dots('error or inconclusive', 'odd', 'Error', 'Inconclusive'),
      ].filter((curve) => curve.points.length > 0),
    );
  });
}
