import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkGate } from '../odds/check-gate.ts';
import { applyPatches } from '../rehearsal/apply-patches.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import { createModel, type Model } from '../rehearsal/model/model.ts';
import type { Patch } from '../rehearsal/scenario.ts';
import { readWorkload, rolloutsIn } from '../rehearsal/workload.ts';
import type { Io } from './command.ts';
import { loadWorkload } from './load-workload.ts';
import { checkFacts, type Given } from './manifest-gaps.ts';
import { findPatches } from './scenario-files.ts';

/** The model of one Rollout, with the name that reports give it. */
export interface NamedModel {
  /** The folder, with the Rollout's name where it holds several; or the scenario whose patches change the only Rollout. */
  readonly name: string;
  readonly model: Model;
}

/** The models to compare with: those of another folder, or of this workload with a scenario's patches. */
export async function readOther(other: string, workload: string, given: Given, io: Io): Promise<readonly NamedModel[]> {
  const isFolder = await stat(resolve(io.cwd, other)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const models = isFolder
    ? await readModels(other, [], given, io)
    : await readModels(workload, await findPatches(other, io.cwd), given, io);
  const ofScenario = ({ workload }: NamedModel['model']) => (models.length > 1 ? `${other}: ${workload.name}` : other);
  return models.map(({ name, model }) => ({ name: isFolder ? name : ofScenario(model), model }));
}

/** A model for each Rollout of a folder. Prints an error for one that cannot be measured; rejects where none can. */
export async function readModels(
  path: string,
  patches: readonly Patch[],
  { facts, assumptions }: Given,
  io: Io,
): Promise<readonly NamedModel[]> {
  const { folder, manifests } = await loadWorkload(path, io);
  checkFacts(facts, manifests);
  const patched = applyPatches(manifests, patches);
  const rollouts = rolloutsIn(patched);
  const models: NamedModel[] = [];
  const problems: string[] = [];
  // Without any Rollout, `readWorkload` throws the error that says so.
  for (const rollout of rollouts.length === 0 ? [undefined] : rollouts) {
    try {
      const model = createModel(readWorkload(folder, patched, facts, rollout), assumptions);
      checkGate(model.workload);
      models.push({ name: rollouts.length > 1 ? `${path}: ${model.workload.name}` : path, model });
    } catch (error) {
      if (!(error instanceof RehearsalError)) {
        throw error;
      }
      problems.push(error.message);
    }
  }
  if (models.length === 0) {
    throw new RehearsalError(problems.join('\n'));
  }
  for (const problem of problems) {
    io.err.write(`error: ${problem}\n`);
  }
  return models;
}
