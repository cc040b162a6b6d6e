/** Maps items in order, at most `most` at a time. A failure aborts the signal; rejects once all calls of `map` have ended. */
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
  const workers = Array.from({ length: most }, () =>
    work().catch((error: unknown) => {
      failed.abort();
      throw error;
    }),
  );
  await Promise.allSettled(workers);
  await Promise.all(workers);
  return results;
}
