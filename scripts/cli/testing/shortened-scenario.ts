import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SCENARIOS = new URL('../../rehearsal/scenarios/', import.meta.url);

/** One pause of a minute, with its two reads, in place of three. */
export const ONE_PAUSE =
  'patch: [{kind: Rollout, merge: {spec: {strategy: {canary: {steps: [{setWeight: 25}, {pause: {duration: 60}}]}}}}}]\n';

/** A release without progress is aborted after one minute in place of three. */
export const SHORT_DEADLINE = 'patch: [{kind: Rollout, merge: {spec: {progressDeadlineSeconds: 60}}}]\n';

/** A file in `folder` with a shipped scenario over a workload that is patched first, so that its end comes sooner. */
export function shortened(folder: string, name: string, patch: string): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, readFileSync(new URL(`${name}.yaml`, SCENARIOS), 'utf8') + patch);
  return file;
}
