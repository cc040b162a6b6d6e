import { textAt } from '../manifest/json.ts';
import type { Expr, LabelMatcher, SelectorExpr } from '../promql/ast.ts';
import { walk } from '../promql/walk.ts';
import { HASHES, UNKNOWN } from '../workload/analysis-arguments.ts';
import { targetLabels } from '../workload/target-labels.ts';
import type { LiveMetric } from './live.ts';
import { type Query, queriesOf, rulesIn } from './query-list.ts';
import type { Workspace } from './workspace.ts';

/** A selector of a query, for a metric that the running instance must expose. */
export interface LiveSelector extends Query {
  /** The expressions around the selector, outermost first. */
  readonly ancestors: readonly Expr[];
  /** The metric. */
  readonly name: string;
  /** Undefined where the instance does not expose it. */
  readonly exposed: LiveMetric | undefined;
  /** The matchers to check: not those for labels that the scrape adds, nor for values that are not in the files. */
  readonly matchers: readonly LabelMatcher[];
}

/** Metrics that the app does not expose: of controllers, the cluster, proxies, Prometheus and its recording rules. */
const ELSEWHERE =
  /^(up|scrape_\w+|ALERTS\w*|(rollout|analysis_run|analysis_template|experiment|argo|argocd|kube|kubelet|container|node|istio|envoy|linkerd|nginx|traefik|prometheus|alertmanager|apiserver)_\w+)$|:/;

/** Every selector of every query over the app's own metrics; none where no scrape of the instance succeeded. */
export function* liveSelectors(workspace: Workspace): Generator<LiveSelector> {
  const { live } = workspace;
  if (live === undefined || live.metrics.size === 0) {
    return;
  }
  const fromTarget = targetLabels(workspace);
  const recorded = new Set([...rulesIn(workspace)].map(({ rule }) => textAt(rule, ['record'])));
  for (const query of queriesOf(workspace)) {
    for (const { selector, ancestors } of query.expr === undefined ? [] : selectorsIn(query.expr)) {
      const name = nameOf(selector);
      if (name !== undefined && !ELSEWHERE.test(name) && !recorded.has(name)) {
        const matchers = selector.matchers.filter(
          ({ label, value }) => label !== '__name__' && !fromTarget.has(label) && !isStandIn(value),
        );
        yield { ...query, ancestors, name, exposed: live.metrics.get(name), matchers };
      }
    }
  }
}

function selectorsIn(expr: Expr) {
  const found: { readonly selector: SelectorExpr; readonly ancestors: readonly Expr[] }[] = [];
  walk(expr, (node, ancestors) => {
    if (node.kind === 'selector') {
      found.push({ selector: node, ancestors });
    }
  });
  return found;
}

/** The metric a selector names; undefined where it names several, or none. */
function nameOf({ name, matchers }: SelectorExpr): string | undefined {
  return name ?? matchers.find(({ label, op }) => label === '__name__' && op === '=')?.value;
}

/** Whether a value is a placeholder, for one that only a cluster knows or for a dashboard's variable. */
function isStandIn(value: string): boolean {
  return [UNKNOWN, 'variable000', HASHES.Latest, HASHES.Stable].some((standIn) => value.includes(standIn));
}
