import { lastThat } from '../../shared/last-that.ts';

/** The positions of headings and rows in a sectioned list, without one object per row: 100,000 rows in 300 sections cost 300 numbers. */
export interface SectionLayout {
  readonly rowHeight: number;
  readonly headerHeight: number;
  /** Rows before each section, with the total as the last value. */
  readonly firstRow: readonly number[];
  /** Top of each section in pixels, with the total height as the last value. */
  readonly top: readonly number[];
}

/** A range of rows of one section; `to` is exclusive. Indexes count rows of the whole list. */
export interface SectionWindow {
  readonly section: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Lays out sections.
 * @param counts rows of each section
 * @param rowHeight height of a row in pixels
 * @param headerHeight height of a section's heading in pixels
 */
export function layOut(counts: readonly number[], rowHeight: number, headerHeight: number): SectionLayout {
  const firstRow = [0];
  const top = [0];
  let [rows, height] = [0, 0];
  for (const count of counts) {
    rows += count;
    height += headerHeight + count * rowHeight;
    firstRow.push(rows);
    top.push(height);
  }
  return { rowHeight, headerHeight, firstRow, top };
}

/** Total number of rows. */
export function rowsIn(layout: SectionLayout): number {
  return layout.firstRow.at(-1) ?? 0;
}

/** Total height in pixels. */
export function heightOf(layout: SectionLayout): number {
  return layout.top.at(-1) ?? 0;
}

/** Index of the last value not above `wanted`; 0 for none. */
function lastAtMost(values: readonly number[], wanted: number): number {
  return Math.max(
    0,
    lastThat(values.length, (at) => (values[at] ?? 0) <= wanted),
  );
}

/** The section of a row. */
export function sectionOf(layout: SectionLayout, row: number): number {
  // Empty sections share their first row with the next one; the last of them contains the row.
  return Math.min(lastAtMost(layout.firstRow, row), layout.firstRow.length - 2);
}

/** Top of a row in pixels. */
export function topOf(layout: SectionLayout, row: number): number {
  const section = sectionOf(layout, row);
  const inside = row - (layout.firstRow[section] ?? 0);
  return (layout.top[section] ?? 0) + layout.headerHeight + inside * layout.rowHeight;
}

/** The first row shown in a window, below its sticky heading. */
export function rowAtTop(layout: SectionLayout, scrollTop: number): number {
  const section = Math.max(0, Math.min(lastAtMost(layout.top, scrollTop), layout.firstRow.length - 2));
  const inside = Math.floor((scrollTop - (layout.top[section] ?? 0)) / layout.rowHeight);
  return Math.min((layout.firstRow[section] ?? 0) + Math.max(0, inside), layout.firstRow[section + 1] ?? 0);
}

/**
 * The rows shown in a window.
 * @param scrollTop top of the window in pixels
 * @param height its height
 * @param overscan rows to render beyond it at either end
 */
export function visibleSections(
  layout: SectionLayout,
  scrollTop: number,
  height: number,
  overscan: number,
): SectionWindow[] {
  const sections = layout.firstRow.length - 1;
  const start = Math.max(0, scrollTop - overscan * layout.rowHeight);
  const end = scrollTop + height + overscan * layout.rowHeight;
  const windows: SectionWindow[] = [];
  for (
    let section = Math.min(lastAtMost(layout.top, start), sections - 1);
    section >= 0 && section < sections;
    section++
  ) {
    const top = layout.top[section] ?? 0;
    if (top >= end) break;
    const [first, next] = [layout.firstRow[section] ?? 0, layout.firstRow[section + 1] ?? 0];
    const rowsTop = top + layout.headerHeight;
    const from = Math.max(first, first + Math.floor((start - rowsTop) / layout.rowHeight));
    const to = Math.min(next, first + Math.ceil((end - rowsTop) / layout.rowHeight));
    windows.push({ section, from: Math.min(from, next), to: Math.max(Math.min(from, next), to) });
  }
  return windows;
}
