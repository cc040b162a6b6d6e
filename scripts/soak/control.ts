import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** An event loop with a small known load, in a thread of its own: when it is late, the machine is too slow, not the service. */
export interface Control {
  /** The 99th percentile of its delay since the last call, in seconds. */
  readonly p99Seconds: () => Promise<number>;
  readonly close: () => Promise<unknown>;
}

/**
 * As busy as an instance under the soak's load: 1 ms of work every 10 ms. The system wakes an idle thread before busy ones, so an
 * idle one would be on time when no instance can be. Measured as prom-client measures `nodejs_eventloop_lag_p99_seconds`.
 */
const BUSY_THREAD = `
  const histogram = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 10 });
  histogram.enable();
  setInterval(() => {
    const end = performance.now() + 1;
    while (performance.now() < end);
  }, 10);
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', () => {
    parentPort.postMessage(histogram.percentile(99) / 1e9);
    histogram.reset();
  });
`;

export function startControl(): Control {
  const worker = new Worker(BUSY_THREAD, { eval: true });
  return {
    async p99Seconds() {
      worker.postMessage('read');
      const [seconds] = await once(worker, 'message');
      return seconds as number;
    },
    close: () => worker.terminate(),
  };
}
