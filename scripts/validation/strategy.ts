import { isMap, type Json, type JsonMap, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { CANARY } from '../workload/rollout.ts';
import { inRange, itemsAt, must, problem, type SpecProblems } from './problem.ts';
import { hasPlugins, stepProblems } from './step.ts';

const BLUE_GREEN: Path = ['spec', 'strategy', 'blueGreen'];

/** Mirrors `ValidateRolloutStrategy` in argo-rollouts `pkg/apis/rollouts/validation/validation.go` (v1.10.2). */
export function* strategyProblems(rollout: JsonMap): SpecProblems {
  const { canary, blueGreen } = mapAt(rollout, ['spec', 'strategy']);
  if (isMap(canary) && isMap(blueGreen)) {
    yield problem(['spec', 'strategy'], 'strategy must not have both `canary` and `blueGreen`');
  } else if (isMap(canary)) {
    yield* canaryProblems(canary);
    for (const [here, step] of itemsAt([...CANARY, 'steps'], canary.steps)) {
      yield* stepProblems(canary, step, here);
    }
    yield* antiAffinity([...CANARY, 'antiAffinity'], canary.antiAffinity);
  } else if (isMap(blueGreen)) {
    yield* blueGreenProblems(rollout, blueGreen);
  } else {
    yield problem(['spec', 'strategy'], 'strategy must have `canary` or `blueGreen`');
  }
}

function* blueGreenProblems(rollout: JsonMap, blueGreen: JsonMap): SpecProblems {
  const [active, preview] = ['activeService', 'previewService'].map((field) => textAt(blueGreen, [field]) ?? '');
  const message = 'activeService must be another Service than `previewService`';
  yield* must(active !== preview, [...BLUE_GREEN, 'activeService'], message);
  const kept = numberAt(blueGreen, ['scaleDownDelayRevisionLimit']);
  const history = numberAt(rollout, ['spec', 'revisionHistoryLimit']) ?? 10;
  const rule = `scaleDownDelayRevisionLimit ${kept} must not exceed the ${history} of revisionHistoryLimit`;
  yield* must(kept === undefined || history >= kept, [...BLUE_GREEN, 'scaleDownDelayRevisionLimit'], rule);
  yield* antiAffinity([...BLUE_GREEN, 'antiAffinity'], blueGreen.antiAffinity);
}

/** `maxSurge` or `maxUnavailable` as validation reads it: "10%" is 10, any other string that is no integer is 0, none is 25. */
function writtenValue(value: Json | undefined): number {
  if (typeof value === 'string') {
    return /^\d+%$/.test(value) ? Number(value.slice(0, -1)) : /^[+-]?\d+$/.test(value) ? Number(value) : 0;
  }
  return typeof value === 'number' ? value : 25;
}

/** Routers that need a Service for each version. */
const TWO_SERVICES = ['smi', 'apisix', 'ambassador', 'nginx', 'appMesh', 'traefik'];

function* canaryProblems(canary: JsonMap): SpecProblems {
  const { maxSurge, maxUnavailable, pingPong, scaleDownDelaySeconds } = canary;
  const isMoving = writtenValue(maxSurge) !== 0 || writtenValue(maxUnavailable) !== 0;
  yield* must(isMoving, [...CANARY, 'maxSurge'], 'maxSurge and `maxUnavailable` must not both be 0');
  const name = (field: string) => textAt(canary, [field]) ?? '';
  const isOther = name('stableService') === '' || name('stableService') !== name('canaryService');
  const message = 'stableService must be another Service than `canaryService`';
  yield* must(isOther, [...CANARY, 'stableService'], message);
  const hasRouter = isMap(canary.trafficRouting);
  const routing = mapAt(canary, ['trafficRouting']);
  if (isMap(pingPong)) {
    yield* pingPongProblems(pingPong, canary.trafficRouting);
  }
  const isByHost = isMap(routing.istio) && !isMap(routing.istio.destinationRule);
  const needsTwo =
    TWO_SERVICES.some((router) => isMap(routing[router])) || (!isMap(pingPong) && (isMap(routing.alb) || isByHost));
  for (const field of ['stableService', 'canaryService']) {
    yield* must(!needsTwo || name(field) !== '', [...CANARY, field], `${field} must be set for this traffic router`);
  }
  const hasDelay = typeof scaleDownDelaySeconds === 'number';
  const delayMessage = 'scaleDownDelaySeconds must not be set without `trafficRouting`';
  yield* must(hasRouter || !hasDelay, [...CANARY, 'scaleDownDelaySeconds'], delayMessage);
  const isScaleFine = canary.dynamicStableScale !== true || (hasRouter && !hasDelay);
  const rule = hasRouter ? 'beside `scaleDownDelaySeconds`' : 'without `trafficRouting`';
  yield* must(isScaleFine, [...CANARY, 'dynamicStableScale'], `dynamicStableScale must not be set ${rule}`);
  const takesMost = typeof routing.maxTrafficWeight !== 'number' || isMap(routing.nginx) || hasPlugins(routing);
  const path = [...CANARY, 'trafficRouting', 'maxTrafficWeight'];
  yield* must(takesMost, path, 'maxTrafficWeight must not be set for this traffic router');
}

function* pingPongProblems(pingPong: JsonMap, trafficRouting: Json | undefined): SpecProblems {
  const routing: Path = [...CANARY, 'trafficRouting'];
  const { alb, istio, ...rest } = mapAt(trafficRouting);
  const isRouted = !isMap(trafficRouting) || isMap(alb) || isMap(istio) || hasPlugins(rest);
  yield* must(isRouted, [...routing, 'alb'], 'trafficRouting must be alb, istio or a plugin beside `pingPong`');
  const [ping, pong] = [textAt(pingPong, ['pingService']) ?? '', textAt(pingPong, ['pongService']) ?? ''];
  yield* must(ping !== '', [...CANARY, 'pingPong', 'pingService'], 'pingService must be set');
  yield* must(pong !== '', [...CANARY, 'pingPong', 'pongService'], 'pongService must be set');
  const message = 'pingService must be another Service than `pongService`';
  yield* must(ping !== pong, [...CANARY, 'pingPong', 'pingService'], message);
  const hasRoot = !isMap(alb) || (textAt(alb, ['rootService']) ?? '') !== '';
  yield* must(hasRoot, [...routing, 'alb', 'rootService'], 'rootService must be set beside `pingPong`');
}

function* antiAffinity(path: Path, value: Json | undefined): SpecProblems {
  if (!isMap(value)) {
    return;
  }
  const preferred = value.preferredDuringSchedulingIgnoredDuringExecution;
  const isOne = isMap(preferred) !== isMap(value.requiredDuringSchedulingIgnoredDuringExecution);
  yield* must(isOne, path, 'antiAffinity must have exactly one of its two forms');
  const weight = isMap(preferred) ? (numberAt(preferred, ['weight']) ?? 0) : undefined;
  yield* inRange([...path, 'weight'], weight, 1, 100);
}
