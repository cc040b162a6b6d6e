/** An item as the API lists it. */
export interface StoredItem {
  readonly id: string;
  readonly quantity: number;
}

/**
 * What the clients were told is stored, by item: the quantities that it may hold, undefined where it may be gone; one where the last write
 * was answered, more where it was not. An item has one writer, and its quantity is the number of that writer's write.
 */
export type Ledger = Map<string, readonly (number | undefined)[]>;

/** Notes a write: without an answer the item may hold this, or still what it held before, and nobody may write to it again. */
export function noteWrite(ledger: Ledger, id: string, quantity: number | undefined, isAnswered: boolean): void {
  ledger.set(id, isAnswered ? [quantity] : [...(ledger.get(id) ?? [undefined]), quantity]);
}

/** Where a list of all items differs from what was told. */
export function differences(ledger: Ledger, items: readonly StoredItem[]): readonly string[] {
  const stored = new Map(items.map(({ id, quantity }) => [id, quantity]));
  const words = (quantities: readonly (number | undefined)[]) => quantities.map((one) => one ?? 'nothing').join(' or ');
  return [
    ...[...ledger]
      .filter(([id, quantities]) => !quantities.includes(stored.get(id)))
      .map(([id, quantities]) => `${id} holds ${words([stored.get(id)])}, must be ${words(quantities)}`),
    ...[...stored.keys()].filter((id) => !ledger.has(id)).map((id) => `${id} is there, and nobody wrote it`),
  ];
}
