import { at, isMap, textAt } from '../../manifest/json.ts';
import { CANARY } from '../../workload/rollout.ts';
import type { Rule } from '../rule.ts';

export const canaryRouterWaits: Rule = {
  id: 'canary/router-waits',
  severity: 'warning',
  why: 'With subsets of a DestinationRule and no Services the controller waits for every pod before it writes anything else: a canary that never gets ready is neither measured nor aborted by the deadline (argo-rollouts #4626, still so in v1.10.2).',
  fix: 'Name a `canaryService` and a `stableService`, and let the VirtualService route between them.',
  *check({ rollouts }) {
    for (const { manifest, canary } of rollouts) {
      const path = [...CANARY, 'trafficRouting', 'istio', 'destinationRule'];
      const services = ['canaryService', 'stableService'].map((field) => textAt(canary ?? null, [field]) ?? '');
      if (isMap(at(manifest.object, path)) && services.every((service) => service === '')) {
        yield {
          manifest,
          path,
          pointAt: 'key',
          message:
            'destinationRule must have a canaryService and a stableService beside it: without them the deadline never aborts',
        };
      }
    }
  },
};
