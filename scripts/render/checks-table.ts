import { styleText } from 'node:util';
import { CHECKS } from '../soak/breaches.ts';
import type { CheckResult } from '../soak/result.ts';
import { ICONS } from './argo-icons.ts';

/** Every check of a soak, a row each, and when and how it broke. */
export function renderChecks(checks: readonly CheckResult[], stream: NodeJS.WritableStream): string {
  const rows = checks.map(({ check, seen, breach }) => [
    CHECKS[check],
    seen,
    breach === undefined ? ICONS.good : `${ICONS.bad} at ${breach.at.toFixed(0)} s`,
  ]);
  const head = ['CHECK', 'SEEN', 'HELD'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const broken = checks.flatMap(({ check, breach }) =>
    breach === undefined
      ? []
      : [`${CHECKS[check]}, at ${breach.at.toFixed(1)} s${timesOf(breach.times)}: ${breach.what}`],
  );
  const table = rows.map((row, index) =>
    checks[index]?.breach === undefined ? line(row) : styleText('red', line(row), { stream }),
  );
  return `${[styleText('bold', line(head), { stream }), ...table, ...(broken.length > 0 ? ['', ...broken] : [])].join('\n')}\n`;
}

function timesOf(times: number): string {
  return times === 1 ? '' : `, the first of ${times}`;
}
