import type { Effort, Section } from './figure.ts';
import { sendRequests } from './load.ts';
import { startServer } from './server.ts';

const SCRAPES = 200;

/** Resident memory after many requests, and the time that a scrape takes then. */
export async function measureMemory({ requests, progress }: Effort): Promise<Section> {
  progress(`memory: ${requests} requests`);
  const server = await startServer('api/main.ts', '/readyz', { LOG_LEVEL: 'warn' });
  try {
    await sendRequests(`${server.url}/version`, Math.ceil(requests / 10));
    const before = server.memory();
    await sendRequests(`${server.url}/version`, requests);
    const after = server.memory();
    const times: number[] = [];
    let series = 0;
    for (let scrape = 0; scrape < SCRAPES; scrape += 1) {
      const startedAt = performance.now();
      const text = await (await fetch(`${server.url}/metrics`)).text();
      times.push(performance.now() - startedAt);
      series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    }
    const memory =
      before === undefined || after === undefined
        ? []
        : [
            { what: 'resident', unit: 'MB', values: [after.residentMegabytes], wanted: { atMost: 80 } },
            { what: 'of that its own, the rest being Node’s mapped binary', unit: 'MB', values: [after.ownMegabytes] },
            {
              what: 'growth since a tenth of the requests',
              unit: 'MB',
              values: [after.residentMegabytes - before.residentMegabytes],
            },
          ];
    return {
      title: 'Memory and scrapes',
      how: `After ${requests.toLocaleString('en')} requests; then ${SCRAPES} scrapes of all ${series} series.`,
      figures: [...memory, { what: '`GET /metrics`', unit: 'ms', values: times, wanted: { atMost: 2 } }],
    };
  } finally {
    await server.stop();
  }
}
