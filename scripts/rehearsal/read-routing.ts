import type { Step } from '../argo/plan.ts';
import type { CanaryServices, TrafficRouting } from '../argo/traffic-routing.ts';
import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, textAt } from '../manifest/json.ts';

/** `trafficRouting` and the fields of the canary that depend on it; undefined without a traffic router. */
export function readRouting(canary: JsonMap): TrafficRouting | undefined {
  const routing = canary.trafficRouting;
  if (!isMap(routing)) {
    return undefined;
  }
  return {
    maxWeight: numberAt(routing, ['maxTrafficWeight']) ?? 100,
    dynamicStableScale: canary.dynamicStableScale === true,
    minPodsPerReplicaSet: numberAt(canary, ['minPodsPerReplicaSet']),
    abortScaleDownDelaySeconds: numberAt(canary, ['abortScaleDownDelaySeconds']),
    scaleDownDelaySeconds: numberAt(canary, ['scaleDownDelaySeconds']) ?? 30,
    scaleDownDelayRevisionLimit: numberAt(canary, ['scaleDownDelayRevisionLimit']),
    // Only AWS load balancers report it, and only if the controller is started with an option for it.
    verifySeconds: undefined,
    waitsForPods: isMap(routing.istio),
  };
}

/** The Services whose selectors the controller sets; undefined where the canary names none. */
export function readServices(canary: JsonMap): CanaryServices | undefined {
  const pingPong = mapAt(canary, ['pingPong']);
  const ping = textAt(pingPong, ['pingService']);
  const pong = textAt(pingPong, ['pongService']);
  const services = {
    canary: textAt(canary, ['canaryService']) ?? '',
    stable: textAt(canary, ['stableService']) ?? '',
    pingPong: ping === undefined || pong === undefined ? undefined : { ping, pong },
  };
  return services.canary === '' && services.stable === '' && services.pingPong === undefined ? undefined : services;
}

/** Reads a step that needs a traffic router; undefined for any other step. */
export function readRoutedStep(step: Json): Step | undefined {
  const scale = at(step, ['setCanaryScale']);
  if (isMap(scale)) {
    return {
      kind: 'setCanaryScale',
      matchesWeight: scale.matchTrafficWeight === true,
      replicas: numberAt(scale, ['replicas']),
      weight: numberAt(scale, ['weight']),
    };
  }
  const kind = (['setHeaderRoute', 'setMirrorRoute'] as const).find((name) => isMap(at(step, [name])));
  return (
    kind && {
      kind,
      name: textAt(step, [kind, 'name']) ?? '',
      isSet: listAt(step, [kind, 'match']).length > 0,
      percentage: numberAt(step, [kind, 'percentage']),
    }
  );
}
