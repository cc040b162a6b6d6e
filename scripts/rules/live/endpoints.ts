import { textAt } from '../../manifest/json.ts';
import { OPERATOR_LABELS } from '../../workload/target-labels.ts';
import { METRICS_PATH, PROBES } from '../live.ts';
import { each, type Rule } from '../rule.ts';
import { rolloutContainers, scrapes } from '../subjects.ts';

export const liveScrape: Rule = {
  id: 'live/scrape',
  severity: 'error',
  why: 'Prometheus stores nothing of a scrape that fails, so every read of the gate is an Error and every release is aborted.',
  fix: 'Name the path on which the app exposes its metrics, and let it answer in a format that Prometheus reads.',
  check: each(scrapes, function* ({ endpoint }, { live }) {
    const path = textAt(endpoint, ['path']) ?? METRICS_PATH;
    const answer = live?.answers.get(path) ?? 200;
    const problem = answer === 200 ? live?.unreadable.get(path) : `it answers ${answer}`;
    if (problem !== undefined) {
      yield { path: ['path'], message: `path ${path} must answer with metrics on ${live?.address}: ${problem}` };
    }
  }),
};

export const liveReservedLabel: Rule = {
  id: 'live/reserved-label',
  severity: 'error',
  why: 'The Prometheus operator gives every series labels of these names and renames the app’s own to `exported_…`, so a query by them means the target, not what the app said.',
  fix: 'Rename the label in the app, or move it back with `metricRelabelings`.',
  check: each(scrapes, function* ({ endpoint }, { live }) {
    if (endpoint.honorLabels === true) {
      return;
    }
    const relabelings = JSON.stringify(endpoint.metricRelabelings ?? []);
    for (const label of OPERATOR_LABELS) {
      const [name] = [...(live?.metrics ?? [])].find(([, { series }]) => series.some((one) => one.has(label))) ?? [];
      if (name !== undefined && !relabelings.includes(`exported_${label}`)) {
        yield { message: `the app must not set the label '${label}' itself, as '${name}' does` };
      }
    }
  }),
};

export const liveProbe: Rule = {
  id: 'live/probe',
  severity: 'error',
  why: 'The kubelet takes a status from 200 to 399 for success and everything else for failure: such a pod is never ready, or restarted for ever.',
  fix: 'Name the path on which the app answers; where it answers 503, see in its body what it waits for.',
  check: each(rolloutContainers, function* ({ container }, { live }) {
    for (const kind of PROBES) {
      const path = textAt(container, [kind, 'httpGet', 'path']);
      const answer = live?.answers.get(path ?? '');
      if (answer !== undefined && !(typeof answer === 'number' && answer >= 200 && answer < 400)) {
        const message = `the ${kind} must ask a path that answers, and ${live?.address}${path} answers ${answer}`;
        const severity = kind === 'readinessProbe' && answer === 503 ? 'warning' : 'error';
        yield { path: [kind, 'httpGet', 'path'], message, severity };
      }
    }
  }),
};
