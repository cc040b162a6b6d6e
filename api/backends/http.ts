import type { BackendConfig } from '../config.ts';
import type { Item } from '../item.ts';
import { type Backend, BackendError } from './backend.ts';
import { toBackendError } from './reason.ts';

const KIND = 'another instance of this API';

/** The parts of an instance's responses that are read here. */
interface Body {
  readonly items?: unknown;
  readonly checks?: { readonly backend?: { readonly ok: boolean; readonly id?: unknown } };
}

/** Another instance of this API stores the items. Its id is the one that its own store reports. */
export function createHttpBackend({ url, username, password, timeoutSeconds }: BackendConfig): Backend {
  const base = url.href.replace(/\/$/, '');
  const headers: Record<string, string> = { accept: 'application/json' };
  if (username !== undefined || password !== undefined) {
    headers.authorization = `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`;
  }

  async function send(method: string, path: string, item?: object): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: item === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(item !== undefined && { body: JSON.stringify(item) }),
        // A redirect could lead to a stranger. Its status is refused below.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      if (error instanceof DOMException) {
        throw new BackendError(`no answer within ${timeoutSeconds} s`, { cause: error });
      }
      throw toBackendError(error, KIND);
    }
  }

  /** Sends a request whose response must have one of these statuses; 200 and 201 must come with a JSON object. */
  async function call(method: string, path: string, statuses: readonly number[], item?: object) {
    const { status, text } = await send(method, path, item);
    const body = status === 200 || status === 201 ? parseObject(text) : {};
    if (!statuses.includes(status) || body === undefined) {
      throw new BackendError(`it answered ${status}, which ${KIND} does not`);
    }
    return { status, body };
  }

  return {
    address: base,
    check: async () => {
      const { status, body } = await call('GET', '/readyz', [200, 503]);
      const store = body.checks?.backend;
      if (status === 503) {
        throw new BackendError('the instance there is not ready itself');
      }
      if (store === undefined) {
        throw new BackendError(`it does not answer as ${KIND} does`);
      }
      if (!store.ok) {
        throw new BackendError('the instance there cannot use its own backend');
      }
      return typeof store.id === 'string' ? store.id : undefined;
    },
    list: async () => {
      const { body } = await call('GET', '/api/items', [200]);
      if (!Array.isArray(body.items)) {
        throw new BackendError(`it answered 200, which ${KIND} does not`);
      }
      return body.items;
    },
    get: async (id) => {
      const { status, body } = await call('GET', itemPath(id), [200, 404]);
      return status === 200 ? (body as Item) : undefined;
    },
    put: async ({ id, name, quantity }) =>
      (await call('PUT', itemPath(id), [200, 201], { name, quantity })).status === 201,
    delete: async (id) => (await call('DELETE', itemPath(id), [204, 404])).status === 204,
    close: async () => undefined,
  };
}

/** The path of an item. An id that parseItemId accepts is never one of these three, which would name another path. */
function itemPath(id: string): string {
  if (['', '.', '..'].includes(id)) {
    throw new BackendError('no path can name this id');
  }
  return `/api/items/${encodeURIComponent(id)}`;
}

function parseObject(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
