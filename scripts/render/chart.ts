import { escapeHtml } from './html.ts';

/** A line or area over seconds. */
export interface Curve {
  readonly label: string;
  /** CSS class, which gives the colour. */
  readonly name: string;
  readonly points: readonly (readonly [t: number, value: number])[];
  /** `steps` holds each value until the next; `dots` draws no line. */
  readonly draw: 'steps' | 'area' | 'dots';
}

export interface ChartSettings {
  readonly title: string;
  readonly seconds: number;
  readonly most: number;
  /** Written beside the axis: `%`, `pods`. */
  readonly unit: string;
  /** A value that gets a horizontal line: the limit in the gate's condition. */
  readonly limit?: number;
  /** When the release was decided, in seconds; gets a vertical line. */
  readonly decided: number;
}

/** In SVG units. About as wide as a phone's screen, so that it is not scaled down there and its text stays readable. */
const [WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM, TOP] = [340, 150, 40, 10, 22, 14];

/** A small chart as SVG. Every curve has a label, so that nobody depends on its colour. */
export function renderChart(
  { title, seconds, most, unit, limit, decided }: ChartSettings,
  curves: readonly Curve[],
): string {
  const x = (t: number) => LEFT + ((WIDTH - LEFT - RIGHT) * Math.max(0, t)) / Math.max(1, seconds);
  const y = (value: number) =>
    HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * Math.min(value, most)) / Math.max(1e-9, most);
  const fixed = (value: number) => value.toFixed(1);
  const tick = Math.max(10, Math.ceil(seconds / 4 / 10) * 10);
  const ticks = Array.from({ length: Math.floor(seconds / tick) + 1 }, (_, index) => index * tick);
  const grid = ticks.map((t) => `<text class="tick" x="${fixed(x(t))}" y="${HEIGHT - 6}">${t} s</text>`).join('');
  const level = (name: string, value: number, label: string, below: number) =>
    `<line class="${name}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(y(value))}" y2="${fixed(y(value))}"/><text class="level" x="${LEFT - 5}" y="${fixed(y(value) + below)}">${label}</text>`;
  const levels = [0, most].map((value) => level('grid', value, `${Number(value.toPrecision(3))}${unit}`, 4));
  const line = limit === undefined ? '' : level('limit', limit, String(limit), 10);
  const verdict = `<line class="decided" x1="${fixed(x(decided))}" x2="${fixed(x(decided))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>`;
  const drawn = curves.map(({ name, points, draw }) => {
    if (draw === 'dots') {
      return points
        .map(([t, value]) => `<circle class="${name}" cx="${fixed(x(t))}" cy="${fixed(y(value))}" r="4"/>`)
        .join('');
    }
    const path = points
      .map(([t, value], index) => {
        const [left, top] = [fixed(x(t)), fixed(y(value))];
        return index === 0 ? `M${left} ${top}` : draw === 'steps' ? `H${left}V${top}` : `L${left} ${top}`;
      })
      .join('');
    const [first, last] = [points[0], points.at(-1)];
    const area =
      draw === 'area' && first !== undefined && last !== undefined
        ? `${path}L${fixed(x(last[0]))} ${fixed(y(0))}L${fixed(x(first[0]))} ${fixed(y(0))}Z`
        : path;
    return `<path class="${name} ${draw}" d="${area}"/>`;
  });
  const legend = curves.map(({ label, name }) => `<span class="key ${name}">${escapeHtml(label)}</span>`).join('');
  return `<figure><figcaption>${escapeHtml(title)} ${legend}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">${levels.join('')}${grid}${line}${verdict}${drawn.join('')}</svg></figure>`;
}
