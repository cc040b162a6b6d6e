import { pauseSeconds } from '../argo/duration.ts';
import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { CANARY, type Rollout } from '../workload/rollout.ts';
import type { Problem } from './rule.ts';
import { isFieldPath } from './template-merge.ts';

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
/** The kinds that may not meet in one step; the controller does not count the others. */
const EXCLUSIVE = new Set(['setWeight', 'pause', 'experiment', 'analysis']);

/** What `ValidateRolloutStrategyCanary` says of one step (see rollout-strategy.ts). */
export function* stepProblems(
  { manifest, hasRouter }: Rollout,
  canary: JsonMap,
  step: Json,
  path: Path,
): Generator<Problem> {
  const kinds = KINDS.filter((kind) => (at(step, [kind]) ?? null) !== null);
  const problem = (field: Path, message: string): Problem => ({ manifest, path: field, message });
  // What is no map at all is the schema's to tell.
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
    yield problem(
      [...path, 'pause', 'duration'],
      `duration must be seconds or a duration such as '60s', got ${JSON.stringify(duration)}`,
    );
  }
  const routing = mapAt(canary, ['trafficRouting']);
  if (!hasRouter && isMap(at(step, ['setCanaryScale']))) {
    yield problem([...CANARY, 'trafficRouting'], 'trafficRouting must be set for a step `setCanaryScale`');
  }
  yield* routeProblems(step, routing, problem, path);
  for (const [index, template] of listAt(step, ['experiment', 'templates']).entries()) {
    if (numberAt(template, ['weight']) !== undefined && !has(routing, ['alb', 'smi', 'istio'])) {
      yield problem(
        [...path, 'experiment', 'templates', index, 'weight'],
        'weight must not be set without `trafficRouting` by alb, smi, istio or a plugin',
      );
    }
  }
  const ofExperiments = listAt(step, ['experiment', 'analyses']).flatMap((analysis) => listAt(analysis, ['args']));
  for (const argument of [...listAt(step, ['analysis', 'args']), ...ofExperiments]) {
    const field = textAt(argument, ['valueFrom', 'fieldRef', 'fieldPath']) ?? '';
    if (!isFieldPath(field)) {
      yield problem(
        [...path, 'analyses'],
        `an argument's fieldPath must be a metadata field that the downward API knows, got '${field}'`,
      );
    }
  }
}

/** Whether one of these routers, or a plugin, is set. */
function has(routing: JsonMap, routers: readonly string[]): boolean {
  return routers.some((router) => isMap(routing[router])) || Object.keys(mapAt(routing, ['plugins'])).length > 0;
}

function* routeProblems(
  step: Json,
  routing: JsonMap,
  problem: (path: Path, message: string) => Problem,
  path: Path,
): Generator<Problem> {
  const managed = at(routing, ['managedRoutes']);
  for (const [kind, supported] of [
    ['setHeaderRoute', has(routing, ['istio', 'alb', 'apisix'])],
    ['setMirrorRoute', isMap(routing.istio)],
  ] as const) {
    const route = at(step, [kind]);
    if (!isMap(route)) {
      continue;
    }
    if (!supported) {
      yield problem(
        [...path, kind],
        `${kind} must have \`trafficRouting\` by ${kind === 'setMirrorRoute' ? 'istio' : 'istio, alb, apisix or a plugin'}`,
      );
    }
    if (Object.keys(routing).length > 0 && !Array.isArray(managed)) {
      yield problem([...CANARY, 'trafficRouting', 'managedRoutes'], `managedRoutes must be set for a step \`${kind}\``);
    } else if (
      Array.isArray(managed) &&
      !managed.some((one) => textAt(one, ['name']) === (textAt(route, ['name']) ?? ''))
    ) {
      yield problem(
        [...path, kind],
        `${kind} must name one of \`trafficRouting.managedRoutes\`, got '${textAt(route, ['name']) ?? ''}'`,
      );
    }
  }
}
