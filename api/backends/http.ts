import type { BackendConfig } from '../config.ts';
import type { Item } from '../item.ts';
import { type Backend, BackendError } from './backend.ts';
import { toBackendError } from './reason.ts';

/** Another instance of this API stores the items. Its id is the one its own store reports. */
export function createHttpBackend({ url, username, password, timeoutSeconds }: BackendConfig): Backend {
  const base = url.href.replace(/\/$/, '');
  const headers: Record<string, string> = { accept: 'application/json' };
  if (username !== undefined || password !== undefined) {
    headers.authorization = `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`;
  }

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // A redirect could lead to a stranger: it is an answer that makes no sense here.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : parseJson(text) };
    } catch (error) {
      if (error instanceof DOMException) {
        throw new BackendError(`no answer within ${timeoutSeconds} s`, { cause: error });
      }
      throw toBackendError(error, 'another instance of this API');
    }
  }

  async function item(id: string): Promise<Item | undefined> {
    const answer = await call('GET', itemPath(id));
    return answer.status === 404 ? undefined : expectBody<Item>(answer, 200);
  }

  return {
    address: base,
    check: async () => {
      const answer = await call('GET', '/readyz');
      if (answer.status === 503) {
        throw new BackendError('the instance there is not ready itself');
      }
      const { checks } = expectBody<Readyz>(answer, 200);
      if (checks?.backend === undefined) {
        throw new BackendError('it does not answer as another instance of this API does');
      }
      if (!checks.backend.ok) {
        throw new BackendError('the instance there cannot use its own backend');
      }
      const { id } = checks.backend;
      return typeof id === 'string' ? id : undefined;
    },
    list: async () => {
      const answer = await call('GET', '/api/items');
      const { items } = expectBody<{ items: readonly Item[] }>(answer, 200);
      if (!Array.isArray(items)) {
        throw unexpected(answer);
      }
      return items;
    },
    get: item,
    put: async ({ id, name, quantity }) => {
      const answer = await call('PUT', itemPath(id), { name, quantity });
      expectBody(answer, answer.status === 200 ? 200 : 201);
      return answer.status === 201;
    },
    delete: async (id) => {
      const answer = await call('DELETE', itemPath(id));
      if (answer.status !== 204 && answer.status !== 404) {
        throw unexpected(answer);
      }
      return answer.status === 204;
    },
    close: async () => undefined,
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The part of an instance's `/readyz` that says who its store is. */
interface Readyz {
  readonly checks?: { readonly backend?: { readonly ok: boolean; readonly id?: unknown } };
}

/** The path of one item. The rule for ids (item.ts) lets none of the three by; were it loosened, they would ask for other paths. */
function itemPath(id: string): string {
  if (['', '.', '..'].includes(id)) {
    throw new BackendError('no path can name this id');
  }
  return `/api/items/${encodeURIComponent(id)}`;
}

function expectBody<T extends object>(answer: Answer, status: number): T {
  if (answer.status === status && typeof answer.body === 'object' && answer.body !== null) {
    return answer.body as T;
  }
  throw unexpected(answer);
}

function unexpected({ status }: Answer): BackendError {
  return new BackendError(`it answered ${status}, which another instance of this API does not`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
