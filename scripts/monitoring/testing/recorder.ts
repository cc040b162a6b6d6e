import type { Exposition } from '../../exposition/parse.ts';
import { listAt, textAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { type Labels, labelsKey, omitLabels, setLabel } from '../../promql/labels.ts';
import type { SeriesSample } from '../../promql/store.ts';

export interface RecordedSeries {
  readonly labels: Labels;
  readonly samples: SeriesSample[];
}

/** Stores scrapes as a Prometheus does that the Prometheus operator configures. */
export interface Recorder {
  readonly series: readonly RecordedSeries[];
  /** Stores one scrape. Times must not decrease; `relabelings` are a monitor's `metricRelabelings`. */
  readonly scrape: (
    exposition: Exposition,
    target: Labels,
    timeSeconds: number,
    relabelings?: readonly Relabeling[],
  ) => void;
}

export type Relabeling = (labels: Labels) => Labels;

export function createRecorder(): Recorder {
  const byKey = new Map<string, RecordedSeries>();
  const series: RecordedSeries[] = [];
  const push = (labels: Labels, sample: SeriesSample) => {
    const key = labelsKey(labels);
    const one = byKey.get(key) ?? { labels, samples: [] };
    if (!byKey.has(key)) {
      byKey.set(key, one);
      series.push(one);
    }
    one.samples.push(sample);
  };
  return {
    series,
    scrape({ samples }, target, timeSeconds, relabelings = []) {
      push(new Map([['__name__', 'up'], ...target]), { timeSeconds, value: 1 });
      for (const { labels, value } of samples) {
        const stored = relabelings.reduce((before, relabel) => relabel(before), withTarget(labels, target));
        push(stored, { timeSeconds, value });
      }
    },
  };
}

/** The target's labels win: an exposed one of the same name is renamed (`honor_labels: false`). */
function withTarget(exposed: Labels, target: Labels): Labels {
  const own = [...exposed].filter(([, value]) => value !== '');
  return new Map([
    ...own.map(([name, value]) => [target.has(name) ? `exported_${name}` : name, value] as const),
    ...target,
  ]);
}

/** The `metricRelabelings` in the chart's values of an Argo CD Application. Throws for an action other than the two in use. */
export function readRelabelings(application: Manifest): readonly Relabeling[] {
  const path = [
    'spec',
    'source',
    'helm',
    'valuesObject',
    'controller',
    'metrics',
    'serviceMonitor',
    'metricRelabelings',
  ];
  return listAt(application.object, path).map((config) => {
    const regex = new RegExp(`^(?:${textAt(config, ['regex']) ?? '.*'})$`);
    const action = textAt(config, ['action']) ?? 'replace';
    switch (action) {
      case 'labeldrop':
        return (labels) =>
          omitLabels(
            labels,
            [...labels.keys()].filter((name) => regex.test(name)),
          );
      case 'replace':
        return (labels) => {
          const source = listAt(config, ['sourceLabels']).map((name) => labels.get(String(name)) ?? '');
          const [, value] = regex.exec(source.join(';')) ?? [];
          return value === undefined ? labels : setLabel(labels, textAt(config, ['targetLabel']) ?? '', value);
        };
      default:
        throw new Error(`the relabeling action '${action}' is not known here`);
    }
  });
}
