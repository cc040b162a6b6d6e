import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** One query of a panel. */
export interface PanelQuery {
  readonly panel: string;
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

/** One query of a template variable: the values of a label. */
export interface VariableQuery {
  readonly name: string;
  readonly expr: string;
  readonly label: string;
}

export interface Dashboard {
  /** As Grafana gets it. */
  readonly json: string;
  readonly queries: readonly PanelQuery[];
  readonly variables: readonly VariableQuery[];
}

interface Parsed {
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly panels: readonly { readonly title: string; readonly targets: readonly Omit<PanelQuery, 'panel'>[] }[];
}

const FILE = new URL('../../../k8s/monitoring/dashboard.yaml', import.meta.url);

/** The dashboard of k8s/monitoring. */
export function readDashboard(): Dashboard {
  const json: string = parse(readFileSync(FILE, 'utf8')).data['canary-releases.json'];
  const { panels, templating }: Parsed = JSON.parse(json);
  return {
    json,
    queries: panels.flatMap(({ title, targets }) => targets.map((target) => ({ panel: title, ...target }))),
    variables: templating.list.flatMap(({ name, definition = '' }) => {
      const [, expr, label] = /^label_values\((.*), (\w+)\)$/.exec(definition) ?? [];
      return expr === undefined || label === undefined ? [] : [{ name, expr, label }];
    }),
  };
}

/** A text as Grafana sends it, its variables replaced. Throws where one has no value. */
export function fillVariables(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{?(\w+)\}?/g, (variable, name) => {
    const value = values[name];
    if (value === undefined) {
      throw new Error(`the dashboard has no variable ${variable}`);
    }
    return value;
  });
}
