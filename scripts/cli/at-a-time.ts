/** Maps items in order, at most `most` at a time. The first failure aborts the signal; rejects with it once all calls of `map` have ended. */
export async function mapAtATime<Item, Result>(
  items: readonly Item[],
  most: number,
  outer: AbortSignal | undefined,
  map: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<readonly Result[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any(outer === undefined ? [failed.signal] : [failed.signal, outer]);
  const results: Result[] = [];
  const waiting = items.entries();
  const work = async () => {
    // All of them take from the same iterator.
    for (const [index, item] of waiting) {
      signal.throwIfAborted();
      results[index] = await map(item, signal);
    }
  };
  // An abort keeps its first reason: later failures are only what the abort did to the others.
  await Promise.all(Array.from({ length: most }, () => work().catch((error: unknown) => failed.abort(error))));
  failed.signal.throwIfAborted();
  return results;
}
