import { createPodProcesses, type PodProcesses } from './pod-processes.ts';
import { createProcesses, type Processes } from './processes.ts';
import { createStorePool, type StorePool } from './stores.ts';

/** Processes and stores that all scenarios of one rehearsal share. */
export interface Machine {
  readonly processes: Processes;
  readonly pods: PodProcesses;
  readonly stores: StorePool;
  /** Kills all processes, closes the stores, and resolves when that is done. */
  readonly close: () => Promise<void>;
}

/** `backend` is a running store to use in place of an embedded one: `redis://host:port`; the port must be given. */
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
