import { isMap, type Json, listAt, type Path, textAt } from '../manifest/json.ts';
import { labelsOf, type Manifest } from '../manifest/manifest.ts';
import type { Expr } from '../promql/ast.ts';
import { PromqlSyntaxError } from '../promql/errors.ts';
import { parsePromql } from '../promql/parse.ts';
import { UNKNOWN } from '../workload/analysis-arguments.ts';
import type { MetricQuery } from './used-metric.ts';
import type { Workspace } from './workspace.ts';

export interface ParsedQuery {
  readonly text: string;
  /** Undefined if it does not parse. `error` then has the reason, unless the text has a value that only a cluster knows. */
  readonly expr: Expr | undefined;
  readonly error: string | undefined;
}

/** Parsed queries by their text: several rules need the same ones. */
const parsed = new Map<string, ParsedQuery>();

export function parseQuery(text: string): ParsedQuery {
  const query = parsed.get(text) ?? parse(text);
  parsed.set(text, query);
  return query;
}

function parse(text: string): ParsedQuery {
  try {
    return { text, expr: parsePromql(text), error: undefined };
  } catch (error) {
    if (!(error instanceof PromqlSyntaxError)) {
      throw error;
    }
    return { text, expr: undefined, error: text.includes(UNKNOWN) ? undefined : error.message };
  }
}

/** A PromQL query somewhere in the files. */
export interface Query extends MetricQuery {
  readonly manifest: Manifest;
  /** Its name in messages: `dashboard panel 'Success ratio'`. */
  readonly what: string;
}

/** Every query of an analysis that parses, with the metric that measures with it. */
export const gateQueries = ({ metrics }: Workspace) =>
  metrics.flatMap((used) => {
    const { manifest, query } = used;
    return query?.expr === undefined ? [] : [{ ...query, expr: query.expr, manifest, used }];
  });

/** Every query of analyses, rules and dashboards, in that order. */
export function* queriesOf(workspace: Workspace): Generator<Query> {
  for (const { manifest, metric, query } of workspace.metrics) {
    if (query !== undefined) {
      yield { ...query, manifest, what: `metric '${metric.name}'` };
    }
  }
  for (const { manifest, path, rule } of rulesIn(workspace)) {
    const text = textAt(rule, ['expr']);
    if (text !== undefined) {
      const what = `rule '${textAt(rule, ['alert']) ?? textAt(rule, ['record'])}'`;
      yield { manifest, path: [...path, 'expr'], what, ...parseQuery(text) };
    }
  }
  for (const manifest of workspace.ofKind('ConfigMap')) {
    if (labelsOf(manifest).grafana_dashboard !== undefined) {
      yield* dashboardQueries(manifest);
    }
  }
}

/** Every alert and recording rule, each with its path. */
export function* rulesIn(workspace: Workspace): Generator<{ manifest: Manifest; path: Path; rule: Json }> {
  for (const manifest of workspace.ofKind('PrometheusRule')) {
    for (const group of listAt(manifest.object, ['spec', 'groups']).keys()) {
      const path = ['spec', 'groups', group, 'rules'];
      for (const [index, rule] of listAt(manifest.object, path).entries()) {
        yield { manifest, path: [...path, index], rule };
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
      const reason = `it is not JSON: ${(error as Error).message}`;
      yield { manifest, path, what: `dashboard ${file}`, text: '', expr: undefined, error: reason };
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
