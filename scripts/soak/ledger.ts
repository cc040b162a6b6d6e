/** An item as the API lists it. */
export interface StoredItem {
  readonly id: string;
  readonly quantity: number;
}

/**
 * For each item, the quantities that it may hold; undefined stands for no item. There is one if the last write was confirmed, and more
 * if it was not. Each item has one writer, and its quantity is the number of that writer's write.
 */
export type Ledger = Map<string, readonly (number | undefined)[]>;

/** Records a write. If it was not answered, the item may hold the new or the old quantity, and must not be written again. */
export function noteWrite(ledger: Ledger, id: string, quantity: number | undefined, isAnswered: boolean): void {
  ledger.set(id, isAnswered ? [quantity] : [...(ledger.get(id) ?? [undefined]), quantity]);
}

/** How the list of all items differs from the ledger, one text an item. */
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
