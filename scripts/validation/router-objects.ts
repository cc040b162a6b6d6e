import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { findBeside, type Objects } from '../workload/objects.ts';
import { CANARY } from '../workload/rollout.ts';
import { itemsAt, must, problem, type SpecProblems } from './problem.ts';

const ROUTING: Path = [...CANARY, 'trafficRouting'];

/** The fields of `trafficRouting` that name objects: one object, or a list of them. Exactly one of both fields must be set. */
const NAMED = [
  { router: 'nginx', kind: 'Ingress', one: 'stableIngress', many: 'stableIngresses' },
  { router: 'alb', kind: 'Ingress', one: 'ingress', many: 'ingresses' },
  { router: 'istio', kind: 'VirtualService', one: 'virtualService', many: 'virtualServices' },
  { router: 'ambassador', kind: 'Mapping', one: undefined, many: 'mappings' },
] as const;

/** An object through which a traffic router sends a Rollout's requests, as the Rollout names it. */
interface RouterObject {
  readonly kind: (typeof NAMED)[number]['kind'];
  readonly name: string;
  /** Where the Rollout names it. */
  readonly path: Path;
  /** The value there: a name, or for Istio a map with the name and the routes. */
  readonly entry: Json;
}

/** The objects that a Rollout's `trafficRouting` names in its own namespace. */
export function routerObjects(rollout: Manifest): readonly RouterObject[] {
  return NAMED.flatMap(({ router, kind, one, many }) => {
    const path = [...ROUTING, router];
    const single = one === undefined ? undefined : at(rollout.object, [...path, one]);
    const entries = single === undefined ? [] : [[[...path, one ?? ''], single] as const];
    return [...entries, ...itemsAt([...path, many], at(rollout.object, [...path, many]))].flatMap(([here, entry]) => {
      const [name, namespace] = nameOf(textAt(entry, isMap(entry) ? ['name'] : []) ?? '');
      const isHere = name !== '' && (namespace === undefined || namespace === rollout.namespace);
      return isHere ? [{ kind, name, path: isMap(entry) ? [...here, 'name'] : here, entry }] : [];
    });
  });
}

/** Name and namespace of `name.namespace`, as Istio writes it. Mirrors `GetVirtualServiceNamespaceName`. */
function nameOf(text: string): readonly [name: string, namespace: string | undefined] {
  const [, name = text, namespace] = /^(.*)\.([^.]*)$/.exec(text.replace(/\.cluster\.local$/, '')) ?? [];
  return [name, namespace];
}

/**
 * What the controller refuses in the objects of a traffic router that are among the manifests. Mirrors `ValidateIngress`,
 * `ValidateVirtualService` and `ValidateAmbassadorMapping` in argo-rollouts `pkg/apis/rollouts/validation/validation_references.go`
 * (v1.10.2), and the `ValidateRollout…Config` functions there. The objects of App Mesh are not checked.
 */
export function* routerProblems(objects: Pick<Objects, 'find'>, rollout: Manifest): SpecProblems {
  const canary = mapAt(rollout.object, CANARY);
  for (const { router, one, many } of NAMED) {
    const path = [...ROUTING, router];
    const routing = at(rollout.object, path);
    if (isMap(routing)) {
      const [hasOne, hasMany] = [(routing[one ?? ''] ?? '') !== '', (routing[many] ?? null) !== null];
      const fields = one === undefined ? `\`${many}\`` : `exactly one of \`${one}\` and \`${many}\``;
      yield* must(hasOne !== hasMany, path, `${router} must have ${fields}`);
    }
  }
  for (const named of routerObjects(rollout)) {
    const found = findBeside(objects, rollout, named.kind, named.name);
    if (found === undefined) {
      continue;
    }
    if (named.kind === 'Ingress') {
      yield* ingressProblems(canary, found, named);
    } else if (named.kind === 'VirtualService') {
      yield* virtualServiceProblems(canary, found, named);
    } else {
      const message = `Mapping '${named.name}' must not have a \`weight\`: the controller writes one beside it`;
      yield* must((numberAt(found.object, ['spec', 'weight']) ?? 0) === 0, named.path, message);
    }
  }
}

function* ingressProblems(canary: JsonMap, { object }: Manifest, { name, path }: RouterObject): SpecProblems {
  const rootService = path.includes('alb') ? textAt(canary, ['trafficRouting', 'alb', 'rootService']) : undefined;
  const service = rootService || (textAt(canary, ['stableService']) ?? '');
  const backends = listAt(object, ['spec', 'rules'])
    .flatMap((rule) => listAt(rule, ['http', 'paths']))
    .map((each) => textAt(each, ['backend', 'service', 'name']) ?? textAt(each, ['backend', 'serviceName']));
  const message = `Ingress '${name}' must have a rule with a path to Service '${service}'`;
  yield* must(backends.includes(service), path, message);
}

/** Lists of routes in a VirtualService, each with the Rollout's field that says which of them are the controller's. */
const ROUTES = [
  ['http', 'routes'],
  ['tls', 'tlsRoutes'],
  ['tcp', 'tcpRoutes'],
] as const;

function* virtualServiceProblems(
  canary: JsonMap,
  { object }: Manifest,
  { name, path, entry }: RouterObject,
): SpecProblems {
  const spec = mapAt(object, ['spec']);
  const present = ROUTES.filter(([protocol]) => Array.isArray(spec[protocol]));
  yield* must(present.length > 0, path, `VirtualService '${name}' must have http, tls or tcp routes`);
  for (const [protocol, field] of present) {
    const [routes, wanted] = [listAt(spec[protocol]), listAt(entry, [field])];
    const chosen = wanted.map((one) => routes.filter((route) => isWanted(route, one)));
    yield* must(
      chosen.every(({ length }) => length > 0),
      path,
      `VirtualService '${name}' must have every route of \`${field}\``,
    );
    const unnamed = routes.length === 1 ? routes : routes.filter((route) => (textAt(route, ['name']) ?? '') === '');
    const ours =
      wanted.length > 0
        ? chosen.flatMap((found) => (protocol === 'http' ? found.slice(0, 1) : found))
        : unnamed.slice(0, 1);
    const [missing] = ours.flatMap((route) => missingDestinations(canary, route));
    if (missing !== undefined) {
      yield problem(path, `the ${protocol} route of VirtualService '${name}' must have ${missing} as a destination`);
    }
    const managed = listAt(canary, ['trafficRouting', 'managedRoutes']).map((route) => textAt(route, ['name']));
    const others = routes.filter((route) => !managed.includes(textAt(route, ['name']) ?? ''));
    const message = `VirtualService '${name}' must have one ${protocol} route, got ${others.length}, unless \`${field}\` says which`;
    yield* must(wanted.length > 0 || others.length <= 1, path, message);
  }
}

/** Whether a route is the one that the Rollout means by its name, or for TLS and TCP by its port and SNI hosts. */
function isWanted(route: Json, wanted: Json): boolean {
  if (typeof wanted === 'string') {
    return textAt(route, ['name']) === wanted;
  }
  const matches = listAt(route, ['match']);
  const ports = new Set(matches.map((match) => numberAt(match, ['port']) ?? 0));
  const hosts = new Set(matches.flatMap((match) => listAt(match, ['sniHosts'])));
  const wantedHosts = listAt(wanted, ['sniHosts']);
  const [port = 0] = ports;
  return (
    ports.size <= 1 &&
    port === (numberAt(wanted, ['port']) ?? 0) &&
    hosts.size === wantedHosts.length &&
    wantedHosts.every((host) => hosts.has(host))
  );
}

/** The Services, or with a DestinationRule the subsets, to which a route of a VirtualService must lead and does not. */
function missingDestinations(canary: JsonMap, route: Json): readonly string[] {
  const destinations = listAt(route, ['route']).map((each) => mapAt(each, ['destination']));
  const rule = at(canary, ['trafficRouting', 'istio', 'destinationRule']);
  const [fields, present, what] = isMap(rule)
    ? [[rule.canarySubsetName, rule.stableSubsetName], destinations.map(({ subset }) => subset), 'subset']
    : [servicesOf(canary), destinations.map(({ host }) => String(host ?? '').replace(/\..*/, '')), 'Service'];
  return fields
    .map((name) => (typeof name === 'string' ? name : ''))
    .filter((name) => name === '' || !present.includes(name))
    .map((name) => `${what} '${name}'`);
}

/** Mirrors `GetStableAndCanaryServices`: of a ping-pong pair, both must be there, whichever is stable. */
function servicesOf({ canaryService, stableService, pingPong }: JsonMap): readonly (Json | undefined)[] {
  const hasNone = (canaryService ?? '') === '' && (stableService ?? '') === '';
  return hasNone && isMap(pingPong) ? [pingPong.pingService, pingPong.pongService] : [canaryService, stableService];
}
