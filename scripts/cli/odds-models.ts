import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkGate } from '../odds/check-gate.ts';
import { applyPatches } from '../rehearsal/apply-patches.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import type { Model } from '../rehearsal/model/model.ts';
import type { Patch } from '../rehearsal/scenario.ts';
import { rolloutsIn } from '../rehearsal/workload.ts';
import type { Io } from './command.ts';
import { loadWorkload } from './load-workload.ts';
import { checkFacts, type Given } from './manifest-gaps.ts';
import { ofEachModel } from './models.ts';
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
  given: Given,
  io: Io,
): Promise<readonly NamedModel[]> {
  const { folder, manifests } = await loadWorkload(path, io);
  checkFacts(given.facts, manifests);
  const patched = applyPatches(manifests, patches);
  const { length } = rolloutsIn(patched);
  if (length === 0) {
    throw new RehearsalError(`${folder} must hold one Rollout, found 0`);
  }
  const measurable = (model: Model): NamedModel => {
    checkGate(model.workload);
    return { name: length > 1 ? `${path}: ${model.workload.name}` : path, model };
  };
  const { made, errors } = ofEachModel(patched, given, measurable, folder);
  if (made.length === 0) {
    throw new RehearsalError(errors.join('\n'));
  }
  for (const error of errors) {
    io.err.write(`error: ${error}\n`);
  }
  return made;
}
