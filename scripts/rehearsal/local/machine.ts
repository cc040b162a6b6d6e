import { createPodProcesses, type PodProcesses } from './pod-processes.ts';
import { createProcesses, type Processes } from './processes.ts';
import { createStorePool, type StorePool } from './stores.ts';

/** What the scenarios of one rehearsal share on this machine. */
export interface Machine {
  readonly processes: Processes;
  readonly pods: PodProcesses;
  readonly stores: StorePool;
  /** Ends all of it, and waits until it has ended. */
  readonly close: () => Promise<void>;
}

/** `backend` is a real store in place of an embedded one: redis://host:port, always with its port. */
export function createMachine(backend: URL | undefined): Machine {
  const processes = createProcesses();
  const stores = createStorePool(backend, processes);
  return {
    processes,
    pods: createPodProcesses(processes),
    stores,
    async close() {
      await processes.killAll();
      await stores.close();
    },
  };
}
