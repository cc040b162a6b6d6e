import type { Item } from '../item.ts';

/**
 * A store of items. Every method settles within the backend's timeout and rejects with `BackendError` when
 * the store cannot be used. A lost connection is made anew by the next call, not in the background.
 */
export interface Backend {
  /** The store's URL without credentials. */
  readonly address: string;
  /** Returns the id that the store reports, `undefined` if none. It only reads. */
  check(): Promise<string | undefined>;
  /** Every item, ordered by id. */
  list(): Promise<readonly Item[]>;
  get(id: string): Promise<Item | undefined>;
  /** Creates or replaces; returns whether the item is new. */
  put(item: Item): Promise<boolean>;
  /** Returns whether there was such an item. */
  delete(id: string): Promise<boolean>;
  close(): Promise<void>;
}

/** The store cannot be used now. The message says why, without credentials, as the end of a sentence. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
}

/** Settles like `work`, or rejects with `BackendError` after `seconds`. It does not stop `work`. */
export async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BackendError(`no answer within ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
