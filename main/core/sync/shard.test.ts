import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { LogEntry, SegmentRef } from '../../../shared/domain/log-entry.ts';
import { createNodeBytes } from '../../adapters/system/node-bytes.ts';
import { sampleShard } from '../../testing/sample-shards.ts';
import { stretchOf } from '../store/stretch.ts';
import { splitShard, type ShardSplit } from './shard.ts';

const YEAR = sampleShard(1, 1_825);
const ENTRIES = [...YEAR.head, ...YEAR.segments.flatMap((segment) => segment.entries)];

function split(
  entries: readonly LogEntry[],
  segments: readonly SegmentRef[],
  month: string,
  changed: readonly string[] | null = null,
): ShardSplit {
  return splitShard(
    entries.map((entry) => ({ path: entry.path, entry })),
    { segments, changed: changed && new Set(changed) },
    month,
    () => createNodeBytes().sha256Stream(),
  );
}

function textOf({ json }: { readonly json: () => Iterable<string> }): string {
  return [...json()].join('');
}

/** What a shard's head would list after this split was published. */
function published({ keptSegments, newSegments }: ShardSplit): SegmentRef[] {
  const made = newSegments.map(({ month, sha256, count }) => ({
    name: `${month}-1-aaaaaaaa.json.gz`,
    month,
    count,
    sha256,
  }));
  return [...keptSegments, ...made];
}

function pathsIn({ entries, newSegments }: ShardSplit): string[] {
  const inSegments = newSegments.flatMap(
    (segment) => (JSON.parse(textOf(segment)) as { readonly entries: readonly LogEntry[] }).entries,
  );
  return [...entries, ...inSegments].map(({ path }) => path).sort();
}

describe('stretchOf', () => {
  it.each([
    ['2026-11', '2026-11', '2026-11'],
    ['2026-10', '2026-11', '2026-10'],
    ['2026-09', '2026-11', '2026-01'],
    ['2026-07', '2026-10', '2026-01'],
    ['2026-01', '2026-03', '2026-01'],
    ['2026-03', '2026-04', '2026-01'],
    ['2025-12', '2026-01', '2025-01'],
    ['2024-02', '2026-01', '2024-01'],
    ['2027-05', '2026-11', '2027-05'],
  ])('%s seen from %s is %s', (month, current, stretch) => {
    expect(stretchOf(month, current)).toBe(stretch);
  });
});

describe('splitShard', () => {
  it('leaves four objects of a busy year, with every entry in one of them', () => {
    const made = split(ENTRIES, [], '2026-11');
    expect(made.newSegments.map(({ month }) => month)).toEqual(['2026-10', '2026-01', '2025-01']);
    expect(pathsIn(made)).toEqual(ENTRIES.map(({ path }) => path).sort());
    expect(new Set(made.entries.map(({ date }) => date.slice(0, 7)))).toEqual(new Set(['2026-11']));
  });

  it('keeps all of a small machine in the head', () => {
    const made = split(ENTRIES.slice(0, 200), [], '2026-12');
    expect(made.newSegments).toEqual([]);
    expect(made.entries).toHaveLength(200);
  });

  it('writes nothing again while the months go by, but what the end of a quarter brings together', () => {
    let refs = published(split(ENTRIES, [], '2026-11'));
    expect(split(ENTRIES, refs, '2026-11').newSegments).toEqual([]);
    const december = split(ENTRIES, refs, '2026-12');
    expect(december.newSegments).toEqual([]);
    const january = split(ENTRIES, refs, '2027-01');
    expect(january.newSegments.map(({ month }) => month)).toEqual(['2026-01']);
    expect(january.keptSegments.map(({ month }) => month)).toEqual(['2025-01']);
    refs = published(january);
    expect(split(ENTRIES, refs, '2027-02').newSegments).toEqual([]);
    expect(split(ENTRIES, refs, '2028-02').newSegments).toEqual([]);
  });

  it('writes only the segment that a late entry belongs to', () => {
    const refs = published(split(ENTRIES, [], '2026-11'));
    const late = { ...(ENTRIES.find(({ date }) => date === '2026-05-03') as LogEntry), size: 1 };
    const changed = split([...ENTRIES.filter(({ path }) => path !== late.path), late], refs, '2026-11');
    expect(changed.newSegments.map(({ month }) => month)).toEqual(['2026-01']);
    expect(changed.keptSegments.map(({ month }) => month)).toEqual(['2026-10', '2025-01']);
  });

  it('does not look into segments without a newer row, and writes the same as if it had', () => {
    const refs = published(split(ENTRIES, [], '2026-11'));
    let digests = 0;
    const sha256Stream = (): ReturnType<ReturnType<typeof createNodeBytes>['sha256Stream']> => {
      digests++;
      return createNodeBytes().sha256Stream();
    };
    const rows = ENTRIES.map((entry) => ({ path: entry.path, entry }));
    const changed = new Set([ENTRIES.find(({ date }) => date === '2026-05-03')?.path ?? '']);
    const some = splitShard(rows, { segments: refs, changed }, '2026-11', sha256Stream);
    expect(some.newSegments).toEqual([]);
    expect(digests).toBe(1);

    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(ENTRIES.length - 1), { maxLength: 6 }),
        fc.uniqueArray(fc.nat(ENTRIES.length - 1), { maxLength: 3 }),
        fc.constantFrom('2026-11', '2026-12', '2027-01'),
        (edited, gone, month) => {
          const left = ENTRIES.map((entry, at) => (edited.includes(at) ? { ...entry, size: 7 } : entry));
          const entries = left.filter((_, at) => !gone.includes(at));
          const paths = [...edited, ...gone].map((at) => ENTRIES[at]?.path ?? '');
          const [quick, all] = [split(entries, refs, month, paths), split(entries, refs, month)];
          expect(pathsIn({ ...quick, entries: [] })).toEqual(pathsIn({ ...all, entries: [] }));
          expect(quick.keptSegments).toEqual(all.keptSegments);
          expect(quick.entries).toEqual(all.entries);
        },
      ),
      { numRuns: 40, seed: 20_261_130 },
    );
  });

  it('cuts a stretch that is too large for one segment, and writes only the part that changes', () => {
    const title = 'x'.repeat(1_000_000);
    const large = Array.from({ length: 20 }, (_, at): LogEntry => {
      const path = `${String.fromCharCode(97 + at)}.md` as LogPath;
      return { ...(ENTRIES[0] as LogEntry), path, date: '2024-05-03' as LogEntry['date'], title };
    });
    const made = split([...ENTRIES, ...large], [], '2026-11');
    const parts = made.newSegments.filter(({ month }) => month === '2024-01');
    expect(parts.map(({ count }) => count)).toEqual([8, 8, 4]);
    for (const part of parts) expect(textOf(part).length).toBeLessThan(9_000_000);
    expect(pathsIn(made)).toHaveLength(ENTRIES.length + 20);

    const [first] = large;
    const again = split(
      [...ENTRIES, ...large.slice(1), { ...(first as LogEntry), size: 1 }],
      published(made),
      '2026-11',
    );
    expect(again.newSegments.map(({ month, count }) => [month, count])).toEqual([['2024-01', 8]]);
    expect(again.keptSegments).toHaveLength(made.newSegments.length - 1);
  });

  it('puts a month of more than a head takes into segments', () => {
    const title = 'x'.repeat(1_000_000);
    const many = Array.from({ length: 9 }, (_, at): LogEntry => {
      const date = '2026-11-03' as LogEntry['date'];
      return { ...(ENTRIES[0] as LogEntry), path: `${at}.md` as LogPath, date, title };
    });
    const made = split(many, [], '2026-11');
    expect(made.entries).toEqual([]);
    expect(made.newSegments.map(({ month, count }) => [month, count])).toEqual([
      ['2026-11', 8],
      ['2026-11', 1],
    ]);
    expect(split(many.slice(1), published(made), '2026-11').entries).toHaveLength(8);
  });

  it('takes over segments of single months, as they were made before', () => {
    const months = ['2026-07', '2026-08', '2026-09'].map((month): SegmentRef => {
      const list = ENTRIES.filter(({ date }) => date.startsWith(month));
      return { name: `${month}-1-aaaaaaaa.json.gz`, month, count: list.length, sha256: 'a'.repeat(64) };
    });
    const made = split(ENTRIES, months, '2026-11');
    expect(made.keptSegments).toEqual([]);
    expect(pathsIn(made)).toHaveLength(ENTRIES.length);
  });

  it('loses no entry and repeats none, whatever month it is and whatever was published before', () => {
    const month = fc
      .tuple(fc.integer({ min: 2025, max: 2028 }), fc.integer({ min: 1, max: 12 }))
      .map(([year, number]) => `${year}-${String(number).padStart(2, '0')}`);
    fc.assert(
      fc.property(
        fc.array(month, { minLength: 1, maxLength: 4 }),
        fc.nat(ENTRIES.length),
        (months, count) => {
          const entries = ENTRIES.slice(0, count);
          let before: ShardSplit | null = null;
          const texts = new Map<string, string>();
          for (const current of months) {
            before = split(entries, before ? published(before) : [], current);
            for (const segment of before.newSegments) texts.set(segment.sha256, textOf(segment));
            const kept = before.keptSegments.map(({ month: first, sha256, count: logs }) => ({
              month: first,
              sha256,
              count: logs,
              json: () => [texts.get(sha256) ?? ''],
            }));
            const all = { ...before, newSegments: [...before.newSegments, ...kept] };
            expect(pathsIn(all)).toEqual(entries.map(({ path }) => path).sort());
          }
        },
      ),
      { numRuns: 60, seed: 20_261_127 },
    );
  });
});
