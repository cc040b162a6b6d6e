import { compileLabelRegexp } from '../go/regexp.ts';
import { type Json, listAt, textAt } from '../manifest/json.ts';
import { expand } from '../promql/label-functions.ts';

/** Labels after relabeling. */
export interface Relabeled {
  readonly labels: Map<string, string>;
  /** Names of labels whose value is not in the files, such as one that is made of a pod's address. */
  readonly unknown: Set<string>;
}

/**
 * Applies a monitor's `relabelings` or `metricRelabelings` in order. `isKnown` says of a label that is not in `labels` that it is absent,
 * and not that its value is unknown. Undefined where a rule drops the target or the sample. Mirrors `relabel` in Prometheus 3
 * `model/relabel/relabel.go`. A rule that reads an unknown label drops nothing, and makes its target label unknown.
 */
export function relabel(
  rules: readonly Json[],
  written: ReadonlyMap<string, string>,
  isKnown: (name: string) => boolean = () => true,
): Relabeled | undefined {
  const labels = new Map(written);
  const unknown = new Set<string>();
  const known = (name: string) =>
    unknown.has(name) ? undefined : (labels.get(name) ?? (isKnown(name) ? '' : undefined));
  const write = (name: string, value: string | undefined) => {
    labels.delete(name);
    unknown.delete(name);
    if (value === undefined) {
      unknown.add(name);
    } else if (value !== '') {
      labels.set(name, value);
    }
  };
  for (const rule of rules) {
    const text = (field: string, usual: string) => textAt(rule, [field]) ?? usual;
    const regexp = compileLabelRegexp(text('regex', '(.*)'));
    const target = text('targetLabel', '');
    const values = listAt(rule, ['sourceLabels']).map((name) => known(String(name)));
    const source = values.includes(undefined) ? undefined : values.join(text('separator', ';'));
    const action = text('action', 'replace').toLowerCase();
    switch (action) {
      case 'keep':
      case 'drop':
        if (source !== undefined && regexp.test(source) === (action === 'drop')) {
          return undefined;
        }
        break;
      case 'keepequal':
      case 'dropequal': {
        const value = known(target);
        if (source !== undefined && value !== undefined && (source === value) === (action === 'dropequal')) {
          return undefined;
        }
        break;
      }
      case 'labeldrop':
      case 'labelkeep':
        for (const name of [...labels.keys(), ...unknown]) {
          if (regexp.test(name) === (action === 'labeldrop')) {
            write(name, '');
          }
        }
        break;
      case 'labelmap':
        for (const name of [...labels.keys()]) {
          const groups = regexp.groups(name);
          if (groups !== undefined) {
            write(expand(text('replacement', '$1'), groups), known(name));
          }
        }
        break;
      case 'lowercase':
        write(target, source?.toLowerCase());
        break;
      case 'uppercase':
        write(target, source?.toUpperCase());
        break;
      case 'replace': {
        const groups = source === undefined ? undefined : regexp.groups(source);
        if (source === undefined || groups !== undefined) {
          write(target, groups && expand(text('replacement', '$1'), groups));
        }
        break;
      }
      default:
        // `hashmod`, which shards targets over several servers.
        write(target, undefined);
    }
  }
  return { labels, unknown };
}
