import { pauseSeconds } from '../argo/duration.ts';
import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { isFieldPath } from '../workload/field-path.ts';
import { CANARY } from '../workload/rollout.ts';
import { problem, type SpecProblems } from './problem.ts';

const KINDS = [
  'setWeight',
  'pause',
  'experiment',
  'analysis',
  'setCanaryScale',
  'setHeaderRoute',
  'setMirrorRoute',
  'plugin',
];
/** Kinds of which a step may have only one; the controller does not count the others. */
const EXCLUSIVE = new Set(['setWeight', 'pause', 'experiment', 'analysis']);

/** What `ValidateRolloutStrategyCanary` refuses in one step. */
export function* stepProblems(canary: JsonMap, step: Json, path: Path): SpecProblems {
  const kinds = KINDS.filter((kind) => (at(step, [kind]) ?? null) !== null);
  // What is no map is reported by schema/type.
  if ((isMap(step) && kinds.length === 0) || kinds.filter((kind) => EXCLUSIVE.has(kind)).length > 1) {
    yield problem(path, `a step must have exactly one of ${KINDS.join(', ')}`);
  }
  const weight = numberAt(step, ['setWeight']);
  const maxWeight = numberAt(canary, ['trafficRouting', 'maxTrafficWeight']) ?? 100;
  if (weight !== undefined && (weight < 0 || weight > maxWeight)) {
    yield problem([...path, 'setWeight'], `setWeight must be between 0 and ${maxWeight}, got ${weight}`);
  }
  const duration = at(step, ['pause', 'duration']);
  if ((typeof duration === 'number' || typeof duration === 'string') && pauseSeconds(duration) < 0) {
    const message = `duration must be seconds or a duration such as '60s', got ${JSON.stringify(duration)}`;
    yield problem([...path, 'pause', 'duration'], message);
  }
  const routing = mapAt(canary, ['trafficRouting']);
  const hasRouter = isMap(canary.trafficRouting);
  if (!hasRouter && isMap(at(step, ['setCanaryScale']))) {
    yield problem([...CANARY, 'trafficRouting'], 'trafficRouting must be set for a step `setCanaryScale`');
  }
  yield* routeProblems(step, routing, hasRouter, path);
  for (const [index, template] of listAt(step, ['experiment', 'templates']).entries()) {
    if (numberAt(template, ['weight']) !== undefined && !has(routing, ['alb', 'smi', 'istio'])) {
      const message = 'weight must not be set without `trafficRouting` by alb, smi, istio or a plugin';
      yield problem([...path, 'experiment', 'templates', index, 'weight'], message);
    }
  }
  const ofExperiments = listAt(step, ['experiment', 'analyses']).flatMap((analysis) => listAt(analysis, ['args']));
  for (const argument of [...ofExperiments, ...listAt(step, ['analysis', 'args'])]) {
    const field = textAt(argument, ['valueFrom', 'fieldRef', 'fieldPath']) ?? '';
    if (!isFieldPath(field)) {
      const message = `an argument's fieldPath must be a metadata field that the downward API knows, got '${field}'`;
      yield problem([...path, 'analyses'], message);
    }
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
  const isHeaderPlayed = has(routing, ['istio', 'alb', 'apisix']);
  if (isMap(header) && !isHeaderPlayed) {
    const message = 'setHeaderRoute must have `trafficRouting` by istio, alb, apisix or a plugin';
    yield problem([...path, 'setHeaderRoute'], message);
  }
  for (const [index, match] of isMap(header) && isHeaderPlayed ? listAt(header, ['match']).entries() : []) {
    yield* matchProblems([...path, 'setHeaderRoute', 'match', index], at(match, ['headerValue']), isMap(routing.alb));
  }
  if (isMap(mirror) && !has(routing, ['istio'])) {
    yield problem([...path, 'setMirrorRoute'], 'setMirrorRoute must have `trafficRouting` by istio or a plugin');
  }
  for (const [index, match] of listAt(mirror, ['match']).entries()) {
    for (const field of ['method', 'path']) {
      if (isMap(at(match, [field]))) {
        yield* matchProblems([...path, 'setMirrorRoute', 'match', index], at(match, [field]), false);
      }
    }
  }
  for (const [kind, route] of [
    ['setHeaderRoute', header],
    ['setMirrorRoute', mirror],
  ] as const) {
    const name = textAt(route, ['name']) ?? '';
    if (!isMap(route) || !hasRouter) {
      continue;
    }
    if (!Array.isArray(routing.managedRoutes)) {
      yield problem([...CANARY, 'trafficRouting', 'managedRoutes'], `managedRoutes must be set for a step \`${kind}\``);
    } else if (!routing.managedRoutes.some((one) => textAt(one, ['name']) === name)) {
      const message = `${kind} must name one of \`trafficRouting.managedRoutes\`, got '${name}'`;
      yield problem([...path, kind], message);
    }
  }
}

/** Mirrors `hasMultipleMatchValues` and, for the ALB, `hasALBInvalidValues`. */
function* matchProblems(path: Path, match: Json | undefined, isAlb: boolean): SpecProblems {
  const forms = ['exact', 'regex', 'prefix'].filter((form) => (textAt(match, [form]) ?? '') !== '');
  if (isAlb ? forms.join() !== 'exact' : forms.length !== 1) {
    yield problem(path, `match must have ${isAlb ? '`exact`, and nothing else' : 'one of exact, regex, prefix'}`);
  }
}
