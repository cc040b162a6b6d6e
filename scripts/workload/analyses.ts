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
  /** Else of a step, or of blue-green: something waits for its end. */
  readonly isBackground: boolean;
}

/** In the order in which the controller validates them: those of the steps first. */
export function analysesOf(rollout: JsonMap): readonly AnalysisPlace[] {
  const paths = [
    ...listAt(rollout, STEPS).map((_, index) => [...STEPS, index, 'analysis']),
    ...['prePromotionAnalysis', 'postPromotionAnalysis'].map((field) => ['spec', 'strategy', 'blueGreen', field]),
    ANALYSIS,
  ];
  return paths.filter((path) => isMap(at(rollout, path))).map((path) => ({ path, isBackground: path === ANALYSIS }));
}

/** An `analysis` block with all that a run is made of. */
export interface Analysis {
  readonly collected: CollectedTemplates;
  readonly run: AnalysisRunSpec;
  /** Why the controller cannot make the run: each reconcile fails then. */
  readonly problem: string | undefined;
}

/** `rollout` is the manifest's object, or what stands for it in the cluster; values in `values` go before all others. */
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
