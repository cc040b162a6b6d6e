// A store in a thread of its own: a pod's timeout for its backend is wall-clock time, and the rehearsal's own work must not use it up.
import { parentPort, workerData } from 'node:worker_threads';
import { openGate } from './gate.ts';
import { createRedisStore } from './redis-store.ts';

const { port } = await openGate(createRedisStore(workerData));
parentPort?.postMessage(port);
// The server alone keeps no thread alive.
parentPort?.on('message', () => undefined);
