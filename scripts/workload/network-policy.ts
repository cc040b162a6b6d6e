import { BlockList, isIPv6 } from 'node:net';
import { at, isMap, type Json, type JsonMap, listAt, mapAt, numberAt, textAt } from '../manifest/json.ts';
import { selectorMatches } from './selector.ts';

/** A pod, with the properties by which policies select it. */
export interface PodEndpoint {
  readonly namespace: string;
  readonly namespaceLabels: JsonMap;
  readonly labels: JsonMap;
  /** `ports` of its containers. */
  readonly ports: readonly Json[];
}

/** A source or target that is not a pod, by its IP address. */
export interface AddressEndpoint {
  readonly address: string;
}

export type Endpoint = PodEndpoint | AddressEndpoint;

/** A NetworkPolicy and the namespace it is applied to. */
export interface AppliedPolicy {
  readonly namespace: string;
  readonly object: JsonMap;
}

export interface Connection {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/**
 * Whether the policies allow a connection: egress from its source and ingress to its target. Follows
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/. Not for probes by a pod's own node: a cluster
 * always lets them pass.
 */
export function allows(policies: readonly AppliedPolicy[], connection: Connection): boolean {
  const { from, to } = connection;
  return passes(policies, connection, 'Egress', from, to) && passes(policies, connection, 'Ingress', to, from);
}

type Direction = 'Ingress' | 'Egress';

/** If no policy selects `subject` for a direction, everything passes; else a rule of one such policy must allow `peer`. */
function passes(
  policies: readonly AppliedPolicy[],
  connection: Connection,
  direction: Direction,
  subject: Endpoint,
  peer: Endpoint,
): boolean {
  const selecting = policies.filter((policy) => selects(policy, direction, subject));
  const [rules, peers] = direction === 'Ingress' ? (['ingress', 'from'] as const) : (['egress', 'to'] as const);
  return (
    selecting.length === 0 ||
    selecting.some(({ namespace, object }) =>
      listAt(object, ['spec', rules]).some(
        (rule) =>
          isAnyOf(listAt(rule, [peers]), (one) => isPeer(one, peer, namespace)) &&
          isAnyOf(listAt(rule, ['ports']), (one) => isPort(one, connection)),
      ),
    )
  );
}

function selects({ namespace, object }: AppliedPolicy, direction: Direction, subject: Endpoint): boolean {
  // Without `policyTypes` a policy applies to ingress, and to egress only if it has the field `egress`.
  const implied = ['Ingress', ...(at(object, ['spec', 'egress']) === undefined ? [] : ['Egress'])];
  const types = at(object, ['spec', 'policyTypes']) === undefined ? implied : listAt(object, ['spec', 'policyTypes']);
  return (
    'labels' in subject &&
    types.includes(direction) &&
    subject.namespace === namespace &&
    selectorMatches(at(object, ['spec', 'podSelector']), subject.labels)
  );
}

/** An empty or missing list matches everything. */
function isAnyOf(list: readonly Json[], matches: (one: Json) => boolean): boolean {
  return list.length === 0 || list.some(matches);
}

function isPeer(rule: Json, peer: Endpoint, namespace: string): boolean {
  const block = mapAt(rule, ['ipBlock']);
  if ('address' in peer) {
    return isWithin(peer.address, block);
  }
  const [namespaces, pods] = [at(rule, ['namespaceSelector']), at(rule, ['podSelector'])];
  const isThere =
    namespaces === undefined ? peer.namespace === namespace : selectorMatches(namespaces, peer.namespaceLabels);
  return (isMap(namespaces) || isMap(pods)) && isThere && (pods === undefined || selectorMatches(pods, peer.labels));
}

function isWithin(address: string, block: JsonMap): boolean {
  const isIn = (cidr: string | undefined) => {
    const [network = '', bits] = (cidr ?? '').split('/');
    const list = new BlockList();
    if (network !== '') {
      list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
    }
    return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  };
  return isIn(textAt(block, ['cidr'])) && !listAt(block, ['except']).some((cidr) => isIn(textAt(cidr)));
}

/** Whether a rule's port covers the connection's. A port name is looked up among the target's ports. */
function isPort(rule: Json, { to, port, protocol }: Connection): boolean {
  if ((textAt(rule, ['protocol']) ?? 'TCP') !== protocol) {
    return false;
  }
  const [name, first] = [textAt(rule, ['port']), numberAt(rule, ['port'])];
  if (name !== undefined) {
    const named = 'ports' in to ? to.ports.find((one) => textAt(one, ['name']) === name) : undefined;
    return numberAt(named, ['containerPort']) === port && (textAt(named, ['protocol']) ?? 'TCP') === protocol;
  }
  return first === undefined || (port >= first && port <= (numberAt(rule, ['endPort']) ?? first));
}
