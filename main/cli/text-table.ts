import { forTerminal } from '../../shared/domain/terminal-text.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers, aligned right. */
  readonly right?: boolean;
  /** Dropped when the terminal is too narrow for all columns: highest number first. */
  readonly spare?: number;
  /** May be truncated, with an ellipsis, to this many terminal columns. */
  readonly least?: number;
  /** Desired width, in columns, before spare ones are dropped for it; its minimum by default. */
  readonly good?: number;
  /** Truncated to this width even if there is room: one endless title must not push everything else away. */
  readonly most?: number;
  /** Highlights a cell, without changing its width. */
  readonly paint?: (text: string) => string;
}

const GAP = '  ';
const PLAIN = /^[\x20-\x7e]*$/;
const ELLIPSIS = '\u2026';

/**
 * Lays out rows under headings for a terminal. Cells may come from other machines and are sanitized here. A row is never wrapped: if the
 * terminal is too narrow, columns are dropped where permitted, then truncated.
 * @param width columns of the terminal; unlimited by default
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): string {
  const whole = columns.map((column, at): Shown => {
    const cells = rows
      .map((row) => forTerminal(row[at] ?? '').replaceAll(/[\n\t]/g, ' '))
      .map((cell) => cutTo(cell, column.most ?? Number.POSITIVE_INFINITY));
    return { column, cells, width: Math.max(column.title.length, ...cells.map(displayWidth)) };
  });
  const shown = narrowed(withoutSpare(whole, width), width);
  const line = (cellOf: (one: Shown) => string, paint: boolean): string =>
    cutTo(
      shown
        .map((one) => cellText(one, cellOf(one), paint))
        .join(GAP)
        .trimEnd(),
      shown.some(({ column }) => column.paint) ? Number.POSITIVE_INFINITY : width,
    );
  return [
    line(({ column }) => column.title, false),
    ...rows.map((_, row) => line(({ cells }) => cells[row] ?? '', true)),
  ].join('\n');
}

interface Shown {
  readonly column: Column;
  readonly cells: readonly string[];
  readonly width: number;
}

/** Drops spare columns until the others fit at their minimum widths. */
function withoutSpare(columns: readonly Shown[], width: number): readonly Shown[] {
  let left = columns;
  const leastOf = ({ column, width: own }: Shown): number => Math.min(own, column.least ?? own);
  while (total(left.map(comfortable)) > width || total(left.map(leastOf)) > width) {
    const spare = left.filter(({ column }) => column.spare !== undefined);
    const [first] = spare.sort((a, b) => (b.column.spare ?? 0) - (a.column.spare ?? 0));
    if (first === undefined) break;
    left = left.filter((one) => one !== first);
  }
  return left;
}

function comfortable({ column, width }: Shown): number {
  return Math.min(width, column.good ?? column.least ?? width);
}

/** Narrows truncatable columns, the one with the most to spare first: to their desired width, then to their minimum. */
function narrowed(columns: readonly Shown[], width: number): readonly Shown[] {
  const widths = columns.map((one) => one.width);
  for (const floors of [
    columns.map(comfortable),
    columns.map(({ column }, at) => column.least ?? widths[at] ?? 0),
  ])
    for (let over = total(widths) - width; over > 0; over = total(widths) - width) {
      const spares = widths.map((own, at) => own - (floors[at] ?? own));
      const most = Math.max(...spares);
      if (most <= 0) break;
      const at = spares.indexOf(most);
      widths[at] = (widths[at] ?? 0) - Math.min(over, most);
    }
  return columns.map((one, at) => ({ ...one, width: widths[at] ?? one.width }));
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, widths.length - 1);
}

function cellText({ column, width }: Shown, cell: string, paint: boolean): string {
  const text = cutTo(cell, width);
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  const painted = paint && column.paint && text !== '' ? column.paint(text) : text;
  return column.right ? space + painted : painted + space;
}

/** Truncates a text to a number of terminal columns, with an ellipsis. */
export function cutTo(text: string, width: number): string {
  if (text.length <= width / 2 || displayWidth(text) <= width) return text;
  let [cut, used] = ['', 0];
  for (const char of text) {
    const next = used + displayWidth(char);
    if (next > width - 1) break;
    cut += char;
    used = next;
  }
  return `${cut.trimEnd()}${ELLIPSIS}`;
}

/** Terminal columns of a text: wide East Asian characters and emoji take two. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
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
