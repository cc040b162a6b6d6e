import type { Finding, Severity } from '../rules/rule.ts';
import type { PathOf } from './repository-path.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Findings as GitHub's workflow commands: annotations in a pull request, and the whole text in the log. */
export function renderGithub(findings: readonly Finding[], errors: readonly string[], pathOf: PathOf): string {
  const commands = findings.map(({ file, line, column, end, severity, rule, field, message, why, fix }) => {
    const path = pathOf(file);
    // GitHub accepts `endColumn` only where start and end are on one line.
    const isOneLine = end.line === line && end.column > column;
    const place = {
      ...(path === undefined ? {} : { file: path, line, col: column }),
      ...(path === undefined || !isOneLine ? {} : { endLine: end.line, endColumn: end.column }),
    };
    const text = `${message}\n${field === '' ? '' : `at: ${field}\n`}why: ${why}\nfix: ${fix}`;
    return workflowCommand(COMMANDS[severity], { ...place, title: rule }, text);
  });
  return [...commands, ...errors.map((error) => errorCommand(error, pathOf))].join('');
}

/** An error as an annotation; with its place where it reads `file:line:column: message`. */
function errorCommand(error: string, pathOf: PathOf): string {
  const [, file = '', line, col, message] = /^(.+?):(\d+):(\d+): (.*)$/s.exec(error) ?? [];
  const path = pathOf(file);
  return message === undefined || path === undefined
    ? workflowCommand('error', {}, error)
    : workflowCommand('error', { file: path, line, col }, message);
}

/** One line. Escapes as `escapeData` and `escapeProperty` of actions/toolkit, packages/core/src/command.ts. */
function workflowCommand(command: string, properties: Readonly<Record<string, unknown>>, text: string): string {
  const data = (value: string) => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (value: string) => data(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const list = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${[command, list.join(',')].join(' ').trimEnd()}::${data(text)}\n`;
}
