import { at, isMap, type JsonMap, listAt, mapAt, type Path } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { giveArguments } from './analysis-arguments.ts';
import { type AnalysisRunSpec, createRunSpec } from './analysis-run.ts';
import { type CollectedTemplates, collectTemplates } from './analysis-templates.ts';
import type { Objects } from './objects.ts';
import { ANALYSIS, STEPS } from './rollout.ts';

/** An `analysis` block of a Rollout. */
export interface AnalysisPlace {
  readonly path: Path;
  /** True for `canary.analysis`, beside which the steps go on; the controller waits for the end of all others. */
  readonly isBackground: boolean;
}

/** A Rollout's `analysis` blocks in the order in which the controller validates them: of steps, of blue-green, then background. */
export function analysesOf(rollout: JsonMap): readonly AnalysisPlace[] {
  const paths = [
    ...listAt(rollout, STEPS).map((_, index) => [...STEPS, index, 'analysis']),
    ...['prePromotionAnalysis', 'postPromotionAnalysis'].map((field) => ['spec', 'strategy', 'blueGreen', field]),
    ANALYSIS,
  ];
  return paths.filter((path) => isMap(at(rollout, path))).map((path) => ({ path, isBackground: path === ANALYSIS }));
}

/** What the controller makes of one `analysis` block: the templates that it names, and the spec of its AnalysisRun. */
export interface Analysis {
  readonly collected: CollectedTemplates;
  readonly run: AnalysisRunSpec;
  /** Why the controller cannot create the run, so that every reconcile fails; undefined if it can. */
  readonly problem: string | undefined;
}

/** Reads the `analysis` block at `path`. `rollout` is the manifest's object, or the one in the cluster; arguments may read it. */
export function readAnalysis(
  objects: Pick<Objects, 'find'>,
  manifest: Manifest,
  rollout: JsonMap,
  path: Path,
): Analysis {
  const block = mapAt(rollout, path);
  const collected = collectTemplates(listAt(block, ['templates']), (kind, name) => objects.find(manifest, kind, name));
  const given = giveArguments(listAt(block, ['args']), rollout);
  const run = createRunSpec(collected.templates, {
    given: given.args,
    dryRun: listAt(block, ['dryRun']),
    measurementRetention: listAt(block, ['measurementRetention']),
  });
  return { collected, run, problem: given.problem ?? run.problem };
}
