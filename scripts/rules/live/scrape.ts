import { textAt } from '../../manifest/json.ts';
import { scrapesOf } from '../../workload/scrape.ts';
import { METRICS_PATH } from '../live-paths.ts';
import type { Rule } from '../rule.ts';

export const liveScrape: Rule = {
  id: 'live/scrape',
  severity: 'error',
  why: 'Prometheus stores nothing of a scrape that fails, so every read of the gate is an Error and every release is aborted.',
  fix: 'Name the path on which the app exposes its metrics, and let it answer in a format that Prometheus reads.',
  *check(workspace) {
    for (const { monitor, path, endpoint } of workspace.rollouts.flatMap((one) => scrapesOf(workspace, one))) {
      const scraped = textAt(endpoint, ['path']) ?? METRICS_PATH;
      const answer = workspace.live?.answers.get(scraped);
      const problem =
        answer === undefined || answer === 200 ? workspace.live?.unreadable.get(scraped) : `it answers ${answer}`;
      if (problem !== undefined) {
        yield {
          manifest: monitor,
          path: [...path, 'path'],
          message: `path ${scraped} must answer with metrics on ${workspace.live?.address}: ${problem}`,
        };
      }
    }
  },
};
