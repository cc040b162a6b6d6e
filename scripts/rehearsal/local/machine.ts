import { createPodProcesses } from './pod-processes.ts';
import { createProcesses } from './processes.ts';
import { createStorePool } from './stores.ts';

/** Processes and stores that all scenarios of one rehearsal share. */
export type Machine = ReturnType<typeof createMachine>;

/** `backend` is a running store to use in place of an embedded one: `redis://host:port`; the port must be given. */
export function createMachine(backend: URL | undefined) {
  const processes = createProcesses();
  const stores = createStorePool(backend, processes);
  return {
    processes,
    pods: createPodProcesses(processes),
    stores,
    /** Kills all processes, closes the stores, and resolves when that is done. */
    async close(): Promise<void> {
      await processes.killAll();
      await stores.close();
    },
  };
}
