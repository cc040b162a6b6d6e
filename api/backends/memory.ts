import type { Item } from '../item.ts';
import type { Backend } from './backend.ts';

/** The embedded store: gone with the process. It reports the NAME of `memory:NAME`; plain `memory:` reports none. */
export function createMemoryBackend(url: URL): Backend {
  const items = new Map<string, Item>();
  return {
    address: url.href,
    check: async () => url.pathname || undefined,
    list: async () => [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    get: async (id) => items.get(id),
    put: async (item) => {
      const isNew = !items.has(item.id);
      items.set(item.id, item);
      return isNew;
    },
    delete: async (id) => items.delete(id),
    close: async () => items.clear(),
  };
}
