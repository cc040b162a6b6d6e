import { readFile } from 'node:fs/promises';
import { type RuleExample, renderRules } from '../render/rules-page.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { UsageError } from './command.ts';

/** What one rule means, with the example its tests use; all ids without one. */
export async function explain(id: string | undefined): Promise<string> {
  if (id === undefined) {
    return RULES.map((rule) => `${rule.id}\n`).join('');
  }
  const rule = RULES.find((one) => one.id === id);
  if (rule === undefined) {
    throw new UsageError(`no rule '${id}'; --rules lists them`);
  }
  const { bad, printed, ok } = await readExample(rule);
  const indent = (text: string) => text.replace(/^(?=.)/gm, '    ');
  return `${rule.id} (${rule.severity})\n\n${rule.why}\n${rule.fix}\n\nWrong:\n\n${indent(bad)}\nverify says:\n\n${indent(printed)}\nRight:\n\n${indent(ok)}`;
}

/** What every rule means, as Markdown: docs/rules.md. */
export async function explainAll(): Promise<string> {
  return renderRules(await Promise.all(RULES.map(async (rule) => ({ rule, example: await readExample(rule) }))));
}

async function readExample({ id }: Rule): Promise<RuleExample> {
  const read = (kind: string, extension: string) =>
    readFile(new URL(`../rules/testdata/${kind}/${id.replace('/', '-')}.${extension}`, import.meta.url), 'utf8');
  const [bad, printed, ok] = await Promise.all([read('bad', 'yaml'), read('bad', 'txt'), read('ok', 'yaml')]);
  return { bad, printed, ok };
}
