import type { RecordableHistogram } from 'node:perf_hooks';
import type { Breaches } from './breaches.ts';
import type { Clock } from './clock.ts';
import type { Ledger, StoredItem } from './ledger.ts';
import type { Answer, Ask, Visitor } from './visitor.ts';

/** How the users fared, all together. */
export interface Fares {
  sent: number;
  answered: number;
  /** Of those answered: 503 while the backend was away. */
  unavailable: number;
  lost: number;
  /** Of those lost: with an instance that was killed. */
  lostWithKilled: number;
  /** Microseconds, of every answer while the backend was there. */
  readonly latency: RecordableHistogram;
}

interface UserSettings {
  readonly name: string;
  readonly visitor: Visitor;
  readonly clock: Clock;
  readonly periodSeconds: number;
  /** Seconds after the begin: so that users do not ask in step. */
  readonly offsetSeconds: number;
  readonly ledger: Ledger;
  readonly fares: Fares;
  readonly breaches: Breaches;
  readonly wasBackendAway: (from: number, to: number) => boolean;
}

/** What a user does over and over: every kind of request that the API serves, writes and reads of its own item in turn. */
const ROUND = ['put', 'get', 'version', 'put', 'get', 'root', 'put', 'list', 'delete', 'get'] as const;

const ITEM = '/api/items/:id';

/** Asks once a period until the signal; what it reads must be what it was told it had written. */
export async function runUser(settings: UserSettings, signal: AbortSignal): Promise<void> {
  const { name, visitor, clock, periodSeconds, offsetSeconds, ledger, fares, breaches, wasBackendAway } = settings;
  let [items, writes] = [1, 0];
  let stored: number | undefined;
  const begin = clock.now();

  async function send(ask: Ask, expected: number): Promise<string | undefined> {
    const sentAt = clock.now();
    fares.sent += 1;
    const answer = await visitor.send(ask);
    judge(answer, ask, expected, sentAt);
    return 'status' in answer && answer.status === expected ? answer.body : undefined;
  }

  function judge(answer: Answer, { method, path }: Ask, expected: number, sentAt: number): void {
    if ('lost' in answer) {
      fares.lost += 1;
      if (answer.by?.wasKilled()) {
        fares.lostWithKilled += 1;
      } else {
        breaches.report('lost', `${method} ${path} to ${answer.by?.name ?? 'nobody'}: ${answer.lost}`);
      }
      return;
    }
    fares.answered += 1;
    const isAway = wasBackendAway(sentAt, clock.now());
    if (!isAway) {
      fares.latency.record(Math.max(1, Math.round((clock.now() - sentAt) * 1e6)));
    }
    if (answer.status === 503 && isAway) {
      fares.unavailable += 1;
    } else if (answer.status !== expected) {
      breaches.report(
        'answers',
        `${method} ${path} answered ${answer.status}, must be ${expected}: ${answer.body.slice(0, 120)}`,
      );
    }
  }

  /** Writes, or doubts: after a doubt the user goes on with another item, so that a late write can spoil nothing. */
  async function write(ask: Ask, expected: number, quantity: number | undefined): Promise<void> {
    if ((await send(ask, expected)) !== undefined) {
      ledger.acknowledge(ask.path.slice('/api/items/'.length), quantity);
      stored = quantity;
    } else {
      ledger.doubt(ask.path.slice('/api/items/'.length), quantity);
      items += 1;
      stored = undefined;
    }
  }

  function compare(path: string, seen: number | undefined): void {
    if (seen !== stored) {
      breaches.report('items', `${path} holds ${seen}, must be ${stored}`);
    }
  }

  async function act(action: (typeof ROUND)[number]): Promise<void> {
    const id = `${name}-${items}`;
    const path = `/api/items/${id}`;
    switch (action) {
      case 'put': {
        writes += 1;
        const body = { name: `written by ${name} at ${clock.now().toFixed(1)} s`, quantity: writes };
        return write({ method: 'PUT', path, route: ITEM, body }, stored === undefined ? 201 : 200, writes);
      }
      case 'delete':
        return write({ method: 'DELETE', path, route: ITEM }, stored === undefined ? 404 : 204, undefined);
      case 'get': {
        const body = await send({ method: 'GET', path, route: ITEM }, stored === undefined ? 404 : 200);
        return body === undefined ? undefined : compare(path, (JSON.parse(body) as Partial<StoredItem>).quantity);
      }
      case 'list': {
        const body = await send({ method: 'GET', path: '/api/items', route: '/api/items' }, 200);
        const list = body === undefined ? undefined : (JSON.parse(body) as { items: readonly StoredItem[] }).items;
        return list && compare(path, list.find((item) => item.id === id)?.quantity);
      }
      case 'version':
        return void (await send({ method: 'GET', path: '/version', route: '/version' }, 200));
      case 'root':
        return void (await send({ method: 'GET', path: '/', route: '/' }, 200));
      default:
        return action satisfies never;
    }
  }

  // A user who was kept waiting does not ask twice as fast afterwards.
  let due = begin + offsetSeconds;
  for (let turn = 0; ; turn += 1) {
    await clock.until(due, signal);
    if (signal.aborted) {
      break;
    }
    await act(ROUND[turn % ROUND.length] ?? 'get');
    due = Math.max(due + periodSeconds, clock.now());
  }
  visitor.leave();
}
