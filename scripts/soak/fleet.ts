import { get } from '../rehearsal/local/request.ts';
import type { Breaches } from './checks.ts';
import { differences, total } from './counts.ts';
import { DRAIN_SECONDS, type Instance, type InstanceSettings, startInstance } from './instance.ts';
import type { Reading } from './reading.ts';
import { isTrueBy, NEVER_SECONDS, now, until } from './time.ts';

export type Fleet = ReturnType<typeof createFleet>;

/** New connections still arrive for so long after SIGTERM: endpoints leave every node's rules a moment later. */
const ENDPOINT_LAG_SECONDS = 1;

/** The instances behind one Service. */
export function createFleet(settings: InstanceSettings, breaches: Breaches, signal: AbortSignal) {
  const all: Instance[] = [];
  const endpoints = new Set<Instance>();
  let [started, turn, counted] = [0, 0, 0];

  /** Starts one more, and sends clients to it when it is ready; `onKept` hears of the bytes that its heap keeps. */
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
      // What its start took of the event loop is read here, and so in no later reading.
      await instance.read();
      if (!hasExited()) {
        endpoints.add(instance);
      }
    } else if (!signal.aborted) {
      breaches.report('processes', `${name} was not ready within ${NEVER_SECONDS} s`);
    }
    return instance;
  }

  /** Compares the count of one that nobody asks any more with its clients', until they agree or it is `end`. */
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
    /** The next of those that new connections go to. */
    choose() {
      turn += 1;
      return [...endpoints][turn % endpoints.size];
    },
    /** Those that new connections go to, oldest first. */
    members: () => [...endpoints],
    /** Everything that was ever started. */
    all: (): readonly Instance[] => all,
    /** Ends one as Kubernetes does, and compares its last count with its clients'. */
    async retire(instance: Instance): Promise<void> {
      const { name, process: ended } = instance;
      const begin = now();
      instance.end('SIGTERM');
      await until(begin + ENDPOINT_LAG_SECONDS, signal);
      endpoints.delete(instance);
      // Its answers close their connections, so all soon leave; from then on its count stands, and can be read until the drain ends.
      await until(begin + DRAIN_SECONDS / 2, signal);
      await compareCount(instance, begin + DRAIN_SECONDS - 0.5);
      if (!(await isTrueBy(now() + NEVER_SECONDS, ended.hasExited, signal)) && !signal.aborted) {
        breaches.report('processes', `${name} had not ended ${NEVER_SECONDS} s after its drain`);
      }
    },
    compareCount,
    /** Answers that instances said they had counted, when they were last compared. */
    counted: () => counted,
  };
}
