import { styleText } from 'node:util';
import { CHECKS, type CheckResult } from '../soak/checks.ts';

import { ICONS } from './argo-icons.ts';
import { columns } from './columns.ts';

/** A table with a row for each check of a soak, then when and how each broken one failed. */
export function renderChecks(checks: readonly CheckResult[], stream: NodeJS.WritableStream): string {
  const rows = checks.map(({ check, seen, breach }) => [
    CHECKS[check],
    seen,
    breach === undefined ? ICONS.good : `${ICONS.bad} at ${breach.at.toFixed(0)} s`,
  ]);
  const head = ['CHECK', 'SEEN', 'HELD'];
  const [title = '', ...lines] = columns([head, ...rows], () => true);
  const broken = checks.flatMap(({ check, breach }) =>
    breach === undefined
      ? []
      : [`${CHECKS[check]}, at ${breach.at.toFixed(1)} s${timesOf(breach.times)}: ${breach.what}`],
  );
  const table = lines.map((line, index) =>
    checks[index]?.breach === undefined ? line : styleText('red', line, { stream }),
  );
  return `${[styleText('bold', title, { stream }), ...table, ...(broken.length > 0 ? ['', ...broken] : [])].join('\n')}\n`;
}

function timesOf(times: number): string {
  return times === 1 ? '' : `, the first of ${times}`;
}
