/** An item as the API lists it. */
export interface StoredItem {
  readonly id: string;
  readonly quantity: number;
}

/** What the clients were told is stored. An item has one writer, and its quantity is the number of that writer's write. */
export interface Ledger {
  /** The API said so: the item holds this quantity, or is gone. */
  readonly acknowledge: (id: string, quantity: number | undefined) => void;
  /** No answer, or an error: the item may hold this, or still what it held before. Nobody writes to it again. */
  readonly doubt: (id: string, quantity: number | undefined) => void;
  readonly size: () => number;
  readonly doubted: () => number;
  /** Where a list of all items differs from what was told. */
  readonly differences: (items: readonly StoredItem[]) => readonly string[];
}

const nameOf = (quantity: number | undefined) => (quantity === undefined ? 'nothing' : String(quantity));

export function createLedger(): Ledger {
  const possible = new Map<string, readonly (number | undefined)[]>();
  return {
    acknowledge: (id, quantity) => void possible.set(id, [quantity]),
    doubt: (id, quantity) => void possible.set(id, [...(possible.get(id) ?? [undefined]), quantity]),
    size: () => possible.size,
    doubted: () =>
      possible
        .values()
        .filter(({ length }) => length > 1)
        .toArray().length,
    differences(items) {
      const stored = new Map(items.map(({ id, quantity }) => [id, quantity]));
      return [
        ...[...possible]
          .filter(([id, quantities]) => !quantities.includes(stored.get(id)))
          .map(
            ([id, quantities]) =>
              `${id} holds ${nameOf(stored.get(id))}, must be ${quantities.map(nameOf).join(' or ')}`,
          ),
        ...[...stored.keys()].filter((id) => !possible.has(id)).map((id) => `${id} is there, and nobody wrote it`),
      ];
    },
  };
}
