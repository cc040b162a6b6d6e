import type { Source } from '../manifest/manifest.ts';
import type { Position } from '../manifest/yaml.ts';
import type { Finding } from './rule.ts';

const COMMENT = /#\s*verify-disable\s+([\w-]+\/[\w-]+)[:\s]*(.*?)\s*$/;

interface Disable {
  readonly rule: string;
  readonly reason: string;
  /** 1-based, of the comment. */
  readonly line: number;
  readonly column: number;
  readonly end: Position;
  /** 1-based line whose findings it switches off: its own, or the next with content if the comment stands alone. */
  readonly target: number;
}

/** `# verify-disable rule/id: reason`, at the end of a line or on the lines above it. */
function readDisables(text: string): readonly Disable[] {
  const lines = text.split('\n');
  return lines.flatMap((content, index) => {
    const match = COMMENT.exec(content.replace(/\r$/, ''));
    if (match === null) {
      return [];
    }
    const standsAlone = content.slice(0, match.index).trim() === '';
    let target = index;
    while (standsAlone && target < lines.length && /^\s*(#.*)?$/.test(lines[target] ?? '')) {
      target++;
    }
    const [, rule = '', reason = ''] = match;
    const [line, column] = [index + 1, match.index + 1];
    return [
      { rule, reason, line, column, end: { line, column: column + match[0].trimEnd().length }, target: target + 1 },
    ];
  });
}

/**
 * The findings that are not switched off, and new ones: an error for a comment without a reason, which switches nothing off, and
 * a warning for a comment whose rule finds nothing on its line.
 */
export function applyDisables(findings: readonly Finding[], sources: readonly Source[]): readonly Finding[] {
  const extra: Finding[] = [];
  const disabled = new Set<Finding>();
  for (const { file, text } of sources) {
    if (!text.includes('verify-disable')) {
      continue;
    }
    for (const { rule, reason, line, column, end, target } of readDisables(text)) {
      const place = { file, line, column, end, field: '' };
      const covered = findings.filter((one) => one.file === file && one.line === target && one.rule === rule);
      if (reason === '') {
        extra.push({
          ...place,
          severity: 'error',
          rule: 'verify/disable-reason',
          message: `a comment that disables '${rule}' must give a reason`,
          why: 'The next reader cannot tell an exception from an oversight.',
          fix: `Write \`# verify-disable ${rule}: <why it is right here>\`.`,
        });
      } else if (covered.length === 0) {
        extra.push({
          ...place,
          severity: 'warning',
          rule: 'verify/unused-disable',
          message: `a comment disables '${rule}', which finds nothing on line ${target}`,
          why: 'It would hide the next real finding.',
          fix: 'Delete the comment.',
        });
      } else {
        for (const finding of covered) {
          disabled.add(finding);
        }
      }
    }
  }
  return [...findings.filter((finding) => !disabled.has(finding)), ...extra];
}
