import type { Rule } from '../rules/rule.ts';

/** The golden files of a rule. */
export interface RuleExample {
  /** A manifest that is wrong. */
  readonly bad: string;
  /** What `verify` prints of it. */
  readonly printed: string;
  /** A manifest that is right. */
  readonly ok: string;
}

const HEAD = `<!-- Written by \`npm run -s verify -- --rules --format markdown > docs/rules.md\`. -->

# The rules of verify

An error makes the gate, or the release, do something else than its author thinks, and fails the command; a warning fails it with
\`--strict\` only; an info is shown with \`--all\` only and never fails. A comment switches a finding off on its line, or above it, and
must give the reason: \`# verify-disable query/one-error: a read needs 100 requests\`. Each rule below shows the lines of its example that are
wrong and what \`verify\` says of them.
`;

/** Lines of an example that are shown, from the finding's on. */
const SHOWN_LINES = 3;

/** Every rule in its own section: severity, what it finds, why, what to do, and an example. */
export function renderRules(rules: readonly { readonly rule: Rule; readonly example: RuleExample }[]): string {
  return [HEAD, ...rules.map(({ rule, example }) => renderRule(rule, example))].join('\n');
}

function renderRule({ id, severity, why, fix }: Rule, { bad, printed }: RuleExample): string {
  const { line, message } = firstFinding(id, printed);
  const file = `../scripts/rules/testdata`;
  const name = `${id.replace('/', '-')}.yaml`;
  return `## ${id}

**${severity}**: ${why} ${fix}

\`\`\`yaml
${excerpt(bad, line)}
\`\`\`

> ${message}

[wrong](${file}/bad/${name}) · [right](${file}/ok/${name})
`;
}

function firstFinding(id: string, printed: string): { readonly line: number; readonly message: string } {
  for (const [, line, message, rule] of printed.matchAll(/^\S+?:(\d+):\d+: \w+: (.*) \[(.*)\]$/gm)) {
    if (rule === id) {
      return { line: Number(line), message: message ?? '' };
    }
  }
  throw new Error(`the example of ${id} has no finding of its own`);
}

/** Up to `SHOWN_LINES` lines from `line` (1-based) on, without their indentation; ends before a line that is indented less. */
function excerpt(yaml: string, line: number): string {
  const lines = yaml.split('\n').slice(line - 1, line - 1 + SHOWN_LINES);
  const indent = lines[0]?.search(/\S/) ?? 0;
  const end = lines.findIndex((one) => one.trim() === '---' || (one.trim() !== '' && one.search(/\S/) < indent));
  return lines
    .slice(0, end === -1 ? undefined : end)
    .map((one) => one.slice(indent))
    .join('\n')
    .trimEnd();
}
