import autocannon from 'autocannon';

/**
 * Loads a URL on 64 keep-alive connections for `duration` seconds, or with `amount` requests, and returns the requests answered a
 * second. Throws if any failed: a rate that counts failures says nothing.
 */
export async function load(url: string, how: { readonly duration: number } | { readonly amount: number }) {
  const { errors, timeouts, non2xx, requests, duration } = await autocannon({ url, connections: 64, ...how });
  if (errors + timeouts + non2xx > 0) {
    throw new Error(`${errors} errors, ${timeouts} timeouts, ${non2xx} not 2xx`);
  }
  return requests.total / duration;
}
