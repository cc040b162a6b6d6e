import { at, isMap, listAt, mapAt, numberAt } from '../../manifest/json.ts';
import type { Rollout } from '../../workload/rollout.ts';
import { selectorMatches } from '../../workload/selector.ts';
import { isLabelName, isLabelValue } from '../names.ts';
import type { Problem, Rule } from '../rule.ts';

/** Argo's default, seconds. */
const DEFAULT_DEADLINE = 600;

/** Mirrors `ValidateRolloutSpec` in argo-rollouts `pkg/apis/rollouts/validation/validation.go` (v1.9.1), pod template and strategy apart. */
export const rolloutSpec: Rule = {
  id: 'rollout/spec',
  severity: 'error',
  why: 'The controller marks the Rollout InvalidSpec and stops reconciling it: it neither releases nor scales.',
  fix: 'Write what the message says; the API server takes the object either way.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      yield* numbers(rollout);
      yield* selector(rollout);
    }
  },
};

function* numbers({ manifest }: Rollout): Generator<Problem> {
  const { object } = manifest;
  for (const field of ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds']) {
    const value = numberAt(object, ['spec', field]);
    if (value !== undefined && value < 0) {
      yield { manifest, path: ['spec', field], message: `${field} must be greater than or equal to 0, got ${value}` };
    }
  }
  const ready = numberAt(object, ['spec', 'minReadySeconds']) ?? 0;
  const deadline = numberAt(object, ['spec', 'progressDeadlineSeconds']) ?? DEFAULT_DEADLINE;
  if (deadline <= ready) {
    yield {
      manifest,
      path: ['spec', 'progressDeadlineSeconds'],
      message: `progressDeadlineSeconds ${deadline} must be greater than the ${ready} of minReadySeconds`,
    };
  }
}

function* selector({ manifest }: Rollout): Generator<Problem> {
  const spec = mapAt(manifest.object, ['spec']);
  const isReference = isMap(spec.workloadRef);
  const path = ['spec', 'selector'];
  const selector = spec.selector;
  if (isReference) {
    const maps = ['labels', 'annotations'].map((map) => mapAt(spec, ['template', 'metadata', map]));
    if (maps.some((map) => Object.keys(map).length > 0)) {
      yield {
        manifest,
        path: ['spec', 'template'],
        pointAt: 'key',
        message: 'template must not have labels or annotations beside `workloadRef`',
      };
    }
    return;
  }
  if (!isMap(selector)) {
    yield { manifest, path, message: 'selector must be set' };
  } else {
    const labels = Object.entries(mapAt(selector, ['matchLabels']));
    const expressions = listAt(selector, ['matchExpressions']);
    if (labels.length + expressions.length === 0) {
      yield { manifest, path, message: 'selector must not be empty' };
    }
    let isValid = true;
    for (const [key, value] of labels) {
      if (!isLabelName(key) || !isLabelValue(value)) {
        isValid = false;
        yield {
          manifest,
          path: [...path, 'matchLabels'],
          message: `matchLabels must be label names and values, got '${key}: ${String(value)}'`,
        };
      }
    }
    for (const [index, expression] of expressions.entries()) {
      const here = [...path, 'matchExpressions', index];
      const operator = at(expression, ['operator']);
      const hasValues = listAt(expression, ['values']).length > 0;
      const wantsValues = operator === 'In' || operator === 'NotIn';
      if (!isLabelName(String(at(expression, ['key']) ?? ''))) {
        isValid = false;
        yield { manifest, path: [...here, 'key'], message: 'key must be a label name' };
      }
      if (!wantsValues && operator !== 'Exists' && operator !== 'DoesNotExist') {
        isValid = false;
        yield {
          manifest,
          path: [...here, 'operator'],
          message: "operator must be 'In', 'NotIn', 'Exists' or 'DoesNotExist'",
        };
      }
      for (const [place, value] of listAt(expression, ['values']).entries()) {
        if (!isLabelValue(value)) {
          isValid = false;
          yield {
            manifest,
            path: [...here, 'values', place],
            message: `values must be label values, got '${String(value)}'`,
          };
        }
      }
      if ((wantsValues || operator === 'Exists' || operator === 'DoesNotExist') && wantsValues !== hasValues) {
        isValid = false;
        yield {
          manifest,
          path: [...here, 'values'],
          message: `values must ${wantsValues ? '' : 'not '}be set beside operator '${String(operator)}'`,
        };
      }
    }
    if (!isValid) {
      return;
    }
  }
  const template = mapAt(spec, ['template', 'metadata', 'labels']);
  // Without a selector at all the controller compares with one that matches nothing.
  if (!isMap(selector) || (Object.keys(selector).length > 0 && !selectorMatches(selector, template))) {
    yield {
      manifest,
      path: ['spec', 'template', 'metadata', 'labels'],
      message: 'labels of the template must match `spec.selector`',
    };
  }
}
