import type { ReleaseEnd } from '../record.ts';
import type { Reading } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import type { Model } from './model.ts';
import { type Endpoints, playSimulated, type Read, type Traffic } from './simulated-release.ts';

/** What happens until the next read, and which one that is; at a leaf, how the release ends. */
interface Node {
  /** What the reads before it answered. */
  readonly before: readonly Reading[];
  /** New endpoints in order; a number is when the new version is wanted. */
  readonly changes: (Endpoints | number)[];
  read: Read | undefined;
  end: ReleaseEnd | undefined;
  /** By the result of the read. */
  readonly next: Map<string, Node>;
}

/**
 * Releases of a workload, by what their reads answer. Controller and pods are played once for each way that the reads can go; every other
 * release that goes the same way only has its own users.
 */
export interface DecisionTree {
  readonly play: (traffic: Traffic) => ReleaseEnd;
}

/** More than the ways that a usual gate can go; beyond them all are forgotten. */
const MOST_NODES = 20_000;
/** Where a way is not known yet: reads go well, until one does not. */
const GOOD: Reading = { phase: 'Successful' };

const known = new WeakMap<Model, Map<string, DecisionTree>>();

/** The tree of all scenarios that differ in nothing but their users and how requests end: these only decide what the reads answer. */
export function decisionTreeOf(model: Model, scenario: Scenario, warmUpSeconds: number): DecisionTree {
  const ofModel = known.get(model) ?? new Map<string, DecisionTree>();
  known.set(model, ofModel);
  const key = keyOfScenario(scenario, warmUpSeconds);
  const tree = ofModel.get(key) ?? createDecisionTree(model, scenario, warmUpSeconds);
  ofModel.set(key, tree);
  return tree;
}

function createDecisionTree(model: Model, scenario: Scenario, warmUpSeconds: number): DecisionTree {
  let count = 0;
  let root: Node = nodeAfter([]);

  function nodeAfter(before: readonly Reading[]): Node {
    count += 1;
    return { before, changes: [], read: undefined, end: undefined, next: new Map() };
  }

  /** Plays the release once more, as far as `last` and on from there. */
  function explore(last: Node): void {
    let node = root;
    let depth = 0;
    const note = (change: Endpoints | number) => {
      if (node.read === undefined && node.end === undefined) {
        node.changes.push(change);
      }
    };
    const end = playSimulated(model, scenario, warmUpSeconds, {
      setEndpoints: note,
      begin: note,
      read(read) {
        node.read ??= read;
        const reading = last.before[depth] ?? GOOD;
        depth += 1;
        node = follow(node, reading);
        return reading;
      },
    });
    node.end ??= end;
  }

  function follow(node: Node, reading: Reading): Node {
    const key = keyOf(reading);
    const found = node.next.get(key) ?? nodeAfter([...node.before, reading]);
    node.next.set(key, found);
    return found;
  }

  return {
    play(traffic) {
      if (count > MOST_NODES) {
        count = 0;
        root = nodeAfter([]);
      }
      let node = root;
      for (;;) {
        if (node.read === undefined && node.end === undefined) {
          explore(node);
        }
        for (const change of node.changes) {
          if (typeof change === 'number') {
            traffic.begin(change);
          } else {
            traffic.setEndpoints(change);
          }
        }
        if (node.read === undefined) {
          return node.end as ReleaseEnd;
        }
        const reading = traffic.read(node.read);
        node = node.next.get(keyOf(reading)) ?? follow(node, reading);
      }
    },
  };
}

/** All that the controller goes by: a value is only for people. */
function keyOf({ phase, message }: Reading): string {
  return message === undefined ? phase : `${phase} ${message}`;
}

function keyOfScenario(
  { outages, canary, stable, requestsPerSecond, routes }: Scenario,
  warmUpSeconds: number,
): string {
  const pods = [canary, stable].map(({ neverReady, crashesAtStart, crashesAfterRequests }) => [
    neverReady || crashesAtStart,
    // When a pod dies depends on how often it is asked.
    crashesAfterRequests === undefined ? undefined : [crashesAfterRequests, requestsPerSecond],
  ]);
  return JSON.stringify([outages, pods, warmUpSeconds, routes]);
}
