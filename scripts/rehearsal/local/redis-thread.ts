// A store in a thread of its own, so that work of the rehearsal's thread does not delay its responses: pods time out in
// wall-clock time.
import { parentPort, workerData } from 'node:worker_threads';
import { openGate } from './gate.ts';
import { createRedisStore } from './redis-store.ts';

const { port } = await openGate(createRedisStore(workerData));
parentPort?.postMessage(port);
// A listener on the parent's port keeps this thread alive; the server is unreferenced and does not.
parentPort?.on('message', () => undefined);
