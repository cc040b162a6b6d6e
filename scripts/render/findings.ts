import { styleText } from 'node:util';
import type { Finding } from '../rules/finding.ts';

const STYLES = { error: 'red', warning: 'yellow', info: 'blue' } as const;

/** `file:line:column: severity: message [rule]`, then where, why and what to do. Coloured only on a terminal. */
export function renderFindings(findings: readonly Finding[], stream: NodeJS.WritableStream): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream });
  return findings
    .map(({ file, line, column, severity, rule, field, message, why, fix }) => {
      const word = paint(STYLES[severity], severity);
      const place = field === '' ? '' : `    at:  ${field}\n`;
      return `${paint('bold', `${file}:${line}:${column}:`)} ${word}: ${message} ${paint('dim', `[${rule}]`)}\n${place}    why: ${why}\n    fix: ${fix}\n`;
    })
    .join('');
}
