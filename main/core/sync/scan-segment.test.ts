import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNumber } from '../../../shared/domain/day-number.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { unwrap } from '../../../shared/result.ts';
import { createNodeBytes } from '../../adapters/system/node-bytes.ts';
import { mutated, samplePart, samples, telling } from '../../testing/strange-entries.ts';
import { entryText, marksOf } from '../ports/packed-entries.ts';
import { readSegment, readSegmentForIndex } from './read-shard.ts';
import { scanSegment, type ScannedSegment } from './scan-segment.ts';
import { splitShard } from './shard.ts';

const nodeBytes = createNodeBytes();
const [base] = samples as [LogEntry];
const TITLES = [
  'a "quoted" \\ back\\slash / tab\t line\n',
  'Zoë 日本 \u{1f600}',
  '\u007f\u0080\u2028',
  '\u0001',
  'half \ud800',
  '"'.repeat(101),
  'x'.repeat(500),
  'x'.repeat(501),
  'ä'.repeat(300),
  '}],{"path":"',
];

/** What the scan says of a segment; null when it leaves it to others. */
function scan(json: string): ScannedSegment | null {
  const bytes = new TextEncoder().encode(json);
  const before = bytes.slice();
  const scanned = scanSegment(bytes, nodeBytes.oneByteText(bytes) ?? '');
  if (scanned === null) expect(bytes).toEqual(before);
  return scanned;
}

/** What the reader of any JSON says of it, in the same words. */
function expected(json: string): unknown {
  const read = readSegment(new TextEncoder().encode(json), 'segment');
  return read.ok ? { refused: read.value.refused, entries: read.value.entries.map(columnsOf) } : null;
}

function columnsOf(entry: LogEntry): unknown {
  const { path, date, mtime, size } = entry;
  return { path, text: entryText(entry), day: dayNumber(date), mtime, size, marks: marksOf(entry) };
}

function unpacked({ entries, refused }: ScannedSegment): unknown {
  const { paths, bytes, starts, ends, days, mtimes, sizes, marks } = entries;
  const text = (at: number): string => new TextDecoder().decode(bytes.subarray(starts[at], ends[at]));
  return {
    refused,
    entries: paths.map((path, at) => ({
      path,
      text: text(at),
      day: days[at],
      mtime: mtimes[at],
      size: sizes[at],
      marks: marks[at],
    })),
  };
}

function segment(entries: readonly string[]): string {
  return `{"schema":1,"month":"2026-01","entries":[${entries.join()}]}`;
}

/** An entry's JSON: as we write it, changed, or written another way. */
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...samples).map((entry) => JSON.stringify(entry)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...samples), fc.oneof(fc.constantFrom(...TITLES), fc.string({ unit: 'binary' })))
      .map(([entry, title]) => JSON.stringify({ ...entry, title, author: title.slice(0, 200) })),
  },
  { weight: 2, arbitrary: mutated.map((value) => JSON.stringify(value)) },
  { weight: 3, arbitrary: fc.constantFrom(...telling).map((entry) => JSON.stringify(entry)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...telling), fc.constantFrom(...TITLES))
      .map(([entry, user]) => JSON.stringify({ ...entry, user, project: user.slice(0, 200), client: null })),
  },
  fc.constantFrom(...samples).map((entry) => JSON.stringify(entry, null, 1)),
  fc.constantFrom(
    JSON.stringify({ ...base, path: base.path.toUpperCase() }),
    JSON.stringify(base).replace('"size":', '"size":0,"size":'),
    JSON.stringify(base).replace('"sessions":', '"sessions":1e0,"x":'),
    JSON.stringify(base).replace('"title":"', '"title":"\\/\\u0041'),
    JSON.stringify({ ...base, notes: [], time: 5, session: 'a' }),
    JSON.stringify({ ...base, notes: [], session: 'a b', time: -5 }),
    JSON.stringify({ ...base, notes: [], session: 'a'.repeat(129), user: 'x'.repeat(201) }),
    JSON.stringify(base).replace('"mtime":', '"mtime":-'),
    'null',
    '[]',
    '{}',
    '"{"',
  ),
);

describe('scanSegment', () => {
  it('says of a segment what the reader of any JSON says, whatever its entries are', () => {
    let scanned = 0;
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), (entries) => {
        const found = scan(segment(entries));
        if (found === null) return;
        scanned++;
        expect(unpacked(found)).toEqual(expected(segment(entries)));
      }),
      { numRuns: 2_000 },
    );
    expect(scanned).toBeGreaterThan(800);
  });

  it('takes nothing of a segment that is not whole, and never another thing than what is there', () => {
    const json = segment(samples.slice(0, 6).map((entry) => JSON.stringify(entry)));
    expect(scan(json)).not.toBeNull();
    fc.assert(
      fc.property(
        fc.nat(json.length - 1),
        fc.constantFrom('', ' ', '"', '{', '}', ',', ']', 'é', '\\'),
        (at, by) => {
          const damaged = json.slice(0, at) + by + json.slice(at + 1);
          const found = scan(damaged);
          if (found !== null) expect(unpacked(found)).toEqual(expected(damaged));
        },
      ),
      { numRuns: 3_000 },
    );
    for (let cut = 0; cut < json.length; cut += 7) expect(scan(json.slice(0, cut))).toBeNull();
  });

  it('makes no object of an entry that our own program wrote, whatever its title', () => {
    const plain = samples.filter(({ notes }) => notes.length === 0);
    const titled = TITLES.slice(0, 3).map((title, at) => ({ ...base, path: `t${at}.md`, title, notes: [] }));
    const own = [
      { session: samplePart.id },
      { time: 5, dateFrom: 'file' },
      { user: null, project: 'atlas', client: 'acme' },
    ].map((more, at) => ({ ...base, path: `m${at}.md`, notes: [], ...more }));
    const found = scan(segment([...plain, ...titled, ...own].map((entry) => JSON.stringify(entry))));
    // It was taken as it is when it still lies behind its path.
    const starts = [...(found?.entries.starts ?? [])];
    const at = (start: number): string => String.fromCharCode(found?.entries.bytes[start - 1] ?? 0);
    expect(starts).toHaveLength(plain.length + titled.length + own.length);
    expect(new Set(starts.map(at))).toEqual(new Set(['"']));
  });

  it('ends soon with texts that were made to keep it busy', () => {
    const long = 300_000;
    for (const title of ['x'.repeat(long), '\\n'.repeat(long / 2), '\\nx'.repeat(long / 3)]) {
      const json = segment([
        JSON.stringify({ ...base, notes: [] }).replace(/"title":"[^"]*/, `"title":"${title}`),
      ]);
      expect(scan(json)?.entries.paths).toEqual([base.path]);
      expect(scan(json.replace(`${title}"`, title))).toBeNull();
    }
    expect(scan(segment(['{'.repeat(long)]))).toBeNull();
  });

  it('takes the segments that a push writes, and the index gets them as text', () => {
    const { entries: inHead, newSegments } = splitShard(
      samples.map((entry) => ({ path: entry.path, entry })),
      { segments: [], changed: null },
      '2027-01',
      () => nodeBytes.sha256Stream(),
    );
    const inSegments = newSegments.reduce((sum, { count }) => sum + count, 0);
    expect(inSegments).toBeGreaterThan(100);
    expect(inSegments + inHead.length).toBe(samples.length);
    for (const { json: pieces, count } of newSegments) {
      const json = [...pieces()].join('');
      const entries = scan(json)?.entries;
      expect(entries?.paths).toHaveLength(count);
      const read = readSegmentForIndex(new TextEncoder().encode(json), 's', nodeBytes);
      expect(unwrap(read).entries).toEqual(entries);
    }
    // Another form is read all the same, into objects.
    const spread = new TextEncoder().encode(JSON.stringify({ schema: 1, entries: samples }, null, 1));
    expect(unwrap(readSegmentForIndex(spread, 's', nodeBytes)).entries).toEqual(samples);
    const damaged = readSegmentForIndex(new Uint8Array([0xff]), 's', nodeBytes);
    expect(damaged).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  });

  it('leaves every other form to others', () => {
    const entry = JSON.stringify(base);
    for (const json of [
      '',
      '{}',
      `{"schema":2,"month":"2026-01","entries":[${entry}]}`,
      `{"month":"2026-01","schema":1,"entries":[${entry}]}`,
      `${segment([entry])}\n`,
      `${segment([entry])}}`,
      segment([entry, '']),
      segment(['', entry]),
      segment([`${entry} `]),
      `\ufeff${segment([entry])}`,
    ])
      expect(scan(json)).toBeNull();
    expect(scan(segment([]))?.entries.paths).toEqual([]);
    expect(unwrap(readSegment(new TextEncoder().encode(segment([])), 's')).entries).toEqual([]);
  });
});
