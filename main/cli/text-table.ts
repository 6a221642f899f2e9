import { forTerminal } from '../../shared/domain/terminal-text.ts';

/** A column: its heading, and whether its cells are numbers (aligned right). */
export interface Column {
  readonly title: string;
  readonly right?: boolean;
}

const GAP = '  ';

/**
 * Lines up rows under headings for a terminal. Cells may come from other machines and are made harmless here.
 * @param width columns of the terminal; the last column is cut to fit, if it is known
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): string {
  const cells = rows.map((row) => row.map((cell) => forTerminal(cell).replaceAll(/[\n\t]/g, ' ')));
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...cells.map((row) => displayWidth(row[at] ?? ''))),
  );
  const line = (row: readonly string[]): string => {
    const text = columns
      .map((column, at) => pad(row[at] ?? '', widths[at] ?? 0, column.right ?? false))
      .join(GAP)
      .trimEnd();
    return text.length > width ? `${text.slice(0, width - 1)}\u2026` : text;
  };
  return [line(columns.map((column) => column.title)), ...cells.map(line)].join('\n');
}

/** Columns that a text takes: wide East Asian characters and emoji take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text)
    width += /\p{Mn}/u.test(char)
      ? 0
      : /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
            char,
          )
        ? 2
        : 1;
  return width;
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? space + text : text + space;
}
