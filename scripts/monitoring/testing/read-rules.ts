import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export type PrometheusRule = AlertRule | RecordingRule;

/** A file of k8s/monitoring that holds rules. */
export interface RuleFile {
  /** Without its extension: `release-rules`. */
  readonly name: string;
  /** The rule groups, without the Kubernetes object around them. */
  readonly spec: { readonly groups: readonly { readonly rules: readonly PrometheusRule[] }[] };
}

export const MONITORING = new URL('../../../k8s/monitoring/', import.meta.url).pathname;

/** All rules of k8s/monitoring, in the order of the files. */
export function readRuleFiles(): readonly RuleFile[] {
  return readdirSync(MONITORING)
    .filter((name) => name.endsWith('-rules.yaml'))
    .map((name) => ({
      name: name.replace('.yaml', ''),
      spec: parse(readFileSync(`${MONITORING}${name}`, 'utf8')).spec,
    }));
}

export const isAlert = (rule: PrometheusRule): rule is AlertRule => 'alert' in rule;

export function rulesOf(files: readonly RuleFile[]): readonly PrometheusRule[] {
  return files.flatMap(({ spec }) => spec.groups.flatMap(({ rules }) => rules));
}
