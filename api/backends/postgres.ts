import pg from 'pg';
import type { BackendConfig } from '../config.ts';
import type { Item } from '../item.ts';
import { type Backend, BackendError, within } from './backend.ts';
import { toBackendError } from './reason.ts';

/** The one-row table with the id of this database; made by whoever runs it, never by this API. */
const SELECT_ID = 'select id from backend_id limit 1';
const CREATE_ITEMS =
  'create table if not exists items (id text primary key, name text not null, quantity integer not null)';
/** `xmax` is 0 on a row that was inserted, and not on one that was updated. */
const UPSERT = `insert into items (id, name, quantity) values ($1, $2, $3)
  on conflict (id) do update set name = excluded.name, quantity = excluded.quantity
  returning (xmax = 0) as "isNew"`;

const UNDEFINED_TABLE = '42P01';
/** What the slower of two concurrent `create table if not exists` can get: the other one's row, type or table is in the catalogue. */
const CREATED_MEANWHILE = ['23505', '42710', '42P07'];

/** A small pool: connections are made when needed, dropped when they fail, and never more than four. */
export function createPostgresBackend({ url, username, password, timeoutSeconds }: BackendConfig): Backend {
  const connection = new URL(url);
  if (username !== undefined) {
    connection.username = encodeURIComponent(username);
  }
  if (password !== undefined) {
    connection.password = encodeURIComponent(password);
  }
  const pool = new pg.Pool({
    connectionString: connection.href,
    application_name: 'sample-api',
    connectionTimeoutMillis: timeoutSeconds * 1000,
    query_timeout: timeoutSeconds * 1000,
    max: 4,
  });
  // An idle connection that breaks leaves the pool by itself; the next query makes a new one.
  pool.on('error', () => undefined);

  /** The rows; undefined when the table does not exist, as before the first `put`. */
  async function run<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[] | undefined> {
    try {
      return (await within(timeoutSeconds, pool.query<Row>(text, [...values]))).rows;
    } catch (error) {
      if (hasCode(error, UNDEFINED_TABLE)) {
        return undefined;
      }
      throw toBackendError(error, 'a PostgreSQL server');
    }
  }

  async function createItems(): Promise<void> {
    try {
      await run(CREATE_ITEMS);
    } catch (error) {
      const reason = Error.isError(error) ? error.cause : undefined;
      if (!CREATED_MEANWHILE.some((code) => hasCode(reason, code))) {
        throw error;
      }
    }
  }

  async function put({ id, name, quantity }: Item): Promise<boolean> {
    const upsert = () => run<{ isNew: boolean }>(UPSERT, [id, name, quantity]);
    let rows = await upsert();
    if (rows === undefined) {
      await createItems();
      rows = await upsert();
    }
    if (rows === undefined) {
      throw new BackendError('its table `items` was dropped');
    }
    return rows[0]?.isNew === true;
  }

  type ItemRow = Item & pg.QueryResultRow;
  return {
    address: url.href,
    check: async () => (await run<{ id: unknown }>(SELECT_ID))?.map((row) => String(row.id))[0],
    list: async () => (await run<ItemRow>('select id, name, quantity from items order by id collate "C"')) ?? [],
    get: async (id) => (await run<ItemRow>('select id, name, quantity from items where id = $1', [id]))?.[0],
    put,
    delete: async (id) => (await run('delete from items where id = $1 returning id', [id]))?.length === 1,
    close: () => pool.end(),
  };
}

function hasCode(error: unknown, code: string): boolean {
  return Error.isError(error) && 'code' in error && error.code === code;
}
