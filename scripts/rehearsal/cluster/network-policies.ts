import { type Json, type JsonMap, listAt, mapAt } from '../../manifest/json.ts';

/** A label of the pods that a rehearsal adds: users and stores. */
const REHEARSAL_LABEL = { 'rehearse/part-of': 'rehearsal' };

/** A NetworkPolicy with rules that also allow the rehearsal's users and stores; any other object unchanged. */
export function admitRehearsal(object: JsonMap): JsonMap {
  if (object.kind !== 'NetworkPolicy') {
    return object;
  }
  const spec = mapAt(object, ['spec']);
  const peers: Json = [{ podSelector: { matchLabels: REHEARSAL_LABEL } }];
  const types = listAt(spec, ['policyTypes']);
  // The API server's default: ingress always, egress where the policy has rules for it.
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
