/** Aligns cells into lines with two spaces between columns: to the right, or to the left where `isLeft` holds for a column. */
export function columns(
  rows: readonly (readonly string[])[],
  isLeft: (column: number) => boolean = () => false,
): readonly string[] {
  const widths = widthsOf(rows);
  const padded = (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return isLeft(column) ? cell.padEnd(width) : cell.padStart(width);
  };
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}

/** Of each column, the length of its longest cell. */
export function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
}
