/** Numbers of responses by `method route code`: `PUT /api/items/:id 201` → 12. */
export type Counts = Map<string, number>;

/** Whether client and server both count it. Not 408 and 499: their clients left early, or never sent a whole request. */
const isComparable = (key: string) => !/ (408|499)$/.test(key);

/** The number of responses, without 408 and 499. */
export function total(counts: ReadonlyMap<string, number>): number {
  return [...counts].reduce((sum, [key, count]) => sum + (isComparable(key) ? count : 0), 0);
}

/** What clients and server count differently; empty when they agree. */
export function differences(
  answered: ReadonlyMap<string, number>,
  counted: ReadonlyMap<string, number>,
): readonly string[] {
  return [...new Set([...answered.keys(), ...counted.keys()])]
    .filter((key) => isComparable(key) && answered.get(key) !== counted.get(key))
    .sort()
    .map((key) => `${key}: ${answered.get(key) ?? 0} answered, ${counted.get(key) ?? 0} counted`);
}
