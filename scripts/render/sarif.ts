import { createHash } from 'node:crypto';
import manifest from '../package.json' with { type: 'json' };
import type { Finding, Rule, Severity } from '../rules/rule.ts';
import { renderJson } from './json.ts';
import type { PathOf } from './repository-path.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

type Described = Pick<Rule, 'id' | 'severity' | 'why' | 'fix'>;

export interface SarifInput {
  readonly findings: readonly Finding[];
  readonly rules: readonly Rule[];
  /** What could not be read, and what was left aside. */
  readonly errors: readonly string[];
  readonly notes: readonly string[];
  readonly pathOf: PathOf;
}

/** Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), for code scanning and editors. */
export function renderSarif({ findings, rules, errors, notes, pathOf }: SarifInput): string {
  const listed: readonly Described[] = [...rules, ...rulesOutside(findings, rules)];
  const indexes = new Map(listed.map(({ id }, index) => [id, index]));
  const fingerprint = createFingerprints();
  return renderJson({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: manifest.name,
            version: manifest.version,
            informationUri: manifest.homepage,
            rules: listed.map(describe),
          },
        },
        invocations: [
          {
            executionSuccessful: errors.length === 0,
            toolExecutionNotifications: [
              ...errors.map((text) => ({ level: 'error', message: { text } })),
              ...notes.map((text) => ({ level: 'note', message: { text } })),
            ],
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: indexes.get(finding.rule),
          level: LEVELS[finding.severity],
          message: { text: `${finding.message}. ${finding.why} ${finding.fix}` },
          locations: [locationOf(finding, pathOf)],
          partialFingerprints: { 'finding/v1': fingerprint(finding, pathOf) },
        })),
      },
    ],
  });
}

function describe({ id, severity, why, fix }: Described) {
  // GitHub's anchor of a heading keeps letters, digits and hyphens.
  const helpUri = `${manifest.repository}/blob/main/docs/rules.md#${id.replaceAll('/', '')}`;
  return {
    id,
    shortDescription: { text: why },
    fullDescription: { text: `${why} ${fix}` },
    help: { text: `${why} ${fix}`, markdown: `${why}\n\n${fix}\n\n[${id}](${helpUri})` },
    helpUri,
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: [id.split('/')[0]] },
  };
}

/** Descriptions for findings whose rule is not listed: those about comments that switch rules off. */
function rulesOutside(findings: readonly Finding[], rules: readonly Rule[]): readonly Described[] {
  const others = findings.filter(({ rule }) => !rules.some(({ id }) => id === rule));
  return [...new Map(others.map((finding) => [finding.rule, { ...finding, id: finding.rule }])).values()];
}

function locationOf({ file, line, column, end, field }: Finding, pathOf: PathOf) {
  const path = pathOf(file);
  const isOutside = path === undefined || path.startsWith('..');
  return {
    physicalLocation: {
      artifactLocation: {
        uri: encodeURI(path ?? file),
        ...(isOutside ? {} : { uriBaseId: '%SRCROOT%' }),
      },
      region: { startLine: line, startColumn: column, endLine: end.line, endColumn: end.column },
    },
    ...(field === '' ? {} : { logicalLocations: [{ fullyQualifiedName: field }] }),
  };
}

/**
 * A finding keeps its fingerprint when lines are added above it, or when numbers in its message change: a gate that is a little
 * less wrong is still the same finding. Findings that are otherwise alike are numbered in their order.
 */
function createFingerprints(): (finding: Finding, pathOf: PathOf) => string {
  const counts = new Map<string, number>();
  return ({ file, rule, field, message }, pathOf) => {
    const parts = [pathOf(file) ?? file, rule, field, message.replace(/\d+(\.\d+)?/g, '#')];
    const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    return `${hash}:${count}`;
  };
}
