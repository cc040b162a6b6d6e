import { compileLabelRegexp } from '../go/regexp.ts';
import { type Json, listAt, textAt } from '../manifest/json.ts';
import { expand } from '../promql/label-functions.ts';

/** Returns a target's label before relabeling; undefined if its value is not in the files, such as a pod's address. */
export type TargetLabel = (name: string) => string | undefined;

/**
 * Applies a monitor's `relabelings` in order, to a target with the label names `names`. Returns the labels that they set, and in
 * `unknown` the names of those whose value is not in the files. Follows Prometheus 3's `model/relabel/relabel.go` for `replace` and
 * `labelmap`; other actions set no label's value.
 */
export function relabel(rules: readonly Json[], names: readonly string[], label: TargetLabel) {
  const set = new Map<string, string>();
  const unknown = new Set<string>();
  const known = (name: string) => (unknown.has(name) ? undefined : (set.get(name) ?? label(name)));
  const write = (name: string, value: string | undefined) => {
    set.delete(name);
    unknown.delete(name);
    if (value === undefined) {
      unknown.add(name);
    } else {
      set.set(name, value);
    }
  };
  for (const rule of rules) {
    const text = (field: string, usual: string) => textAt(rule, [field]) ?? usual;
    const regexp = compileLabelRegexp(text('regex', '(.*)'));
    const action = text('action', 'replace').toLowerCase();
    if (action === 'labelmap') {
      for (const name of names) {
        const groups = regexp.groups(name);
        if (groups !== undefined) {
          write(expand(text('replacement', '$1'), groups), known(name));
        }
      }
    } else if (action === 'replace') {
      const values = listAt(rule, ['sourceLabels']).map((name) => known(String(name)));
      const target = text('targetLabel', '');
      if (values.includes(undefined)) {
        write(target, undefined);
        continue;
      }
      const groups = regexp.groups(values.join(text('separator', ';')));
      if (groups !== undefined) {
        write(target, expand(text('replacement', '$1'), groups));
      }
    }
  }
  return { set, unknown };
}
