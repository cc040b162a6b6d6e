// Runs inside the cluster: `node program.ts http://sample-api:80/api/items 100`. It is mounted into a pod beside `visit.ts` alone.
import { lookup } from 'node:dns/promises';
import { visit } from './visit.ts';

const { hostname, port, pathname, search, host } = new URL(process.argv[2] ?? '');
const requestsPerSecond = Number(process.argv[3]);

/** Requests that have ended, by how they ended. */
const ends: Record<string, number> = {};
let address = hostname;

async function send(): Promise<void> {
  const end = await visit(address, Number(port || 80), pathname + search, host);
  ends[end] = (ends[end] ?? 0) + 1;
}

/** Called once a second, not for every request, to spare the name server. When it fails, the last address stays. */
async function resolveAddress(): Promise<void> {
  address = await lookup(hostname).then(
    (found) => found.address,
    () => address,
  );
}

const began = performance.now();
let sent = 0;
await resolveAddress();
setInterval(() => {
  const due = Math.floor(((performance.now() - began) / 1000) * requestsPerSecond);
  // After a stall, drop what is overdue by more than a tenth of a second instead of sending it in one burst.
  sent = Math.max(sent, due - Math.ceil(requestsPerSecond / 10));
  for (; sent < due; sent += 1) {
    void send();
  }
}, 5);
setInterval(() => {
  console.log(JSON.stringify(ends));
  void resolveAddress();
}, 1000);
