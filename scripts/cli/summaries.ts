import { folderOf, type Manifest } from '../manifest/manifest.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import type { ClusterFacts } from '../rehearsal/read-run.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { type Summary, summarize } from '../summary/summarize.ts';

/** The gate of every folder with a Rollout, in their order, and what kept one from being summarised. */
export function summaries(
  manifests: readonly Manifest[],
  facts: ClusterFacts,
): {
  readonly found: readonly Summary[];
  readonly errors: readonly string[];
} {
  const folders = Map.groupBy(manifests, folderOf);
  const found: Summary[] = [];
  const errors: string[] = [];
  for (const [folder, inside] of folders) {
    if (inside.some(({ kind }) => kind === 'Rollout')) {
      try {
        found.push(summarize(readWorkload(folder, inside, facts)));
      } catch (error) {
        if (!(error instanceof RehearsalError)) {
          throw error;
        }
        errors.push(error.message);
      }
    }
  }
  return { found, errors: found.length + errors.length === 0 ? ['there is no Rollout to summarise'] : errors };
}
