import { textAt } from '../manifest/json.ts';
import { containersOf } from '../workload/rollout.ts';
import { scrapesOf } from '../workload/scrape.ts';
import type { Workspace } from './workspace.ts';

/** The HTTP paths to request from a running instance: those that a probe or a monitor of a Rollout in the files names. */
export interface LivePaths {
  readonly probed: ReadonlySet<string>;
  readonly scraped: ReadonlySet<string>;
}

export const PROBES = ['readinessProbe', 'livenessProbe', 'startupProbe'] as const;

/** The Prometheus operator's default. */
export const METRICS_PATH = '/metrics';

export function livePaths(workspace: Workspace): LivePaths {
  const probed = new Set<string>();
  const scraped = new Set<string>();
  for (const rollout of workspace.rollouts) {
    for (const { container } of containersOf(rollout)) {
      for (const probe of PROBES) {
        const path = textAt(container, [probe, 'httpGet', 'path']);
        if (path !== undefined) {
          probed.add(path);
        }
      }
    }
    for (const { endpoint } of scrapesOf(workspace, rollout)) {
      scraped.add(textAt(endpoint, ['path']) ?? METRICS_PATH);
    }
  }
  // Without a monitor in the files, scrape the default path, so that queries can still be compared.
  return { probed, scraped: scraped.size === 0 ? new Set([METRICS_PATH]) : scraped };
}
