import { type Json, type JsonMap, listAt, mapAt } from '../../manifest/json.ts';

/** On the pods that a rehearsal adds to a workload's own: users and stores. */
export const REHEARSAL_LABEL = { 'rehearse/part-of': 'rehearsal' };

/** A NetworkPolicy that also lets the rehearsal's users in and its stores be reached; any other object as it is. */
export function admitRehearsal(object: JsonMap): JsonMap {
  if (object.kind !== 'NetworkPolicy') {
    return object;
  }
  const spec = mapAt(object, ['spec']);
  const peers: Json = [{ podSelector: { matchLabels: REHEARSAL_LABEL } }];
  const types = listAt(spec, ['policyTypes']);
  // The API server's own default: ingress always, egress where the policy has rules for it.
  const restrictsIngress = types.length === 0 || types.includes('Ingress');
  const restrictsEgress = types.length === 0 ? spec.egress !== undefined : types.includes('Egress');
  return {
    ...object,
    spec: {
      ...spec,
      ...(restrictsIngress && { ingress: [...listAt(spec, ['ingress']), { from: peers }] }),
      ...(restrictsEgress && { egress: [...listAt(spec, ['egress']), { to: peers }] }),
    },
  };
}
