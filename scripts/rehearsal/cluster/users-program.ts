// Runs inside the cluster: `node users.mts http://sample-api:80/api/items 100`. It is mounted into a pod on its own, so it
// imports nothing but Node.
import { lookup } from 'node:dns/promises';
import { get, type IncomingMessage } from 'node:http';

/** Longer than the default deadline of the API (10 s), so that its own 503 is counted. */
const TIMEOUT_MILLISECONDS = 15_000;

const { hostname, port, pathname, search, host } = new URL(process.argv[2] ?? '');
const requestsPerSecond = Number(process.argv[3]);

/** Requests that ended since the last line, by status code; `refused`, `late` or `broken` without a complete response. */
let codes: Record<string, number> = {};
let address = hostname;

/** Sends one request on a new connection: a kept-alive one would always reach the same pod. */
function visit(): void {
  let response: IncomingMessage | undefined;
  let failure = 'broken';
  const request = get({ host: address, port: port || 80, path: pathname + search, headers: { host }, agent: false });
  request.setTimeout(TIMEOUT_MILLISECONDS, () => {
    failure = 'late';
    request.destroy();
  });
  request.on('response', (begun) => {
    response = begun.resume();
  });
  request.on('error', ({ code }: NodeJS.ErrnoException) => {
    failure = code === 'ECONNREFUSED' ? 'refused' : failure;
  });
  request.on('close', () => {
    const code = response?.complete ? String(response.statusCode) : failure;
    codes[code] = (codes[code] ?? 0) + 1;
  });
}

/** Called once a second, not for every request, to spare the name server. When it fails, the last address stays. */
async function resolveAddress(): Promise<void> {
  address = await lookup(hostname).then(
    (found) => found.address,
    () => address,
  );
}

const began = performance.now();
let [sent, second] = [0, 0];
await resolveAddress();
setInterval(() => {
  const due = Math.floor(((performance.now() - began) / 1000) * requestsPerSecond);
  // After a stall, drop what is overdue by more than a tenth of a second instead of sending it in one burst.
  sent = Math.max(sent, due - Math.ceil(requestsPerSecond / 10));
  for (; sent < due; sent += 1) {
    visit();
  }
  if (performance.now() - began >= (second + 1) * 1000) {
    second += 1;
    console.log(JSON.stringify({ second, codes }));
    codes = {};
    void resolveAddress();
  }
}, 5);
