// Runs inside the cluster: `node users.mts http://sample-api:80/api/items 100`. It is mounted into a pod on its own, so it
// imports nothing but Node.
import { lookup } from 'node:dns/promises';
import { Agent, request } from 'node:http';

/** Longer than any app here waits for itself. */
const PATIENCE_MILLISECONDS = 15_000;

const url = new URL(process.argv[2] ?? '');
const requestsPerSecond = Number(process.argv[3]);
const agent = new Agent({ keepAlive: false });

/** Requests that ended since the last line: by status code; without a whole answer `refused`, `late` or `broken`. */
let codes: Record<string, number> = {};
let address = url.hostname;

function count(code: string): void {
  codes[code] = (codes[code] ?? 0) + 1;
}

/** One user, on a connection of its own: a connection that is kept stays with the pod that it met first. */
function visit(): void {
  let isOver = false;
  let unanswered = 'broken';
  const end = (code: string) => {
    if (!isOver) {
      isOver = true;
      count(code);
    }
  };
  const { port, pathname, search, host } = url;
  const visited = request(
    { host: address, port: port || 80, path: pathname + search, headers: { host }, agent },
    (response) => {
      response.on('end', () => end(String(response.statusCode)));
      response.on('error', () => end(unanswered));
      response.resume();
    },
  );
  visited.setTimeout(PATIENCE_MILLISECONDS, () => {
    unanswered = 'late';
    visited.destroy();
  });
  visited.on('error', ({ code }: NodeJS.ErrnoException) => end(code === 'ECONNREFUSED' ? 'refused' : unanswered));
  visited.on('close', () => end(unanswered));
  visited.end();
}

/** Asked once a second and not for every user: the name server is not what is rehearsed. */
async function resolveAddress(): Promise<void> {
  address = await lookup(url.hostname).then(
    (found) => found.address,
    () => address,
  );
}

const began = performance.now();
let [sent, second] = [0, 0];
await resolveAddress();
setInterval(() => {
  const due = Math.floor(((performance.now() - began) / 1000) * requestsPerSecond);
  // A stall is not made up for in one burst.
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
