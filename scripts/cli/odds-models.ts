import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadManifests } from '../manifest/load.ts';
import { checkGate } from '../odds/check-gate.ts';
import { applyPatches } from '../rehearsal/apply-patches.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import { createModel, type Model } from '../rehearsal/model/model.ts';
import type { ClusterFacts } from '../rehearsal/read-run.ts';
import type { Patch } from '../rehearsal/scenario.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { checkFacts } from './cluster-facts.ts';
import { findPatches } from './scenario-files.ts';

/** Another workload's folder, or a scenario's patches over this one. */
export async function readOther(other: string, workload: string, facts: ClusterFacts, cwd: string): Promise<Model> {
  const isFolder = await stat(resolve(cwd, other)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? readModel(other, [], facts, cwd) : readModel(workload, await findPatches(other, cwd), facts, cwd);
}

/** Throws RehearsalError for a folder whose gate has no odds. */
export async function readModel(
  folder: string,
  patches: readonly Patch[],
  facts: ClusterFacts,
  cwd: string,
): Promise<Model> {
  const { manifests, errors } = await loadManifests([folder], cwd).catch((error: Error) => {
    throw new RehearsalError(error.message, { cause: error });
  });
  if (errors.length > 0) {
    throw new RehearsalError(errors.join('\n'));
  }
  checkFacts(facts, manifests);
  const workload = readWorkload(resolve(cwd, folder), applyPatches(manifests, patches), facts);
  checkGate(workload);
  return createModel(workload);
}
