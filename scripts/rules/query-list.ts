import { isMap, type Json, listAt, type Path, textAt } from '../manifest/json.ts';
import { labelsOf, type Manifest } from '../manifest/manifest.ts';
import type { Expr } from '../promql/ast.ts';
import { parseQuery } from './parse-query.ts';
import type { UsedMetric } from './used-metric.ts';
import type { Workspace } from './workspace.ts';

/** A PromQL query somewhere in the files. */
export interface Query {
  readonly manifest: Manifest;
  readonly path: Path;
  /** Its name in messages: `dashboard panel 'Success ratio'`. */
  readonly what: string;
  readonly text: string;
  /** Undefined if it does not parse. `error` then has the reason, unless the text has a value that only a cluster knows. */
  readonly expr: Expr | undefined;
  readonly error: string | undefined;
  /** The metric of an analysis that measures with it; missing for rules and dashboards. */
  readonly used?: UsedMetric;
}

/** Every query of analyses, rules and dashboards, in that order. */
export function* queriesOf(workspace: Workspace): Generator<Query> {
  for (const used of workspace.metrics) {
    if (used.query !== undefined) {
      yield { manifest: used.manifest, what: `metric '${used.metric.name}'`, used, ...used.query };
    }
  }
  for (const manifest of workspace.ofKind('PrometheusRule')) {
    yield* ruleQueries(manifest);
  }
  for (const manifest of workspace.ofKind('ConfigMap')) {
    if (labelsOf(manifest).grafana_dashboard !== undefined) {
      yield* dashboardQueries(manifest);
    }
  }
}

function* ruleQueries(manifest: Manifest): Generator<Query> {
  for (const [group, { rules }] of listAt(manifest.object, ['spec', 'groups']).filter(isMap).entries()) {
    for (const [index, rule] of listAt(rules).entries()) {
      const text = textAt(rule, ['expr']);
      if (text !== undefined) {
        const what = `rule '${textAt(rule, ['alert']) ?? textAt(rule, ['record'])}'`;
        yield {
          manifest,
          path: ['spec', 'groups', group, 'rules', index, 'expr'],
          what,
          ...parseQuery(text),
        };
      }
    }
  }
}

function* dashboardQueries(manifest: Manifest): Generator<Query> {
  for (const [file, json] of Object.entries(isMap(manifest.object.data) ? manifest.object.data : {})) {
    const path: Path = ['data', file];
    let dashboard: Json;
    try {
      dashboard = JSON.parse(String(json));
    } catch (error) {
      yield {
        manifest,
        path,
        what: `dashboard ${file}`,
        text: '',
        expr: undefined,
        error: `it is not JSON: ${(error as Error).message}`,
      };
      continue;
    }
    for (const panel of panelsOf(dashboard)) {
      for (const target of listAt(panel, ['targets'])) {
        const text = textAt(target, ['expr']);
        if (text !== undefined) {
          const what = `dashboard panel '${textAt(panel, ['title'])}'`;
          yield { manifest, path, what, ...parseQuery(fillVariables(text)) };
        }
      }
    }
  }
}

/** The panels of a dashboard, those inside rows included. */
function panelsOf(dashboard: Json): readonly Json[] {
  return listAt(dashboard, ['panels']).flatMap((panel) => [panel, ...panelsOf(panel)]);
}

/** Fills Grafana's variables, so that a query parses: those that stand for a duration with `1m`, others with a placeholder. */
function fillVariables(text: string): string {
  return text
    .replace(/\$\{?__(rate_interval|interval|range)\}?/g, '1m')
    .replace(/\[\$\{?\w+(:\w+)?\}?\]/g, '[1m]')
    .replace(/\$\{\w+(:\w+)?\}|\$\w+/g, 'variable000');
}
