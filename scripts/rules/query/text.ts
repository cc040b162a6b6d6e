import { listAt } from '../../manifest/json.ts';
import { selectors, walk } from '../../promql/walk.ts';
import { HASHES } from '../../workload/analysis-arguments.ts';
import { scrapesOf } from '../../workload/scrape.ts';
import { gateQueries, queriesOf } from '../query-list.ts';
import { each, type Rule } from '../rule.ts';

export const syntax: Rule = {
  id: 'query/syntax',
  severity: 'error',
  why: 'Prometheus refuses the query: every read of a gate is an Error and aborts every release, an alert never fires, a panel stays empty.',
  fix: 'Correct the expression; `promtool promql format` shows how Prometheus reads it.',
  check: each(queriesOf, function* ({ what, error }) {
    if (error !== undefined) {
      yield { message: `the query of ${what} must be PromQL: ${error}` };
    }
  }),
};

export const eventloopLag: Rule = {
  id: 'query/eventloop-lag',
  severity: 'warning',
  why: 'That gauge is measured by the scrape itself, at the moment of the scrape: it says nothing of the time between.',
  fix: 'Ask for `nodejs_eventloop_lag_p99_seconds`, which covers all the time since the last scrape.',
  check: each(queriesOf, function* ({ what, expr }) {
    if (expr !== undefined && selectors(expr).some(({ name }) => name === 'nodejs_eventloop_lag_seconds')) {
      yield { message: `the query of ${what} must not read nodejs_eventloop_lag_seconds` };
    }
  }),
};

/** The largest minimum of a divisor that does no harm, in requests a second. */
const HARMLESS = 0.05;

export const clampMin: Rule = {
  id: 'query/clamp-min',
  severity: 'warning',
  why: 'It divides by more than there was: with 0.04 requests a second that all fail, `clamp_min(…, 1)` reads 4 % errors, which passes.',
  fix: 'Add the same small number to both sides instead: `(good + 0.5) / (all + 0.5)`.',
  check: each(gateQueries, function* ({ expr }) {
    let isClamped = false;
    walk(expr, (node, ancestors) => {
      const least = node.kind === 'call' && node.func === 'clamp_min' ? node.args[1] : undefined;
      const isLow = least?.kind === 'number' && least.value <= HARMLESS;
      const divides = ancestors.some((one) => one.kind === 'binary' && one.op === '/');
      isClamped ||= least !== undefined && !isLow && divides;
    });
    if (isClamped) {
      yield { message: 'query must not divide by clamp_min()' };
    }
  }),
};

/** The pods' label, and its name in Prometheus. */
const POD_LABEL = 'rollouts-pod-template-hash';
const LABEL = 'rollouts_pod_template_hash';

export const podLabel: Rule = {
  id: 'query/pod-label',
  severity: 'error',
  why: 'No series carries the label that the query asks for, so it is always empty: every read is an Error, and every release is aborted.',
  fix: 'Add `podTargetLabels: [rollouts-pod-template-hash]` to the monitor’s spec.',
  check: each(gateQueries, function* ({ manifest, used: { use }, expr }, workspace) {
    const asks = selectors(expr).some(({ matchers }) =>
      matchers.some(({ label, value }) => label === LABEL && value.includes(HASHES.Latest)),
    );
    for (const { monitor, endpoint } of asks && use !== undefined ? scrapesOf(workspace, use.rollout) : []) {
      const relabels = JSON.stringify(endpoint.relabelings ?? '').includes(LABEL);
      if (!listAt(monitor.object, ['spec', 'podTargetLabels']).includes(POD_LABEL) && !relabels) {
        const message = `podTargetLabels must list ${POD_LABEL}, which the query of '${manifest.name}' selects by`;
        yield { manifest: monitor, path: ['spec', 'podTargetLabels'], message };
      }
    }
  }),
};
