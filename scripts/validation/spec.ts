import { at, isMap, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { isLabelName, isLabelValue } from '../workload/names.ts';
import { selectorMatches } from '../workload/selector.ts';
import { problem, type SpecProblems } from './problem.ts';

/** Argo's default, seconds. */
const DEFAULT_DEADLINE = 600;
/** Mirrors `infoByGroupKind` in argo-rollouts `rollout/templateref.go` (v1.10.2). */
const TEMPLATE_OWNERS = /^(apps\/\w+ (Deployment|ReplicaSet)|\w+ PodTemplate)$/;
const SELECTOR: Path = ['spec', 'selector'];

function* notNegative(rollout: JsonMap, fields: readonly string[]): SpecProblems {
  for (const field of fields) {
    const value = numberAt(rollout, ['spec', field]) ?? 0;
    if (value < 0) {
      yield problem(['spec', field], `${field} must be greater than or equal to 0, got ${value}`);
    }
  }
}

/** The beginning of `ValidateRolloutSpec` in argo-rollouts `pkg/apis/rollouts/validation/validation.go` (v1.10.2), before the pod template. */
export function* selectorProblems(rollout: JsonMap): SpecProblems {
  yield* notNegative(rollout, ['replicas']);
  const spec = mapAt(rollout, ['spec']);
  const { selector } = spec;
  if (isMap(spec.workloadRef)) {
    const type = ['apiVersion', 'kind'].map((field) => textAt(spec.workloadRef ?? null, [field]) ?? '').join(' ');
    if (!TEMPLATE_OWNERS.test(type)) {
      const message = `workloadRef must name a Deployment or ReplicaSet of apps/v1, or a PodTemplate of v1, got '${type}'`;
      yield problem(['spec', 'workloadRef'], message);
    }
    const maps = ['labels', 'annotations'].map((map) => mapAt(spec, ['template', 'metadata', map]));
    if (maps.some((map) => Object.keys(map).length > 0)) {
      const message = 'template must not have labels or annotations beside `workloadRef`';
      yield problem(['spec', 'template'], message, 'key');
    }
    return;
  }
  if (isMap(selector)) {
    if (Object.keys(mapAt(selector, ['matchLabels'])).length + listAt(selector, ['matchExpressions']).length === 0) {
      yield problem(SELECTOR, 'selector must not be empty');
    }
    const invalid = [...matchLabels(selector), ...matchExpressions(selector)];
    yield* invalid;
    if (invalid.length > 0) {
      return;
    }
  } else {
    yield problem(SELECTOR, 'selector must be set');
  }
  const labels = mapAt(spec, ['template', 'metadata', 'labels']);
  // Without a selector at all the controller compares with one that matches nothing.
  if (!isMap(selector) || (Object.keys(selector).length > 0 && !selectorMatches(selector, labels))) {
    yield problem(['spec', 'template', 'metadata', 'labels'], 'labels of the template must match `spec.selector`');
  }
}

function* matchLabels(selector: JsonMap): SpecProblems {
  for (const [key, value] of Object.entries(mapAt(selector, ['matchLabels']))) {
    if (!isLabelName(key) || !isLabelValue(value)) {
      const message = `matchLabels must be label names and values, got '${key}: ${String(value)}'`;
      yield problem([...SELECTOR, 'matchLabels'], message);
    }
  }
}

function* matchExpressions(selector: JsonMap): SpecProblems {
  for (const [index, expression] of listAt(selector, ['matchExpressions']).entries()) {
    const here = [...SELECTOR, 'matchExpressions', index];
    const operator = at(expression, ['operator']);
    const hasValues = listAt(expression, ['values']).length > 0;
    const wantsValues = operator === 'In' || operator === 'NotIn';
    const isKnown = wantsValues || operator === 'Exists' || operator === 'DoesNotExist';
    if (!isKnown) {
      yield problem([...here, 'operator'], "operator must be 'In', 'NotIn', 'Exists' or 'DoesNotExist'");
    } else if (wantsValues !== hasValues) {
      const rule = `${wantsValues ? '' : 'not '}be set beside operator '${String(operator)}'`;
      yield problem([...here, 'values'], `values must ${rule}`);
    }
    if (!isLabelName(String(at(expression, ['key']) ?? ''))) {
      yield problem([...here, 'key'], 'key must be a label name');
    }
    for (const [place, value] of listAt(expression, ['values']).entries()) {
      if (!isLabelValue(value)) {
        yield problem([...here, 'values', place], `values must be label values, got '${String(value)}'`);
      }
    }
  }
}

/** What `ValidateRolloutSpec` says after the pod template and before the strategy. */
export function* timeProblems(rollout: JsonMap): SpecProblems {
  yield* notNegative(rollout, ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds']);
  const ready = numberAt(rollout, ['spec', 'minReadySeconds']) ?? 0;
  const deadline = numberAt(rollout, ['spec', 'progressDeadlineSeconds']) ?? DEFAULT_DEADLINE;
  if (deadline <= ready) {
    const message = `progressDeadlineSeconds ${deadline} must be greater than the ${ready} of minReadySeconds`;
    yield problem(['spec', 'progressDeadlineSeconds'], message);
  }
}
