import { readFileSync } from 'node:fs';
import type { Effort, Figure, Section } from './figure.ts';
import { load } from './load.ts';
import { startServer } from './server.ts';

const SCRAPES = 200;

/** Resident memory after many requests, and the time that a scrape takes then. */
export async function measureMemory({ requests, progress }: Effort): Promise<Section> {
  progress(`memory: ${requests} requests`);
  const server = await startServer('api/main.ts', '/readyz', { LOG_LEVEL: 'warn' });
  try {
    const isKnown = process.platform === 'linux';
    await load(`${server.url}/version`, { amount: Math.ceil(requests / 10) });
    const before = isKnown ? megabytes(server.pid, 'VmRSS') : 0;
    await load(`${server.url}/version`, { amount: requests });
    const values: number[] = [];
    let series = 0;
    const resident = isKnown ? residentFigures(server.pid, before) : [];
    for (let scrape = 0; scrape < SCRAPES; scrape += 1) {
      const startedAt = performance.now();
      const text = await (await fetch(`${server.url}/metrics`)).text();
      values.push(performance.now() - startedAt);
      series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    }
    return {
      title: 'Memory and scrapes',
      how: `After ${requests.toLocaleString('en')} requests; then ${SCRAPES} scrapes of all ${series} series.`,
      figures: [...resident, { what: '`GET /metrics`', unit: 'ms', values, wanted: { atMost: 2 } }],
    };
  } finally {
    await server.stop();
  }
}

function residentFigures(pid: number | undefined, before: number): readonly Figure[] {
  const resident = megabytes(pid, 'VmRSS');
  const own = megabytes(pid, 'RssAnon');
  return [
    { what: 'resident', unit: 'MB', values: [resident], wanted: { atMost: 80 } },
    { what: 'of that its own, the rest being Node’s mapped binary', unit: 'MB', values: [own] },
    { what: 'growth since a tenth of the requests', unit: 'MB', values: [resident - before] },
  ];
}

/** A field of `man 5 proc`'s status, which Linux gives in kB. */
function megabytes(pid: number | undefined, field: 'VmRSS' | 'RssAnon'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1000;
}
