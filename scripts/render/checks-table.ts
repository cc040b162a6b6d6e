import { CHECKS, type CheckResult } from '../soak/checks.ts';
import { ICONS } from './argo-icons.ts';
import { textTable } from './table.ts';

/** A table with a row for each check of a soak, then when and how each broken one failed. */
export function renderChecks(checks: readonly CheckResult[], stream: NodeJS.WritableStream): string {
  const rows = checks.map(({ check, seen, breach }) => [
    CHECKS[check],
    seen,
    breach === undefined ? ICONS.good : `${ICONS.bad} at ${breach.at.toFixed(0)} s`,
  ]);
  const table = textTable([['CHECK', 'SEEN', 'HELD'], ...rows], stream, {
    isLeft: () => true,
    isBad: (row) => checks[row]?.breach !== undefined,
  });
  const broken = checks.flatMap(({ check, breach }) => {
    const times = breach === undefined || breach.times === 1 ? '' : `, the first of ${breach.times}`;
    return breach === undefined ? [] : [`${CHECKS[check]}, at ${breach.at.toFixed(1)} s${times}: ${breach.what}`];
  });
  return `${[...table, ...(broken.length > 0 ? ['', ...broken] : [])].join('\n')}\n`;
}
