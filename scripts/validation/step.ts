import { pauseSeconds } from '../argo/duration.ts';
import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { isFieldPath } from '../workload/field-path.ts';
import { CANARY } from '../workload/rollout.ts';
import { inRange, itemsAt, must, problem, type SpecProblems } from './problem.ts';

const KINDS = 'setWeight pause experiment analysis setCanaryScale setHeaderRoute setMirrorRoute plugin'.split(' ');
/** A step may have at most one of these kinds; the controller does not count the others. */
const EXCLUSIVE = new Set(['setWeight', 'pause', 'experiment', 'analysis']);

/** What `ValidateRolloutStrategyCanary` refuses in one step. */
export function* stepProblems(canary: JsonMap, step: Json, path: Path): SpecProblems {
  const kinds = KINDS.filter((kind) => (at(step, [kind]) ?? null) !== null);
  // A step that is not a map is reported by schema/type.
  const isOne = kinds.length > 0 ? kinds.filter((kind) => EXCLUSIVE.has(kind)).length <= 1 : !isMap(step);
  yield* must(isOne, path, `a step must have exactly one of ${KINDS.join(', ')}`);
  const most = numberAt(canary, ['trafficRouting', 'maxTrafficWeight']) ?? 100;
  yield* inRange([...path, 'setWeight'], numberAt(step, ['setWeight']), 0, most);
  const duration = at(step, ['pause', 'duration']);
  const isPause = (typeof duration !== 'number' && typeof duration !== 'string') || pauseSeconds(duration) >= 0;
  const message = `duration must be seconds or a duration such as '60s', got ${JSON.stringify(duration)}`;
  yield* must(isPause, [...path, 'pause', 'duration'], message);
  const routing = mapAt(canary, ['trafficRouting']);
  const hasRouter = isMap(canary.trafficRouting);
  const isScaled = isMap(at(step, ['setCanaryScale']));
  const scaleMessage = 'trafficRouting must be set for a step `setCanaryScale`';
  yield* must(hasRouter || !isScaled, [...CANARY, 'trafficRouting'], scaleMessage);
  yield* routeProblems(step, routing, hasRouter, path);
  for (const [here, template] of itemsAt([...path, 'experiment', 'templates'], at(step, ['experiment', 'templates']))) {
    const isPlain = numberAt(template, ['weight']) === undefined;
    const rule = 'weight must not be set without `trafficRouting` by alb, smi, istio or a plugin';
    yield* must(isPlain || has(routing, ['alb', 'smi', 'istio']), [...here, 'weight'], rule);
  }
  const ofExperiments = listAt(step, ['experiment', 'analyses']).flatMap((analysis) => listAt(analysis, ['args']));
  for (const argument of [...ofExperiments, ...listAt(step, ['analysis', 'args'])]) {
    const field = textAt(argument, ['valueFrom', 'fieldRef', 'fieldPath']) ?? '';
    const rule = `must be a metadata field that the downward API knows, got '${field}'`;
    yield* must(isFieldPath(field), [...path, 'analyses'], `an argument's fieldPath ${rule}`);
  }
}

export function hasPlugins(routing: JsonMap): boolean {
  return Object.keys(mapAt(routing, ['plugins'])).length > 0;
}

/** Whether one of these routers, or a plugin, is set. */
function has(routing: JsonMap, routers: readonly string[]): boolean {
  return routers.some((router) => isMap(routing[router])) || hasPlugins(routing);
}

function* routeProblems(step: Json, routing: JsonMap, hasRouter: boolean, path: Path): SpecProblems {
  const { setHeaderRoute: header, setMirrorRoute: mirror } = mapAt(step);
  if (isMap(header) && has(routing, ['istio', 'alb', 'apisix'])) {
    for (const [here, match] of itemsAt([...path, 'setHeaderRoute', 'match'], header.match)) {
      yield* matchProblems(here, at(match, ['headerValue']), isMap(routing.alb));
    }
  } else {
    const message = 'setHeaderRoute must have `trafficRouting` by istio, alb, apisix or a plugin';
    yield* must(!isMap(header), [...path, 'setHeaderRoute'], message);
  }
  const message = 'setMirrorRoute must have `trafficRouting` by istio or a plugin';
  yield* must(!isMap(mirror) || has(routing, ['istio']), [...path, 'setMirrorRoute'], message);
  for (const [here, match] of itemsAt([...path, 'setMirrorRoute', 'match'], at(mirror, ['match']))) {
    for (const part of ['method', 'path'].map((field) => at(match, [field])).filter(isMap)) {
      yield* matchProblems(here, part, false);
    }
  }
  for (const [kind, route] of Object.entries({ setHeaderRoute: header, setMirrorRoute: mirror })) {
    const name = textAt(route, ['name']) ?? '';
    const { managedRoutes: routes } = routing;
    if (!isMap(route) || !hasRouter) {
      continue;
    }
    if (Array.isArray(routes)) {
      const isManaged = routes.some((one) => textAt(one, ['name']) === name);
      const rule = `${kind} must name one of \`trafficRouting.managedRoutes\`, got '${name}'`;
      yield* must(isManaged, [...path, kind], rule);
    } else {
      const rule = `managedRoutes must be set for a step \`${kind}\``;
      yield problem([...CANARY, 'trafficRouting', 'managedRoutes'], rule);
    }
  }
}

/** Mirrors `hasMultipleMatchValues` and, for the ALB, `hasALBInvalidValues`. */
function* matchProblems(path: Path, match: Json | undefined, isAlb: boolean): SpecProblems {
  const forms = ['exact', 'regex', 'prefix'].filter((form) => (textAt(match, [form]) ?? '') !== '');
  const rule = isAlb ? '`exact`, and nothing else' : 'one of exact, regex, prefix';
  yield* must(isAlb ? forms.join() === 'exact' : forms.length === 1, path, `match must have ${rule}`);
}
