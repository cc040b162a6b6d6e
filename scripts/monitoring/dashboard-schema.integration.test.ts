import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readDashboard } from './testing/read-dashboard.ts';

// Whether Grafana can import the dashboard: its JSON, as a literal of the type that Grafana's SDK gives it, through the compiler.

const root = new URL('../..', import.meta.url).pathname;
const schema = new URL('testing/grafana-dashboard.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { json } = readDashboard();

/** What the compiler says about it; nothing when it has the type. */
function problemsOf(text: string): string {
  const file = join(folder, 'dashboard.ts');
  writeFileSync(
    file,
    `import type { GrafanaDashboard } from ${JSON.stringify(schema)};\nexport const dashboard: GrafanaDashboard = ${text};\n`,
  );
  const options = ['--ignoreConfig', '--strict', '--module', 'nodenext', '--target', 'esnext', '--skipLibCheck'];
  const { stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/tsc'),
    [...options, '--noEmit', '--allowImportingTsExtensions', '--exactOptionalPropertyTypes', file],
    { cwd: root, encoding: 'utf8' },
  );
  return stdout + stderr;
}

test("the dashboard has the type that Grafana's SDK gives one", () => {
  expect(problemsOf(json)).toBe('');
});

test.each([
  ['an unknown panel', '"type": "timeseries"', '"type": "graph"', 'graph'],
  ['an unknown field', '"graphTooltip"', '"graphToolTip"', 'graphToolTip'],
  ['an unknown field of a query', '"legendFormat"', '"legend"', 'legend'],
  ['a value that an option cannot have', '"showValue": "auto"', '"showValue": "sometimes"', 'sometimes'],
  ['a value that a field cannot have', '"mode": "dashed"', '"mode": "dotted"', 'dotted'],
  ['a wrong type', '"schemaVersion": 41', '"schemaVersion": "41"', "'string' is not assignable"],
])('%s is found', (_, from, to, named) => {
  expect(json).toContain(from);
  const problems = problemsOf(json.replace(from, to));
  expect(problems).toContain('error TS');
  expect(problems).toContain(named);
});

test('no two panels overlap, and none leaves the 24 columns', () => {
  const { panels }: { panels: { title: string; gridPos: { x: number; y: number; w: number; h: number } }[] } =
    JSON.parse(json);
  const cells = new Map<string, string>();
  for (const { title, gridPos } of panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect([title, cells.get(`${x} ${y}`)]).toEqual([title, undefined]);
        cells.set(`${x} ${y}`, title);
      }
    }
  }
});
