import { stripVTControlCharacters, styleText } from 'node:util';

/** The first row is the head. */
type Rows = readonly (readonly string[])[];

/** Of a table: the columns that are aligned to the left, and the rows that are bad news, counted without the head. */
interface Look {
  readonly isLeft?: (column: number) => boolean;
  readonly isBad?: (row: number) => boolean;
}

/** A table for a terminal: a bold head, and red rows where they are bad. Cells may be coloured. */
export function textTable(rows: Rows, stream: NodeJS.WritableStream, { isLeft, isBad }: Look = {}): readonly string[] {
  return columns(rows, isLeft).map((line, index) => {
    const style = index === 0 ? 'bold' : isBad?.(index - 1) ? 'red' : undefined;
    return style === undefined ? line : styleText(style, line, { stream });
  });
}

/** Aligns cells into lines with two spaces between columns: to the right, or to the left where `isLeft` holds for a column. */
export function columns(rows: Rows, isLeft: Look['isLeft'] = () => false): readonly string[] {
  const widthOf = (cell = '') => stripVTControlCharacters(cell).length;
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]))));
  const padded = (cell: string, column: number) => {
    const space = ' '.repeat((widths?.[column] ?? 0) - widthOf(cell));
    return isLeft(column) ? cell + space : space + cell;
  };
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}

export function markdownTable([head = [], ...rows]: Rows, isLeft: Look['isLeft'] = () => true): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [head, head.map((_, column) => (isLeft(column) ? '---' : '--:')), ...rows].map(line).join('');
}
