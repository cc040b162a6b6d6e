import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { CANARY } from '../workload/rollout.ts';
import { problem, type SpecProblems } from './problem.ts';
import { hasPlugins, stepProblems } from './step.ts';

const BLUE_GREEN: Path = ['spec', 'strategy', 'blueGreen'];

/** Mirrors `ValidateRolloutStrategy` in argo-rollouts `pkg/apis/rollouts/validation/validation.go` (v1.10.2). */
export function* strategyProblems(rollout: JsonMap): SpecProblems {
  const { canary, blueGreen } = mapAt(rollout, ['spec', 'strategy']);
  if (isMap(canary) && isMap(blueGreen)) {
    yield problem(['spec', 'strategy'], 'strategy must not have both `canary` and `blueGreen`');
  } else if (isMap(canary)) {
    yield* canaryProblems(canary);
    for (const [index, step] of listAt(canary, ['steps']).entries()) {
      yield* stepProblems(canary, step, [...CANARY, 'steps', index]);
    }
    yield* antiAffinity([...CANARY, 'antiAffinity'], canary.antiAffinity);
  } else if (isMap(blueGreen)) {
    yield* blueGreenProblems(rollout, blueGreen);
  } else {
    yield problem(['spec', 'strategy'], 'strategy must have `canary` or `blueGreen`');
  }
}

function* blueGreenProblems(rollout: JsonMap, blueGreen: JsonMap): SpecProblems {
  if ((textAt(blueGreen, ['activeService']) ?? '') === (textAt(blueGreen, ['previewService']) ?? '')) {
    yield problem([...BLUE_GREEN, 'activeService'], 'activeService must be another Service than `previewService`');
  }
  const kept = numberAt(blueGreen, ['scaleDownDelayRevisionLimit']);
  const history = numberAt(rollout, ['spec', 'revisionHistoryLimit']) ?? 10;
  if (kept !== undefined && history < kept) {
    const message = `scaleDownDelayRevisionLimit ${kept} must not exceed the ${history} of revisionHistoryLimit`;
    yield problem([...BLUE_GREEN, 'scaleDownDelayRevisionLimit'], message);
  }
  yield* antiAffinity([...BLUE_GREEN, 'antiAffinity'], blueGreen.antiAffinity);
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

function* canaryProblems(canary: JsonMap): SpecProblems {
  const here = (field: string, ...rest: Path): Path => [...CANARY, field, ...rest];
  if (writtenValue(canary.maxSurge) === 0 && writtenValue(canary.maxUnavailable) === 0) {
    yield problem(here('maxSurge'), 'maxSurge and `maxUnavailable` must not both be 0');
  }
  const [stable, canaryService] = [textAt(canary, ['stableService']) ?? '', textAt(canary, ['canaryService']) ?? ''];
  if (stable !== '' && stable === canaryService) {
    yield problem(here('stableService'), 'stableService must be another Service than `canaryService`');
  }
  const hasRouter = isMap(canary.trafficRouting);
  const routing = mapAt(canary, ['trafficRouting']);
  const { pingPong } = canary;
  if (isMap(pingPong)) {
    yield* pingPongProblems(here, pingPong, canary.trafficRouting);
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
      yield problem(here(field), `${field} must be set for this traffic router`);
    }
  }
  const hasDelay = typeof canary.scaleDownDelaySeconds === 'number';
  if (!hasRouter && hasDelay) {
    yield problem(here('scaleDownDelaySeconds'), 'scaleDownDelaySeconds must not be set without `trafficRouting`');
  }
  if (canary.dynamicStableScale === true && (!hasRouter || hasDelay)) {
    const rule = hasRouter ? 'beside `scaleDownDelaySeconds`' : 'without `trafficRouting`';
    yield problem(here('dynamicStableScale'), `dynamicStableScale must not be set ${rule}`);
  }
  if (typeof routing.maxTrafficWeight === 'number' && !isMap(routing.nginx) && !hasPlugins(routing)) {
    const message = 'maxTrafficWeight must not be set for this traffic router';
    yield problem(here('trafficRouting', 'maxTrafficWeight'), message);
  }
}

function* pingPongProblems(
  here: (field: string, ...rest: Path) => Path,
  pingPong: JsonMap,
  routing: Json | undefined,
): SpecProblems {
  const { alb, istio } = mapAt(routing);
  const [ping, pong] = ['pingService', 'pongService'].map((field) => textAt(pingPong, [field]) ?? '');
  if (isMap(routing) && !isMap(alb) && !isMap(istio) && !hasPlugins(routing)) {
    yield problem(here('trafficRouting', 'alb'), 'trafficRouting must be alb, istio or a plugin beside `pingPong`');
  }
  for (const [field, name] of [
    ['pingService', ping],
    ['pongService', pong],
  ] as const) {
    if (name === '') {
      yield problem(here('pingPong', field), `${field} must be set`);
    }
  }
  if (ping === pong) {
    yield problem(here('pingPong', 'pingService'), 'pingService must be another Service than `pongService`');
  }
  if (isMap(alb) && (textAt(alb, ['rootService']) ?? '') === '') {
    yield problem(here('trafficRouting', 'alb', 'rootService'), 'rootService must be set beside `pingPong`');
  }
}

function* antiAffinity(path: Path, value: Json | undefined): SpecProblems {
  if (!isMap(value)) {
    return;
  }
  const preferred = value.preferredDuringSchedulingIgnoredDuringExecution;
  if (isMap(preferred) === isMap(value.requiredDuringSchedulingIgnoredDuringExecution)) {
    yield problem(path, 'antiAffinity must have exactly one of its two forms');
  }
  const weight = numberAt(preferred, ['weight']) ?? 0;
  if (isMap(preferred) && (weight < 1 || weight > 100)) {
    yield problem([...path, 'weight'], `weight must be between 1 and 100, got ${weight}`);
  }
}
