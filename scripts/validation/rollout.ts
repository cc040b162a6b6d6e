import { at, isMap, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { isLabelName, isLabelValue } from '../workload/names.ts';
import { selectorMatches } from '../workload/selector.ts';
import { podTemplateProblems } from './pod-template.ts';
import { inRange, itemsAt, labelProblems, must, problem, type SpecProblems } from './problem.ts';
import { strategyProblems } from './strategy.ts';

/** Argo's default, seconds. */
const DEFAULT_DEADLINE = 600;
/** Mirrors `infoByGroupKind` in argo-rollouts `rollout/templateref.go` (v1.10.2). */
const TEMPLATE_OWNERS = /^(apps\/\w+ (Deployment|ReplicaSet)|\w+ PodTemplate)$/;
const SELECTOR: Path = ['spec', 'selector'];

function* notNegative(rollout: JsonMap, fields: readonly string[]): SpecProblems {
  for (const field of fields) {
    yield* inRange(['spec', field], numberAt(rollout, ['spec', field]), 0, Number.POSITIVE_INFINITY);
  }
}

/** Mirrors `ValidateRollout` in argo-rollouts `pkg/apis/rollouts/validation/validation.go` (v1.10.2), in its order: the controller shows the first. */
export function* rolloutProblems(rollout: JsonMap): SpecProblems {
  yield* selectorProblems(rollout);
  yield* podTemplateProblems(rollout);
  yield* timeProblems(rollout);
  yield* strategyProblems(rollout);
}

/** The beginning of `ValidateRolloutSpec`, before the pod template. */
export function* selectorProblems(rollout: JsonMap): SpecProblems {
  yield* notNegative(rollout, ['replicas']);
  const spec = mapAt(rollout, ['spec']);
  const { selector } = spec;
  if (isMap(spec.workloadRef)) {
    const { apiVersion = '', kind = '' } = spec.workloadRef;
    const type = [apiVersion, kind].map((text) => textAt(text) ?? '').join(' ');
    const message = `workloadRef must name a Deployment or ReplicaSet of apps/v1, or a PodTemplate of v1, got '${type}'`;
    yield* must(TEMPLATE_OWNERS.test(type), ['spec', 'workloadRef'], message);
    const maps = ['labels', 'annotations'].map((map) => mapAt(spec, ['template', 'metadata', map]));
    const isBare = maps.every((map) => Object.keys(map).length === 0);
    const rule = 'template must not have labels or annotations beside `workloadRef`';
    yield* must(isBare, ['spec', 'template'], rule, 'key');
    return;
  }
  yield* must(isMap(selector), SELECTOR, 'selector must be set');
  if (isMap(selector)) {
    const size = Object.keys(mapAt(selector, ['matchLabels'])).length + listAt(selector, ['matchExpressions']).length;
    yield* must(size > 0, SELECTOR, 'selector must not be empty');
    const invalid = [
      ...labelProblems([...SELECTOR, 'matchLabels'], selector.matchLabels),
      ...matchExpressions(selector),
    ];
    yield* invalid;
    if (invalid.length > 0) {
      return;
    }
  }
  const labels = mapAt(spec, ['template', 'metadata', 'labels']);
  // Without `spec.selector` the controller compares the labels with a selector that matches nothing.
  const isMatched = isMap(selector) && (Object.keys(selector).length === 0 || selectorMatches(selector, labels));
  const message = 'labels of the template must match `spec.selector`';
  yield* must(isMatched, ['spec', 'template', 'metadata', 'labels'], message);
}

function* matchExpressions(selector: JsonMap): SpecProblems {
  for (const [here, expression] of itemsAt([...SELECTOR, 'matchExpressions'], selector.matchExpressions)) {
    const operator = at(expression, ['operator']);
    const values = itemsAt([...here, 'values'], at(expression, ['values']));
    const wantsValues = operator === 'In' || operator === 'NotIn';
    if (wantsValues || operator === 'Exists' || operator === 'DoesNotExist') {
      const rule = `${wantsValues ? '' : 'not '}be set beside operator '${String(operator)}'`;
      yield* must(wantsValues === values.length > 0, [...here, 'values'], `values must ${rule}`);
    } else {
      const message = "operator must be 'In', 'NotIn', 'Exists' or 'DoesNotExist'";
      yield problem([...here, 'operator'], message);
    }
    yield* must(isLabelName(String(at(expression, ['key']) ?? '')), [...here, 'key'], 'key must be a label name');
    for (const [place, value] of values) {
      yield* must(isLabelValue(value), place, `values must be label values, got '${String(value)}'`);
    }
  }
}

/** The part of `ValidateRolloutSpec` after the pod template and before the strategy. */
export function* timeProblems(rollout: JsonMap): SpecProblems {
  yield* notNegative(rollout, ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds']);
  const ready = numberAt(rollout, ['spec', 'minReadySeconds']) ?? 0;
  const deadline = numberAt(rollout, ['spec', 'progressDeadlineSeconds']) ?? DEFAULT_DEADLINE;
  const message = `progressDeadlineSeconds ${deadline} must be greater than the ${ready} of minReadySeconds`;
  yield* must(deadline > ready, ['spec', 'progressDeadlineSeconds'], message);
}
