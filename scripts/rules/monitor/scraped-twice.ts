import { textAt } from '../../manifest/json.ts';
import { scrapesOf } from '../../workload/scrape.ts';
import type { Rule } from '../rule.ts';

export const monitorScrapedTwice: Rule = {
  id: 'monitor/scraped-twice',
  severity: 'warning',
  why: 'Every series of those pods is there twice, under two Services or two jobs: sums and rates double, and a pod weighs as much as two.',
  fix: 'Let one Service alone carry the label that the monitor selects, and one monitor alone scrape the port.',
  *check(workspace) {
    for (const rollout of workspace.rollouts) {
      const target = ({ port, endpoint }: ReturnType<typeof scrapesOf>[number]) =>
        `${port} ${textAt(endpoint, ['path']) ?? '/metrics'}`;
      for (const same of Map.groupBy(scrapesOf(workspace, rollout), target).values()) {
        const [first, second] = same;
        if (first === undefined || second === undefined) {
          continue;
        }
        const through = same.map(({ monitor, service }) =>
          service ? `Service '${service.name}'` : `PodMonitor '${monitor.name}'`,
        );
        yield {
          manifest: second.monitor,
          path: second.path,
          message: `port ${first.port} of the pods of Rollout '${rollout.manifest.name}' must be scraped once, not through ${through.join(' and ')}`,
        };
      }
    }
  },
};
