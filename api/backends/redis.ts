import { createClient } from 'redis';
import type { BackendConfig } from '../config.ts';
import type { Item } from '../item.ts';
import { type Backend, BackendError, within } from './backend.ts';
import { toBackendError } from './reason.ts';

/** The key with the id of this Redis; written by whoever runs it, never by this API. */
const ID_KEY = 'backend-id';
/** One hash: field = item id, value = the item as JSON. */
const ITEMS_KEY = 'items';
const KIND = 'a Redis server';
/** A failed attempt to connect is reported to all requests for this long, so that a dead Redis does not get an attempt for each. */
const RETRY_SECONDS = 0.1;

/**
 * One connection, made when it is first needed and again after it was lost. The client's own reconnecting is off: it retries in the
 * background for ever, and its queue keeps commands of requests that have ended.
 */
export function createRedisBackend(config: BackendConfig): Backend {
  const { url, timeoutSeconds } = config;
  let connection: Promise<Client> | undefined;

  function connect(): Promise<Client> {
    const client = createRedisClient(config);
    let firstError: unknown;
    client.on('error', (error) => {
      firstError ??= error;
    });
    const attempt = within(timeoutSeconds, client.connect()).then(
      () => client,
      (error: unknown) => {
        if (client.isOpen) {
          client.destroy();
        }
        setTimeout(() => forget(attempt), RETRY_SECONDS * 1000).unref();
        // The first error has the reason; a later one may only be "closed unexpectedly".
        throw toBackendError(firstError ?? error, KIND);
      },
    );
    connection = attempt;
    return attempt;
  }

  function forget(attempt: Promise<Client>): void {
    if (connection === attempt) {
      connection = undefined;
    }
  }

  /** The connection, made anew if it was lost since it was last used. */
  async function connected(): Promise<Client> {
    const attempt = connection ?? connect();
    const client = await attempt;
    if (client.isReady) {
      return client;
    }
    forget(attempt);
    return connection ?? connect();
  }

  async function ask<T>(command: (client: Client) => Promise<T>): Promise<T> {
    const client = await connected();
    try {
      return await within(timeoutSeconds, command(client));
    } catch (error) {
      if (!client.isReady) {
        throw new BackendError('the connection was lost', { cause: error });
      }
      // A connection that did not answer in time is not used again.
      if (error instanceof BackendError) {
        client.destroy();
      }
      throw toBackendError(error, KIND);
    }
  }

  const run = <T>(command: (client: Client) => Promise<T>): Promise<T> => within(timeoutSeconds, ask(command));

  return {
    address: url.href,
    check: async () => {
      const id: unknown = await run((client) => client.get(ID_KEY));
      if (id !== null && typeof id !== 'string') {
        throw new BackendError(`it does not answer as ${KIND} does`);
      }
      return id ?? undefined;
    },
    list: async () => {
      const texts = await run((client) => client.hVals(ITEMS_KEY));
      return texts.map(parseStored).sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    get: async (id) => {
      const text = await run((client) => client.hGet(ITEMS_KEY, id));
      return text ? parseStored(text) : undefined;
    },
    put: (item) => run(async (client) => (await client.hSet(ITEMS_KEY, item.id, JSON.stringify(item))) === 1),
    delete: (id) => run(async (client) => (await client.hDel(ITEMS_KEY, id)) === 1),
    close: async () => {
      const client = await connection?.catch(() => undefined);
      if (client?.isOpen) {
        client.destroy();
      }
    },
  };
}

type Client = ReturnType<typeof createRedisClient>;

function createRedisClient({ url, username, password, timeoutSeconds }: BackendConfig) {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket = {
    host,
    port: Number(url.port || 6379),
    connectTimeout: timeoutSeconds * 1000,
    reconnectStrategy: false as const,
  };
  return createClient({
    socket: url.protocol === 'rediss:' ? { ...socket, tls: true, servername: host } : socket,
    database: Number(url.pathname.slice(1) || 0),
    disableOfflineQueue: true,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  });
}

function parseStored(text: string): Item {
  try {
    return JSON.parse(text) as Item;
  } catch (error) {
    throw new BackendError(`the hash '${ITEMS_KEY}' holds something that is not an item`, { cause: error });
  }
}
