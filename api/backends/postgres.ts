import pg from 'pg';
import type { BackendConfig } from '../config.ts';
import type { Item } from '../item.ts';
import type { Backend } from './backend.ts';
import { within } from './backend.ts';
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

  async function run<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    try {
      return (await within(timeoutSeconds, pool.query<Row>(text, [...values]))).rows;
    } catch (error) {
      throw hasCode(error, UNDEFINED_TABLE) ? error : toBackendError(error, 'a PostgreSQL server');
    }
  }

  /** Before the first `put` the table may not exist; then there are no rows. */
  async function select<Row extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]> {
    try {
      return await run<Row>(text, values);
    } catch (error) {
      if (hasCode(error, UNDEFINED_TABLE)) {
        return [];
      }
      throw error;
    }
  }

  async function put(item: Item): Promise<boolean> {
    const values = [item.id, item.name, item.quantity];
    const rows = await run<{ isNew: boolean }>(UPSERT, values).catch(async (error: unknown) => {
      if (!hasCode(error, UNDEFINED_TABLE)) {
        throw error;
      }
      await run(CREATE_ITEMS).catch((failure: unknown) => {
        const reason = Error.isError(failure) ? failure.cause : undefined;
        if (!CREATED_MEANWHILE.some((code) => hasCode(reason, code))) {
          throw failure;
        }
      });
      return run<{ isNew: boolean }>(UPSERT, values);
    });
    return rows[0]?.isNew === true;
  }

  return {
    address: url.href,
    check: async () => (await select<{ id: unknown }>(SELECT_ID)).map((row) => String(row.id))[0],
    list: () => select<Item & pg.QueryResultRow>('select id, name, quantity from items order by id collate "C"'),
    get: async (id) =>
      (await select<Item & pg.QueryResultRow>('select id, name, quantity from items where id = $1', [id]))[0],
    put,
    delete: async (id) => (await select('delete from items where id = $1 returning id', [id])).length === 1,
    close: () => pool.end(),
  };
}

function hasCode(error: unknown, code: string): boolean {
  return Error.isError(error) && 'code' in error && error.code === code;
}
