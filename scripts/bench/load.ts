import autocannon from 'autocannon';

const CONNECTIONS = 64;

/** Requests a second that a URL answers on 64 keep-alive connections, measured for `seconds`. */
export async function requestsPerSecond(url: string, seconds: number): Promise<number> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds });
  throwOnFailures(result);
  return result.requests.total / result.duration;
}

/** Sends exactly this many requests. */
export async function sendRequests(url: string, amount: number): Promise<void> {
  throwOnFailures(await autocannon({ url, connections: CONNECTIONS, amount }));
}

/** Throws if any request failed: a rate that counts failures says nothing. */
function throwOnFailures({ errors, timeouts, non2xx }: autocannon.Result): void {
  if (errors + timeouts + non2xx > 0) {
    throw new Error(`${errors} errors, ${timeouts} timeouts, ${non2xx} not 2xx`);
  }
}
