import { readFile } from 'node:fs/promises';
import { RULES } from '../rules/index.ts';
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
  const example = (kind: string, extension: string) =>
    readFile(new URL(`../rules/testdata/${kind}/${rule.id.replace('/', '-')}.${extension}`, import.meta.url), 'utf8');
  const [bad, finding, ok] = await Promise.all([example('bad', 'yaml'), example('bad', 'txt'), example('ok', 'yaml')]);
  const indent = (text: string) => text.replace(/^(?=.)/gm, '    ');
  return `${rule.id} (${rule.severity})\n\n${rule.why}\n${rule.fix}\n\nWrong:\n\n${indent(bad)}\nverify says:\n\n${indent(finding)}\nRight:\n\n${indent(ok)}`;
}
