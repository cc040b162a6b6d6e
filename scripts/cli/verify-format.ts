import { renderFindings } from '../render/findings.ts';
import { renderGithub } from '../render/github.ts';
import { renderJson } from '../render/json.ts';
import { pathFrom } from '../render/repository-path.ts';
import { renderSarif } from '../render/sarif.ts';
import type { Checked } from '../rules/check.ts';
import { RULES } from '../rules/index.ts';
import { type Io, UsageError } from './command.ts';
import { type Kind, oneOf } from './options.ts';

const FINDINGS = oneOf('text', 'json', 'github', 'sarif');
const SUMMARIES = oneOf('text', 'json');
const RULE_LIST = oneOf('text', 'markdown');

type Format = 'text' | 'json' | 'github' | 'sarif' | 'markdown';

/** The format asked for. Defaults to `github` for findings inside a GitHub workflow, otherwise to `text`. Throws UsageError. */
export function formatOf(
  values: {
    readonly format?: string | undefined;
    readonly rules: boolean;
    readonly explain?: string | undefined;
    readonly summary: boolean;
  },
  env: Io['env'] = {},
): Format {
  const { format, explain } = values;
  const isAboutRules = values.rules || explain !== undefined;
  const known: Kind<Format> = isAboutRules ? RULE_LIST : values.summary ? SUMMARIES : FINDINGS;
  if (format === undefined) {
    return known === FINDINGS && env.GITHUB_ACTIONS === 'true' ? 'github' : 'text';
  }
  const found = known.read(format);
  if (found === undefined) {
    const which = isAboutRules ? ' with --rules' : values.summary ? ' with --summary' : '';
    throw new UsageError(`--format must be ${known.must}${which}, got '${format}'`);
  }
  if (found === 'markdown' && explain !== undefined) {
    throw new UsageError('--format markdown is for --rules');
  }
  return found;
}

/** Findings, and an error `file:line: …` for each file that could not be read. */
interface Said extends Checked {
  readonly errors: readonly string[];
}

export function renderChecked(format: Format, checked: Said, { out, cwd, env = {} }: Io): string {
  const { findings, errors } = checked;
  // A workflow may run this in a folder of the repository: annotations and code scanning want paths from its root.
  const pathOf = pathFrom(env.GITHUB_WORKSPACE ?? cwd, cwd);
  switch (format) {
    case 'json':
      return renderJson(findings.map(({ end: _, ...finding }) => finding));
    case 'sarif':
      return renderSarif({ ...checked, rules: RULES, pathOf });
    case 'github':
      return renderGithub(findings, errors, pathOf);
    default:
      return renderFindings(findings, out, checked);
  }
}
