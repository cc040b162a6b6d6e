import type { Breaches } from './checks.ts';
import { createClient } from './client.ts';
import type { Fleet } from './fleet.ts';
import { runHostile } from './hostile.ts';
import type { Ledger } from './ledger.ts';
import type { Redis } from './redis.ts';
import { now } from './time.ts';
import { runUser, type Sent } from './user.ts';

/**
 * The clients and their rates, which leave half of two cores idle: an event loop that is late then is the service's fault. 200 users
 * have connections that carry 40 requests each, in 20 seconds; 50 open a connection for each request.
 */
const [USERS, KEPT_USERS, KEPT_REQUESTS] = [250, 200, 40];
/** Seconds between two requests of a user: 500 a second in all. */
const PERIOD_SECONDS = 0.5;

/** Lets all clients send until the signal is aborted, and resolves when the last request has ended. */
export async function runLoad(
  { choose }: Fleet,
  { wasAway }: Redis,
  { ledger, sent, breaches }: { readonly ledger: Ledger; readonly sent: Sent; readonly breaches: Breaches },
  signal: AbortSignal,
): Promise<void> {
  const begin = now();
  const common = { periodSeconds: PERIOD_SECONDS, ledger, sent, breaches, wasBackendAway: wasAway };
  const user = (index: number) => {
    const client = createClient(choose, index < KEPT_USERS ? KEPT_REQUESTS : 1);
    // The first requests are spread over one period, so that users do not send all at once.
    return runUser(`user-${index + 1}`, client, common, begin + (index / USERS) * PERIOD_SECONDS, signal);
  };
  const users = Array.from({ length: USERS }, (_, index) => user(index));
  await Promise.all([...users, runHostile(choose, sent, breaches, signal)]);
}
