import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heightOf, layOut, rowsIn, sectionOf, topOf, visibleSections } from './section-layout.ts';

describe('a sectioned layout', () => {
  const layout = layOut([2, 0, 3], 50, 30);

  it('counts rows and pixels', () => {
    expect(rowsIn(layout)).toBe(5);
    expect(heightOf(layout)).toBe(30 + 100 + 30 + 30 + 150);
  });

  it('knows where rows stand', () => {
    expect([0, 1, 2, 4].map((row) => topOf(layout, row))).toEqual([30, 80, 190, 290]);
    expect([0, 1, 2, 4].map((row) => sectionOf(layout, row))).toEqual([0, 0, 2, 2]);
  });

  it('shows what a window shows', () => {
    expect(visibleSections(layout, 0, 100, 0)).toEqual([{ section: 0, from: 0, to: 2 }]);
    expect(visibleSections(layout, 200, 60, 0)).toEqual([{ section: 2, from: 2, to: 4 }]);
    expect(visibleSections(layOut([], 50, 30), 0, 100, 4)).toEqual([]);
  });

  it('draws every row that touches the window, and not many more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (counts, part) => {
          const made = layOut(counts, 52, 30);
          const top = Math.max(0, heightOf(made) - 600) * part;
          const drawn = new Set<number>();
          for (const { from, to } of visibleSections(made, top, 600, 2))
            for (let row = from; row < to; row++) drawn.add(row);
          for (let row = 0; row < rowsIn(made); row++) {
            const at = topOf(made, row);
            if (at + 52 > top && at < top + 600) expect(drawn.has(row)).toBe(true);
          }
          expect(drawn.size).toBeLessThan(600 / 52 + 8);
        },
      ),
    );
  });
});
