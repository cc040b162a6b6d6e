import type * as common from '@grafana/grafana-foundation-sdk/common';
import type * as grafana from '@grafana/grafana-foundation-sdk/dashboard';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stateTimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeSeries from '@grafana/grafana-foundation-sdk/timeseries';

/**
 * A dashboard as Grafana's own SDK describes it, limited to the panels in use here. A literal of this type that has an unknown
 * field, a wrong value or a missing field does not compile.
 */
export type GrafanaDashboard = Omit<AsJson<grafana.Dashboard>, 'panels'> & {
  readonly panels: readonly (
    | PanelOf<'timeseries', timeSeries.Options, common.GraphFieldConfig>
    | PanelOf<'state-timeline', stateTimeline.Options, stateTimeline.FieldConfig>
    | PanelOf<'table', table.Options, common.TableFieldOptions>
  )[];
};

type PanelOf<Type extends string, Options, Custom> = Omit<
  AsJson<grafana.Panel>,
  'type' | 'options' | 'targets' | 'fieldConfig'
> & {
  readonly type: Type;
  readonly targets: readonly AsJson<prometheus.Dataquery>[];
  readonly options: AsJson<Options>;
  readonly fieldConfig: Omit<AsJson<grafana.FieldConfigSource>, 'defaults'> & {
    readonly defaults: Omit<AsJson<grafana.FieldConfig>, 'custom'> & { readonly custom?: AsJson<Custom> };
  };
};

/** The SDK's type as JSON: enums become their values, methods are removed, and `unknown` stays `unknown`. */
type AsJson<T> = 0 extends 1 & T
  ? T
  : T extends string
    ? `${T}`
    : T extends readonly (infer Element)[]
      ? readonly AsJson<Element>[]
      : T extends object
        ? { readonly [Key in keyof T as T[Key] extends Method ? never : Key]: AsJson<T[Key]> }
        : T;

type Method = (...args: never[]) => unknown;
