import type { ReleaseEnd } from '../record.ts';
import type { Reading } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import type { Model } from './model.ts';
import { type Endpoints, playSimulated, type Read, type Traffic } from './simulated-release.ts';

/** What happens after one read, and which read is next; at a leaf, how the release ends. */
interface Node {
  /** Results of the reads before it, oldest first. */
  readonly before: readonly Reading[];
  /** In order: new endpoints, or the time at which the release begins, in seconds since the epoch. */
  readonly changes: (Endpoints | number)[];
  read: Read | undefined;
  end: ReleaseEnd | undefined;
  /** The following node for each result of `read`; keys are made by `keyOf`. */
  readonly next: Map<string, Node>;
}

/**
 * Plays releases of a workload. What controller and pods do depends only on the results of reads, so it is played once for each
 * sequence of results and kept; a later release with the same results simulates only its own users.
 */
export interface DecisionTree {
  readonly play: (traffic: Traffic) => ReleaseEnd;
}

/** Cache bound, more than a usual gate needs; when exceeded, the tree is cleared. */
const MOST_NODES = 20_000;
/** While new nodes are explored, every read is assumed to have this result. */
const GOOD: Reading = { phase: 'Successful' };

const known = new WeakMap<Model, Map<string, DecisionTree>>();

/** The tree that scenarios share when they differ only in users and in how requests end, which changes only results of reads. */
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

  /** Plays controller and pods with the results that lead to `last`, then with `GOOD` ones, and keeps the new nodes. */
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

/** The parts of a result that the controller uses; it does not look at the measured value. */
function keyOf({ phase, message }: Reading): string {
  return message === undefined ? phase : `${phase} ${message}`;
}

function keyOfScenario(
  { outages, canary, stable, requestsPerSecond, routes }: Scenario,
  warmUpSeconds: number,
): string {
  const pods = [canary, stable].map(({ neverReady, crashesAtStart, crashesAfterRequests }) => [
    neverReady || crashesAtStart,
    // When such a pod crashes depends on the rate of requests.
    crashesAfterRequests === undefined ? undefined : [crashesAfterRequests, requestsPerSecond],
  ]);
  return JSON.stringify([outages, pods, warmUpSeconds, routes]);
}
