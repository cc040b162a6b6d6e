import manifest from '../package.json' with { type: 'json' };

/** Where docs/rules.md explains a rule. GitHub's anchor of a heading keeps letters, digits and hyphens. */
export function helpAddress(id: string): string {
  return `${manifest.repository}/blob/main/docs/rules.md#${id.replaceAll('/', '')}`;
}
