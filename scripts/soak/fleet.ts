import type { Processes } from '../rehearsal/local/processes.ts';
import { get } from '../rehearsal/local/request.ts';
import type { Breaches } from './checks.ts';
import { differences, total } from './counts.ts';
import { DRAIN_SECONDS, type Instance, startInstance } from './instance.ts';
import { differences as itemDifferences, type Ledger, type StoredItem } from './ledger.ts';
import type { Reading } from './reading.ts';
import { isTrueBy, NEVER_SECONDS, now, until } from './time.ts';

export type Fleet = ReturnType<typeof createFleet>;

/** How long new connections still arrive after SIGTERM: in Kubernetes, each node drops an endpoint a moment later. */
const ENDPOINT_LAG_SECONDS = 1;

/** The instances behind one Service, all with the same environment. */
export function createFleet(
  processes: Processes,
  env: Readonly<Record<string, string>>,
  breaches: Breaches,
  signal: AbortSignal,
) {
  const all: Instance[] = [];
  const endpoints = new Set<Instance>();
  let [started, turn, counted] = [0, 0, 0];

  /** Waits for what must happen, and reports what did not. */
  async function mustBe(isTrue: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
    if (!(await isTrueBy(now() + NEVER_SECONDS, isTrue, signal)) && !signal.aborted) {
      breaches.report('processes', `${otherwise} within ${NEVER_SECONDS} s`);
    }
  }

  /**
   * Compares what an instance counted with what its clients received, until both agree. Of one that ends, the last count that it gave is
   * compared: its clients may still have to read what it sent. No client may send any more.
   */
  async function compareCount(instance: Instance): Promise<void> {
    let last: Reading | undefined;
    const isEqual = async () => {
      last = (instance.process.hasExited() ? undefined : await instance.read()) ?? last;
      return last?.inFlight === 0 && differences(instance.answered, last.counted).length === 0;
    };
    const isCounted = await isTrueBy(now() + NEVER_SECONDS, isEqual, signal);
    counted += last === undefined ? 0 : total(last.counted);
    if (!isCounted && !signal.aborted) {
      const what = last === undefined ? 'could not be read' : differences(instance.answered, last.counted).join('; ');
      breaches.report('counted', `${instance.name}: ${what || 'requests are still in flight'}`);
    }
  }

  return {
    /** Starts an instance, which gets connections once it is ready. */
    async start(): Promise<Instance> {
      started += 1;
      const name = `api-${started}`;
      const instance = await startInstance(name, processes, env, (what) =>
        breaches.report('processes', `${name} ${what}`),
      );
      all.push(instance);
      const { hasExited, exited } = instance.process;
      void exited.then(() => endpoints.delete(instance));
      const isReady = async () =>
        hasExited() || (await get(instance.port, '/readyz', NEVER_SECONDS * 1000)).status === 200;
      await mustBe(isReady, `${name} was not ready`);
      // A scrape resets the delay of the event loop: later readings do not contain that of the start.
      if ((await instance.read()) !== undefined && !hasExited()) {
        endpoints.add(instance);
      }
      return instance;
    },
    /** The instance for the next new connection, each in turn; undefined if none is ready. */
    choose() {
      turn += 1;
      return [...endpoints][turn % endpoints.size];
    },
    /** The instances that get new connections, oldest first. */
    members: () => [...endpoints],
    /** Every instance that was ever started. */
    all: (): readonly Instance[] => all,
    /** Ends an instance as Kubernetes does, and compares its last count with that of its clients. */
    async retire(instance: Instance): Promise<void> {
      const begin = now();
      instance.end('SIGTERM');
      await until(begin + ENDPOINT_LAG_SECONDS, signal);
      endpoints.delete(instance);
      // During the drain each response closes its connection, so all clients soon leave. Its count can be read until the drain ends.
      await until(begin + DRAIN_SECONDS / 2, signal);
      await compareCount(instance);
      await mustBe(instance.process.hasExited, `${instance.name} had not ended after its drain`);
    },
    /** Resolves when every instance has found its backend again. */
    reconnect: () =>
      mustBe(async () => {
        const all = await Promise.all([...endpoints].map(({ port }) => get(port, '/readyz', NEVER_SECONDS * 1000)));
        return all.every(({ body }) => /"ok":true/.test(body));
      }, 'not every instance found its backend again'),
    /** After the load: compares the last counts and the items that each instance lists, and ends all as Ctrl-C does, without a drain. */
    async endAll(ledger: Ledger): Promise<void> {
      await Promise.all(
        [...endpoints].map(async (instance) => {
          await compareCount(instance);
          const { status, body } = await get(instance.port, '/api/items', NEVER_SECONDS * 1000);
          const problems =
            status === 200
              ? itemDifferences(ledger, (JSON.parse(body) as { items: readonly StoredItem[] }).items)
              : [`${instance.name} answered ${status}`];
          for (const problem of problems) {
            breaches.report('items', problem);
          }
          instance.end('SIGINT');
          await mustBe(instance.process.hasExited, `${instance.name} had not ended after SIGINT`);
        }),
      );
    },
    /** The sum of the responses that the instances had counted when they were compared. */
    counted: () => counted,
  };
}
