import { folderOf, type Manifest } from '../manifest/manifest.ts';
import { orRehearsalError, RehearsalError } from '../rehearsal/errors.ts';
import type { Assumptions } from '../rehearsal/model/assumptions.ts';
import type { ClusterFacts } from '../rehearsal/read-run.ts';
import { readWorkload, rolloutsIn } from '../rehearsal/workload.ts';
import { type Summary, summarize } from '../summary/summarize.ts';

/** What every Rollout's gate will do, in their order, and what kept one from being summarised. */
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
