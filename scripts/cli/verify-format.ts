import { renderFindings } from '../render/findings.ts';
import { renderGithub } from '../render/github.ts';
import { pathFrom } from '../render/repository-path.ts';
import { renderSarif } from '../render/sarif.ts';
import type { Checked } from '../rules/check.ts';
import { RULES } from '../rules/index.ts';
import { type Io, UsageError } from './command.ts';

const FINDINGS = ['text', 'json', 'github', 'sarif'] as const;
const SUMMARIES = ['text', 'json'] as const;
const RULE_LIST = ['text', 'markdown'] as const;

export type Format = (typeof FINDINGS)[number] | (typeof RULE_LIST)[number];

/** The format asked for; by itself `github` for findings inside a GitHub workflow. Throws UsageError. */
export function formatOf(
  {
    format,
    rules,
    explain,
    summary,
  }: {
    readonly format?: string | undefined;
    readonly rules: boolean;
    readonly explain?: string | undefined;
    readonly summary: boolean;
  },
  env: Io['env'] = {},
): Format {
  const isAboutRules = rules || explain !== undefined;
  const known: readonly Format[] = isAboutRules ? RULE_LIST : summary ? SUMMARIES : FINDINGS;
  if (format === undefined) {
    return known.includes('github') && env.GITHUB_ACTIONS === 'true' ? 'github' : 'text';
  }
  const found = known.find((one) => one === format);
  if (found === undefined) {
    const names = known.map((one) => `'${one}'`);
    const which = isAboutRules ? ' with --rules' : summary ? ' with --summary' : '';
    throw new UsageError(
      `--format must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}${which}, got '${format}'`,
    );
  }
  if (found === 'markdown' && explain !== undefined) {
    throw new UsageError('--format markdown is for --rules');
  }
  return found;
}

/** What was found, and what could not be read or was left aside: `file:line: …` each. */
interface Said extends Checked {
  readonly errors: readonly string[];
}

export function renderChecked(format: Format, checked: Said, { out, cwd, env = {} }: Io): string {
  const { findings, errors } = checked;
  // A workflow may run this in a folder of the repository: annotations and code scanning want paths from its root.
  const pathOf = pathFrom(env.GITHUB_WORKSPACE ?? cwd, cwd);
  switch (format) {
    case 'json':
      return `${JSON.stringify(
        findings.map(({ end: _, ...finding }) => finding),
        undefined,
        2,
      )}\n`;
    case 'sarif':
      return renderSarif({ ...checked, rules: RULES, pathOf });
    case 'github':
      return renderGithub(findings, errors, pathOf);
    default:
      return renderFindings(findings, out, checked);
  }
}
