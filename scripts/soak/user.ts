import type { RecordableHistogram } from 'node:perf_hooks';
import type { Breaches } from './checks.ts';
import type { Ask, Client } from './client.ts';
import { type Ledger, noteWrite, type StoredItem } from './ledger.ts';
import { now, until } from './time.ts';

/** What all users together counted. */
export interface Service {
  sent: number;
  /** Of those sent: answered with 503 while the backend was down. */
  unavailable: number;
  lost: number;
  /** Of those lost: sent to an instance that was killed with SIGKILL. */
  lostWithKilled: number;
  /** Microseconds to each response while the backend was up. */
  readonly latency: RecordableHistogram;
}

/** What all users share. */
export interface UserSettings {
  /** Seconds between two requests of a user. */
  readonly periodSeconds: number;
  readonly ledger: Ledger;
  readonly service: Service;
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
  { periodSeconds, ledger, service, breaches, wasBackendAway }: UserSettings,
  begin: number,
  signal: AbortSignal,
): Promise<void> {
  let [items, writes] = [1, 0];
  let stored: number | undefined;

  /** The body of the response, or undefined if it did not have the expected status. */
  async function send(ask: Ask, expected: number): Promise<string | undefined> {
    const sentAt = now();
    const what = `${ask.method} ${ask.path}`;
    service.sent += 1;
    const answer = await client.send(ask);
    if ('lost' in answer) {
      service.lost += 1;
      if (answer.by?.signal === 'SIGKILL') {
        service.lostWithKilled += 1;
      } else {
        breaches.report('lost', `${what} to ${answer.by?.name ?? 'nobody'}: ${answer.lost}`);
      }
      return undefined;
    }
    const { status, body } = answer;
    const isAway = wasBackendAway(sentAt, now());
    if (!isAway) {
      service.latency.record(Math.max(1, Math.round((now() - sentAt) * 1e6)));
    }
    if (status === expected) {
      return body;
    }
    if (status === 503 && isAway) {
      service.unavailable += 1;
    } else {
      breaches.report('answers', `${what} answered ${status}, must be ${expected}: ${body.slice(0, 120)}`);
    }
    return undefined;
  }

  /** Writes the item; without a `quantity`, deletes it. An unconfirmed write may still happen: the user goes on with another item. */
  async function write(id: string, quantity: number | undefined): Promise<void> {
    const ask = { method: 'DELETE', path: `/api/items/${id}`, route: '/api/items/:id' } as const;
    const body = { name: `written by ${name}`, quantity };
    const [onNew, onKnown] = quantity === undefined ? [404, 204] : [201, 200];
    const isDone = await send(
      quantity === undefined ? ask : { ...ask, method: 'PUT', body },
      stored === undefined ? onNew : onKnown,
    );
    noteWrite(ledger, id, quantity, isDone !== undefined);
    items += Number(isDone === undefined);
    stored = isDone === undefined ? undefined : quantity;
  }

  function compare(path: string, seen: number | undefined): void {
    if (seen !== stored) {
      breaches.report('items', `${path} holds ${seen}, must be ${stored}`);
    }
  }

  async function act(action: (typeof ROUND)[number]): Promise<void> {
    const id = `${name}-${items}`;
    if (action === 'put' || action === 'delete') {
      writes += Number(action === 'put');
      await write(id, action === 'put' ? writes : undefined);
    } else if (action === 'get') {
      const path = `/api/items/${id}`;
      const body = await send({ method: 'GET', path, route: '/api/items/:id' }, stored === undefined ? 404 : 200);
      if (body !== undefined) {
        compare(path, (JSON.parse(body) as Partial<StoredItem>).quantity);
      }
    } else {
      const body = await send({ method: 'GET', path: action, route: action }, 200);
      if (body !== undefined && action === '/api/items') {
        const { items: list } = JSON.parse(body) as { readonly items: readonly StoredItem[] };
        compare(action, list.find((item) => item.id === id)?.quantity);
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
    await act(ROUND[turn % ROUND.length] ?? 'get');
    due = Math.max(due + periodSeconds, now());
  }
  client.leave();
}
