import type { Breaches } from './checks.ts';
import type { Ask, Client } from './client.ts';
import { type Ledger, noteWrite, type StoredItem } from './ledger.ts';
import { now, until } from './time.ts';

/** What all clients together counted. */
export interface Sent {
  /** Requests whose sender waits for the answer. */
  asked: number;
  /** Of those: answered with 503 while the backend was down. */
  unavailable: number;
  hostile: number;
}

/** What all users share. */
export interface UserSettings {
  /** Seconds between two requests of a user. */
  readonly periodSeconds: number;
  readonly ledger: Ledger;
  readonly sent: Sent;
  readonly breaches: Breaches;
  readonly wasBackendAway: (from: number, to: number) => boolean;
}

/** What a user does over and over: every kind of request that the API serves, writes and reads of its own item in turn. */
const ROUND = ['put', 'get', '/version', 'put', 'get', '/', 'put', '/api/items', 'delete', 'get'] as const;

/**
 * Sends one request a period until the signal is aborted, and checks that it reads what the service confirmed as written.
 * `begin`: the time of the first request, in seconds.
 */
export async function runUser(
  name: string,
  client: Client,
  { periodSeconds, ledger, sent, breaches, wasBackendAway }: UserSettings,
  begin: number,
  signal: AbortSignal,
): Promise<void> {
  let [items, writes] = [1, 0];
  let stored: number | undefined;

  /** The body of the response, or undefined if it did not have the expected status. */
  async function send(ask: Ask, expected: number): Promise<string | undefined> {
    const sentAt = now();
    const what = `${ask.method} ${ask.path}`;
    sent.asked += 1;
    const answer = await client.send(ask);
    if ('lost' in answer) {
      if (answer.by?.signal !== 'SIGKILL') {
        breaches.report('lost', `${what} to ${answer.by?.name ?? 'nobody'}: ${answer.lost}`);
      }
    } else if (answer.status === expected) {
      return answer.body;
    } else if (answer.status === 503 && wasBackendAway(sentAt, now())) {
      sent.unavailable += 1;
    } else {
      breaches.report(
        'answers',
        `${what} answered ${answer.status}, must be ${expected}: ${answer.body.slice(0, 120)}`,
      );
    }
    return undefined;
  }

  /** Writes the item; without a `quantity`, deletes it. An unconfirmed write may still happen: the user goes on with another item. */
  async function write(id: string, quantity: number | undefined): Promise<void> {
    const path = `/api/items/${id}`;
    const body = await (quantity === undefined
      ? send({ method: 'DELETE', path }, stored === undefined ? 404 : 204)
      : send(
          { method: 'PUT', path, body: { name: `written by ${name}`, quantity } },
          stored === undefined ? 201 : 200,
        ));
    noteWrite(ledger, id, quantity, body !== undefined);
    items += Number(body === undefined);
    stored = body === undefined ? undefined : quantity;
  }

  /** Reads the item itself, the list of all, or a path without items. */
  async function read(path: string, id: string): Promise<void> {
    const isItem = path.endsWith(id);
    const body = await send({ method: 'GET', path }, isItem && stored === undefined ? 404 : 200);
    if (body !== undefined && path.startsWith('/api/items')) {
      const found = JSON.parse(body) as Partial<StoredItem> & { readonly items?: readonly StoredItem[] };
      const seen = (isItem ? found : found.items?.find((item) => item.id === id))?.quantity;
      if (seen !== stored) {
        breaches.report('items', `${path} holds ${seen}, must be ${stored}`);
      }
    }
  }

  // After a slow response, a user does not send faster to catch up.
  let due = begin;
  for (let turn = 0; ; turn += 1) {
    await until(due, signal);
    if (signal.aborted) {
      break;
    }
    const id = `${name}-${items}`;
    const action = ROUND[turn % ROUND.length] ?? 'get';
    if (action === 'put' || action === 'delete') {
      writes += Number(action === 'put');
      await write(id, action === 'put' ? writes : undefined);
    } else {
      await read(action === 'get' ? `/api/items/${id}` : action, id);
    }
    due = Math.max(due + periodSeconds, now());
  }
  client.leave();
}
