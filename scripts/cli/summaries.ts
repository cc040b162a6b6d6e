import { folderOf, type Manifest } from '../manifest/manifest.ts';
import { orRehearsalError, RehearsalError } from '../rehearsal/errors.ts';
import type { Assumptions } from '../rehearsal/model/assumptions.ts';
import type { ClusterFacts } from '../rehearsal/read-run.ts';
import { readWorkload, rolloutsIn } from '../rehearsal/workload.ts';
import { type Summary, summarize } from '../summary/summarize.ts';

/** A summary of each Rollout's gate, in the order of the manifests, and an error for each that cannot be played. */
export function summaries(
  manifests: readonly Manifest[],
  facts: ClusterFacts,
  assumptions: Assumptions,
): { readonly found: readonly Summary[]; readonly errors: readonly string[] } {
  const all = rolloutsIn(manifests).map((rollout) =>
    orRehearsalError(() => summarize(readWorkload(folderOf(rollout), manifests, facts, rollout), assumptions)),
  );
  const found = all.flatMap((one) => (one instanceof RehearsalError ? [] : [one]));
  const errors = all.flatMap((one) => (one instanceof RehearsalError ? [one.message] : []));
  return { found, errors: found.length + errors.length === 0 ? ['there is no Rollout to summarise'] : errors };
}
