import { at, isMap, type Json, type JsonMap, mapAt, numberAt, type Path, textAt } from '../../manifest/json.ts';
import { CANARY, type Rollout, STEPS } from '../../workload/rollout.ts';
import { stepProblems } from '../rollout-steps.ts';
import type { Problem, Rule } from '../rule.ts';

/** Mirrors `ValidateRolloutStrategy` in argo-rollouts `pkg/apis/rollouts/validation/validation.go` (v1.9.1). */
export const rolloutStrategy: Rule = {
  id: 'rollout/strategy',
  severity: 'error',
  why: 'The controller marks the Rollout InvalidSpec and stops reconciling it: it neither releases nor scales.',
  fix: 'Write what the message says; the API server takes the object either way.',
  *check({ rollouts }) {
    for (const rollout of rollouts) {
      const { manifest, canary } = rollout;
      const strategy = mapAt(manifest.object, ['spec', 'strategy']);
      const blueGreen = strategy.blueGreen;
      if (canary === undefined && !isMap(blueGreen)) {
        yield { manifest, path: ['spec', 'strategy'], message: 'strategy must have `canary` or `blueGreen`' };
      } else if (canary !== undefined && isMap(blueGreen)) {
        yield { manifest, path: ['spec', 'strategy'], message: 'strategy must not have both `canary` and `blueGreen`' };
      } else if (canary === undefined) {
        yield* blueGreenProblems(rollout, mapAt(blueGreen));
      } else {
        yield* canaryProblems(rollout, canary);
        for (const [index, step] of rollout.steps.entries()) {
          yield* stepProblems(rollout, canary, step, [...STEPS, index]);
        }
      }
    }
  },
};

function* blueGreenProblems({ manifest }: Rollout, blueGreen: JsonMap): Generator<Problem> {
  const path: Path = ['spec', 'strategy', 'blueGreen'];
  if ((textAt(blueGreen, ['activeService']) ?? '') === (textAt(blueGreen, ['previewService']) ?? '')) {
    yield {
      manifest,
      path: [...path, 'activeService'],
      message: 'activeService must be another Service than `previewService`',
    };
  }
  const kept = numberAt(blueGreen, ['scaleDownDelayRevisionLimit']);
  const history = numberAt(manifest.object, ['spec', 'revisionHistoryLimit']) ?? 10;
  if (kept !== undefined && history < kept) {
    yield {
      manifest,
      path: [...path, 'scaleDownDelayRevisionLimit'],
      message: `scaleDownDelayRevisionLimit ${kept} must not exceed the ${history} of revisionHistoryLimit`,
    };
  }
  yield* antiAffinity(manifest, [...path, 'antiAffinity'], blueGreen.antiAffinity);
}

/** As validation reads it: a percentage is its own number ("10%" is 10), anything else in a string is 0. */
function writtenValue(value: Json | undefined): number {
  if (typeof value === 'string') {
    return /^\d+%$/.test(value) ? Number(value.slice(0, -1)) : /^[+-]?\d+$/.test(value) ? Number(value) : 0;
  }
  return typeof value === 'number' ? value : 25;
}

/** Routers that need a Service for each version. */
const TWO_SERVICES = ['smi', 'apisix', 'ambassador', 'nginx', 'appMesh', 'traefik'];

function* canaryProblems({ manifest, hasRouter }: Rollout, canary: JsonMap): Generator<Problem> {
  const here = (field: string, ...rest: Path): Path => [...CANARY, field, ...rest];
  if (writtenValue(canary.maxSurge) === 0 && writtenValue(canary.maxUnavailable) === 0) {
    yield { manifest, path: here('maxSurge'), message: 'maxSurge and `maxUnavailable` must not both be 0' };
  }
  const [stable, canaryService] = [textAt(canary, ['stableService']) ?? '', textAt(canary, ['canaryService']) ?? ''];
  if (stable !== '' && stable === canaryService) {
    yield {
      manifest,
      path: here('stableService'),
      message: 'stableService must be another Service than `canaryService`',
    };
  }
  const routing = mapAt(canary, ['trafficRouting']);
  const pingPong = canary.pingPong;
  if (isMap(pingPong)) {
    const [ping, pong] = [textAt(pingPong, ['pingService']) ?? '', textAt(pingPong, ['pongService']) ?? ''];
    if (hasRouter && !isMap(routing.alb) && !isMap(routing.istio)) {
      yield {
        manifest,
        path: here('trafficRouting', 'alb'),
        message: 'trafficRouting must be alb or istio beside `pingPong`',
      };
    }
    for (const [field, name] of [
      ['pingService', ping],
      ['pongService', pong],
    ] as const) {
      if (name === '') {
        yield { manifest, path: here('pingPong', field), message: `${field} must be set` };
      }
    }
    if (ping === pong) {
      yield {
        manifest,
        path: here('pingPong', 'pingService'),
        message: 'pingService must be another Service than `pongService`',
      };
    }
    if (isMap(routing.alb) && (textAt(routing, ['alb', 'rootService']) ?? '') === '') {
      yield {
        manifest,
        path: here('trafficRouting', 'alb', 'rootService'),
        message: 'rootService must be set beside `pingPong`',
      };
    }
  }
  const needsTwo =
    TWO_SERVICES.some((router) => isMap(routing[router])) ||
    (!isMap(pingPong) &&
      (isMap(routing.alb) || (isMap(routing.istio) && !isMap(at(routing, ['istio', 'destinationRule'])))));
  for (const [field, name] of [
    ['stableService', stable],
    ['canaryService', canaryService],
  ] as const) {
    if (needsTwo && name === '') {
      yield { manifest, path: here(field), message: `${field} must be set for this traffic router` };
    }
  }
  if (!hasRouter && typeof canary.scaleDownDelaySeconds === 'number') {
    yield {
      manifest,
      path: here('scaleDownDelaySeconds'),
      message: 'scaleDownDelaySeconds must not be set without `trafficRouting`',
    };
  }
  if (canary.dynamicStableScale === true && (!hasRouter || typeof canary.scaleDownDelaySeconds === 'number')) {
    yield {
      manifest,
      path: here('dynamicStableScale'),
      message: `dynamicStableScale must not be set ${hasRouter ? 'beside `scaleDownDelaySeconds`' : 'without `trafficRouting`'}`,
    };
  }
  if (
    typeof routing.maxTrafficWeight === 'number' &&
    !isMap(routing.nginx) &&
    Object.keys(mapAt(routing, ['plugins'])).length === 0
  ) {
    yield {
      manifest,
      path: here('trafficRouting', 'maxTrafficWeight'),
      message: 'maxTrafficWeight must not be set for this traffic router',
    };
  }
  yield* antiAffinity(manifest, here('antiAffinity'), canary.antiAffinity);
}

function* antiAffinity(manifest: Rollout['manifest'], path: Path, value: Json | undefined): Generator<Problem> {
  if (!isMap(value)) {
    return;
  }
  const preferred = value.preferredDuringSchedulingIgnoredDuringExecution;
  if (isMap(preferred) === isMap(value.requiredDuringSchedulingIgnoredDuringExecution)) {
    yield { manifest, path, message: 'antiAffinity must have exactly one of its two forms' };
  }
  const weight = numberAt(preferred, ['weight']) ?? 0;
  if (isMap(preferred) && (weight < 1 || weight > 100)) {
    yield { manifest, path: [...path, 'weight'], message: `weight must be between 1 and 100, got ${weight}` };
  }
}
