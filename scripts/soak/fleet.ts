import { get } from '../rehearsal/local/request.ts';
import type { Breaches } from './checks.ts';
import { differences, total } from './counts.ts';
import { DRAIN_SECONDS, type Instance, type InstanceSettings, startInstance } from './instance.ts';
import type { Reading } from './reading.ts';
import { isTrueBy, NEVER_SECONDS, now, until } from './time.ts';

export type Fleet = ReturnType<typeof createFleet>;

/** How long new connections still arrive after SIGTERM: in Kubernetes, each node drops an endpoint a moment later. */
const ENDPOINT_LAG_SECONDS = 1;

/** The instances behind one Service. */
export function createFleet(settings: InstanceSettings, breaches: Breaches, signal: AbortSignal) {
  const all: Instance[] = [];
  const endpoints = new Set<Instance>();
  let [started, turn, counted] = [0, 0, 0];

  /** Starts an instance, which gets connections once it is ready; `onKept` receives the bytes that its heap keeps. */
  async function start(onKept?: (bytes: number) => void): Promise<Instance> {
    started += 1;
    const name = `api-${started}`;
    const onComplaint = (what: string) => breaches.report('processes', `${name} ${what}`);
    const instance = await startInstance(name, settings, onComplaint, onKept);
    all.push(instance);
    const { hasExited, exited } = instance.process;
    void exited.then(() => endpoints.delete(instance));
    const isReady = async () => hasExited() || (await get(instance.port, '/readyz', 1000)).status === 200;
    if (await isTrueBy(now() + NEVER_SECONDS, isReady, signal)) {
      // A scrape resets the delay of the event loop: later readings do not contain that of the start.
      await instance.read();
      if (!hasExited()) {
        endpoints.add(instance);
      }
    } else if (!signal.aborted) {
      breaches.report('processes', `${name} was not ready within ${NEVER_SECONDS} s`);
    }
    return instance;
  }

  /** Compares what an instance counted with what its clients received, until both agree or it is `end`. No client may still send. */
  async function compareCount(instance: Instance, end: number): Promise<void> {
    let last: Reading | undefined;
    const isEqual = async () => {
      const reading = instance.process.hasExited() ? undefined : await instance.read();
      last = reading ?? last;
      return reading?.inFlight === 0 && differences(instance.answered, reading.counted).length === 0;
    };
    const isCounted = await isTrueBy(end, isEqual, signal);
    counted += last === undefined ? 0 : total(last.counted);
    if (!isCounted && !signal.aborted) {
      const what = last === undefined ? 'could not be read' : differences(instance.answered, last.counted).join('; ');
      breaches.report('counted', `${instance.name}: ${what || 'requests are still in flight'}`);
    }
  }

  return {
    start,
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
      const { name, process: ended } = instance;
      const begin = now();
      instance.end('SIGTERM');
      await until(begin + ENDPOINT_LAG_SECONDS, signal);
      endpoints.delete(instance);
      // During the drain each response closes its connection, so all clients soon leave. Its count can be read until the drain ends.
      await until(begin + DRAIN_SECONDS / 2, signal);
      await compareCount(instance, begin + DRAIN_SECONDS - 0.5);
      if (!(await isTrueBy(now() + NEVER_SECONDS, ended.hasExited, signal)) && !signal.aborted) {
        breaches.report('processes', `${name} had not ended ${NEVER_SECONDS} s after its drain`);
      }
    },
    compareCount,
    /** The sum of the responses that the instances had counted when they were compared. */
    counted: () => counted,
  };
}
