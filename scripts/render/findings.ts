import { styleText } from 'node:util';
import type { Checked } from '../rules/check.ts';
import type { Finding } from '../rules/rule.ts';

const STYLES = { error: 'red', warning: 'yellow', info: 'blue' } as const;

/**
 * Prints each finding as `file:line:column: severity: message [rule]`, then field, reason and remedy. Coloured only on a
 * terminal. With `gates`, a report begins with a sentence for each of its gates that says whether the gate works.
 */
export function renderFindings(
  findings: readonly Finding[],
  stream: NodeJS.WritableStream,
  { reportOf, gates }: Partial<Pick<Checked, 'reportOf' | 'gates'>> = {},
): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream });
  const begun = new Set<string>();
  return findings
    .map(({ file, line, column, severity, rule, field, message, why, fix }) => {
      const word = paint(STYLES[severity], severity);
      const place = field === '' ? '' : `    at:  ${field}\n`;
      const report = reportOf?.(file) ?? file;
      const sentences = begun.has(report) ? [] : (gates?.get(report) ?? []);
      begun.add(report);
      return `${sentences.map((sentence) => `${paint('bold', sentence)}\n`).join('')}${paint('bold', `${file}:${line}:${column}:`)} ${word}: ${message} ${paint('dim', `[${rule}]`)}\n${place}    why: ${why}\n    fix: ${fix}\n`;
    })
    .join('');
}
