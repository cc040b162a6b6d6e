/** A figure at a moment, seconds. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/**
 * How much the value grows a second: the median of the slopes between every two points (Theil–Sen), which a few points out of line do
 * not move. NaN for fewer than two.
 */
export function slopePerSecond(points: readonly Point[]): number {
  const slopes = points.flatMap((later, index) =>
    points
      .slice(0, index)
      .filter(({ at }) => at < later.at)
      .map((earlier) => (later.value - earlier.value) / (later.at - earlier.at)),
  );
  slopes.sort((a, b) => a - b);
  const middle = Math.floor(slopes.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [slopes[middle - 1 + (slopes.length % 2)], slopes[middle]];
  return (low + high) / 2;
}
