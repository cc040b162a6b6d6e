import { formatPath } from '../manifest/json.ts';
import { createLocator } from '../manifest/locate.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { applyDisables } from './disable.ts';
import { RULES } from './index.ts';
import { type Live, type LivePaths, livePaths } from './live.ts';
import { createFindingOrder, createReportOf, type ReportOf } from './report-order.ts';
import type { Finding, Problem, Rule } from './rule.ts';
import { inspectAll } from './schema-inspection.ts';
import { createWorkspace, type Played, type Workspace } from './workspace.ts';

export interface Checked {
  /** Grouped by report; in each the most severe first. */
  readonly findings: readonly Finding[];
  readonly reportOf: ReportOf;
  /** By report: for each Rollout that was played, a sentence that says whether its gate works. */
  readonly gates: ReadonlyMap<string, readonly string[]>;
  /** Gates that could not be judged, in reports without an error or warning; objects whose kind has no schema to check. */
  readonly notes: readonly string[];
}

/** What manifests are compared with, apart from one another. */
export interface Surroundings {
  /** The Git address that the checkout was cloned from; undefined if it has none. */
  readonly origin?: string | undefined;
  /** Asks a running instance of the app; without it the `live/` rules find nothing. */
  readonly askLive?: ((paths: LivePaths) => Promise<Live>) | undefined;
  /** Plays simulated releases of one of the Rollouts; without it the `gate/` rules find nothing. */
  readonly play?: ((rollout: Manifest) => Played) | undefined;
}

/** Runs every rule over manifests that are applied together. */
export async function checkManifests(
  manifests: readonly Manifest[],
  { origin, askLive, play }: Surroundings = {},
): Promise<Checked> {
  const inspections = await inspectAll(manifests);
  const still = createWorkspace(manifests, inspections, origin);
  const played = new Map(
    play === undefined ? [] : still.rollouts.map(({ manifest }) => [manifest, play(manifest)] as const),
  );
  const workspace: Workspace = { ...still, played, live: await askLive?.(livePaths(still)) };
  const problems = RULES.flatMap((rule) => [...rule.check(workspace)].map((problem) => ({ rule, problem })));
  const inspected = new Set(inspections.map(({ manifest }) => manifest));
  const sources = new Set(manifests.map(({ source }) => source));
  const reportOf = createReportOf(manifests);
  const findings = [...applyDisables(locate(problems), [...sources])].sort(createFindingOrder(reportOf));
  const begun = new Set(findings.filter(({ severity }) => severity !== 'info').map(({ file }) => reportOf(file)));
  // A report without a finding prints nothing, as if the gate worked; a gate that could not be judged needs a note.
  const unjudged = [...played].filter(
    ([{ source }, { verdict }]) => ['unknown', 'unmeasured'].includes(verdict) && !begun.has(reportOf(source.file)),
  );
  const byReport = Map.groupBy(played, ([{ source }]) => reportOf(source.file));
  return {
    findings,
    reportOf,
    gates: new Map(byReport.entries().map(([report, group]) => [report, group.map(say)])),
    notes: [...unjudged.map(say), ...manifests.filter((manifest) => !inspected.has(manifest)).map(noteUnknownKind)],
  };
}

function say([{ name }, { sentence }]: readonly [Manifest, Played]): string {
  return `Rollout '${name}' ${sentence}`;
}

/** Makes findings of problems: adds their places in the files, and drops repeated ones. */
function locate(problems: readonly { readonly rule: Rule; readonly problem: Problem }[]): readonly Finding[] {
  const locator = createLocator();
  const findings = new Map<string, Finding>();
  const bySource = Map.groupBy(problems, ({ problem }) => problem.manifest.source);
  for (const [source, group] of bySource) {
    for (const { rule, problem } of group) {
      const finding: Finding = {
        file: source.file,
        ...locator(problem.manifest, problem.path, problem.pointAt),
        severity: problem.severity ?? rule.severity,
        rule: rule.id,
        field: formatPath(problem.path),
        message: problem.message,
        why: problem.why ?? rule.why,
        fix: problem.fix ?? rule.fix,
      };
      findings.set(JSON.stringify(finding), finding);
    }
  }
  return [...findings.values()];
}

function noteUnknownKind({ source, kind, apiVersion }: Manifest): string {
  return `${source.file}: kind '${kind}' of ${apiVersion} is not known here, not checked`;
}
