import { describe, expect, it } from 'vitest';
import { cutTo, displayWidth, textTable, type Column } from './text-table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'DATE' },
  { title: 'WHO', least: 6, good: 12 },
  { title: 'TITLE', least: 10, good: 20 },
  { title: 'MACHINE', least: 6, spare: 1 },
  { title: 'PATH', spare: 2 },
];
const ROWS = [
  [
    '2026-01-05',
    'Mara Lindqvist',
    'Ledger retries no longer double-post when the line breaks',
    'mara-mbp',
    'a/b/c.md',
  ],
  ['2026-01-04', 'Jo', '支払いの再試行について長い題名が続きます', 'build-box', 'd.md'],
];

function widths(width?: number): readonly number[] {
  return textTable(COLUMNS, ROWS, width).split('\n').map(displayWidth);
}

describe('a table', () => {
  it('shows everything where there is room', () => {
    expect(textTable(COLUMNS, ROWS)).toContain('double-post when the line breaks  mara-mbp   a/b/c.md');
  });

  it('breaks no row at any width that its least columns fit in', () => {
    for (let width = 30; width <= 200; width++) expect(Math.max(...widths(width))).toBeLessThanOrEqual(width);
  });

  it('leaves the most spare column out first, then cuts the longest', () => {
    const at = (width: number): string => textTable(COLUMNS, ROWS, width).split('\n')[0] ?? '';
    expect(at(200)).toMatch(/MACHINE +PATH$/);
    expect(at(60)).toMatch(/MACHINE$/);
    expect(at(38)).toMatch(/TITLE$/);
    expect(textTable(COLUMNS, ROWS, 80).split('\n')[1]).toMatch(
      /^2026-01-05 {2}Mara Lindqvist {2}Ledger .*\u2026/,
    );
  });

  it('paints cells without counting the paint, and headings not at all', () => {
    const painted = textTable(
      [{ title: 'A', paint: (text) => `\u001b[1m${text}\u001b[22m` }, { title: 'B' }],
      [
        ['x', 'y'],
        ['long', 'z'],
      ],
    );
    expect(painted).toBe('A     B\n\u001b[1mx\u001b[22m     y\n\u001b[1mlong\u001b[22m  z');
  });

  it('lets no cell reach the terminal', () => {
    expect(textTable([{ title: 'T' }], [['a\u001b[2Jb\nc']])).not.toMatch(/\u001b|\nc/);
  });
});

describe('cutTo', () => {
  it('counts wide characters as two and cuts none in half', () => {
    expect(cutTo('支払いの再試行', 7)).toBe('支払い\u2026');
    expect(cutTo('abc', 3)).toBe('abc');
    expect(cutTo('abcd', 3)).toBe('ab\u2026');
    expect(cutTo('👩🏽‍🔧 repairs', 5).length).toBeLessThan(9);
  });
});
