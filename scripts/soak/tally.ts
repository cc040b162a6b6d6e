/** How often something was answered: `PUT /api/items/:id 201` → 12. */
export type Tally = Map<string, number>;

export function add(tally: Tally, key: string, count = 1): void {
  tally.set(key, (tally.get(key) ?? 0) + count);
}

export function total(tally: ReadonlyMap<string, number>): number {
  return tally.values().reduce((sum, count) => sum + count, 0);
}

/** Without 408 and 499: those clients did not wait for the answer, or never sent the request that it was for. */
export function comparable(tally: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...tally].filter(([key]) => !/ (408|499)$/.test(key)));
}

/** What clients and server count differently of what is comparable; empty when they agree. */
export function differences(
  answered: ReadonlyMap<string, number>,
  counted: ReadonlyMap<string, number>,
): readonly string[] {
  const [left, right] = [comparable(answered), comparable(counted)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((key) => left.get(key) !== right.get(key))
    .sort()
    .map((key) => `${key}: ${left.get(key) ?? 0} answered, ${right.get(key) ?? 0} counted`);
}
