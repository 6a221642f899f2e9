import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { entry } from '../../testing/index-fixture.ts';
import type { FoundFile } from '../ports/files.ts';
import { classify } from './classify.ts';
import { diffLocal } from '../ledger/diff-local.ts';
import { ledgerRow, type LedgerRow } from '../ledger/ledger.ts';
import { planPush, type PlanInput } from './plan-push.ts';
import type { StoredFacts } from '../store/stored-facts.ts';

const LOG = '2026-01-05-hal-a.md' as LogPath;
const stored = { generation: '7', size: 3 } as StoredFacts;
const bytes = fc.uint8Array({ maxLength: 6 });

describe('how a log relates to what is stored', () => {
  it.each([
    ['same', 'abc', 'abc'],
    ['grown', 'abcd', 'abc'],
    ['grown', 'a', ''],
    ['edited', 'abd', 'abc'],
    ['edited', 'abdx', 'abc'],
    ['shorter', 'ab', 'abc'],
    ['shorter', '', 'a'],
    ['same', '', ''],
  ])('is %j when %j is here and %j there', (relation, here, there) => {
    expect(relate(Buffer.from(here), Buffer.from(there))).toBe(relation);
  });

  it('says what the bytes themselves say, whatever they are', () => {
    fc.assert(
      fc.property(bytes, bytes, (here, there) => {
        const relation = relate(here, there);
        const isPrefix = Buffer.from(here.subarray(0, there.length)).equals(Buffer.from(there));
        if (here.length < there.length) return relation === 'shorter';
        if (!isPrefix) return relation === 'edited';
        return relation === (here.length === there.length ? 'same' : 'grown');
      }),
    );
  });

  function relate(here: Uint8Array, there: Uint8Array): string {
    const prefixCrc32c = here.length < there.length ? null : crc32c(here.subarray(0, there.length));
    return classify(
      { size: here.length, crc32c: crc32c(here), prefixCrc32c },
      { size: there.length, crc32c: crc32c(there) },
    );
  }
});

describe('the plan of a push', () => {
  const broken = appError('io', 'The disk said no.', 'Repeat.');

  it.each<[string, Partial<PlanInput>, unknown]>([
    [
      'uploads what is new',
      { relation: 'new', stored: null },
      { kind: 'upload', reason: 'new', expect: '0' },
    ],
    [
      'uploads as new what the store has not, whatever was thought of it',
      { relation: 'edited', stored: null },
      { kind: 'upload', reason: 'new', expect: '0' },
    ],
    ['uploads what has grown', { relation: 'grown' }, { kind: 'upload', reason: 'grown', expect: '7' }],
    ['uploads what was edited', { relation: 'edited' }, { kind: 'upload', reason: 'edited', expect: '7' }],
    [
      'uploads over damaged bytes',
      { relation: 'damaged' },
      { kind: 'upload', reason: 'damaged', expect: '7' },
    ],
    ['only remembers the same bytes', { relation: 'same' }, { kind: 'remember', stored }],
    ['asks a person about a cut log', { relation: 'cut' }, { kind: 'attention', stored }],
    [
      'reports what could not be read',
      { relation: 'unknown', error: broken },
      { kind: 'failed', error: broken },
    ],
  ])('%s', (_, input, operation) => {
    expect(planPush([{ path: LOG, relation: 'new', stored, ...input }], new Set())).toMatchObject([
      operation,
    ]);
  });

  it('leaves out what vanished, also when it could not be read', () => {
    const gone: PlanInput = { path: LOG, relation: 'vanished', stored };
    expect(planPush([gone, { ...gone, error: broken }], 'all')).toEqual([]);
  });

  it('pushes a cut log when a person has decided so, and no other', () => {
    const cut = (path: string): PlanInput => ({ path: path as LogPath, relation: 'cut', stored });
    const inputs = [cut('b.md'), cut('a.md')];
    const kinds = (forced: ReadonlySet<string> | 'all'): unknown =>
      planPush(inputs, forced).map(({ path, kind }) => [path, kind]);
    expect(kinds(new Set(['b.md']))).toEqual([
      ['a.md', 'attention'],
      ['b.md', 'upload'],
    ]);
    expect(kinds('all')).toEqual([
      ['a.md', 'upload'],
      ['b.md', 'upload'],
    ]);
    expect(planPush([cut('a.md')], 'all')).toMatchObject([{ reason: 'forced', expect: '7', stored }]);
  });

  it('is sorted by path whatever the order of what was found', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['a.md', 'b.md', 'B.md', 'x/a.md', 'x.md'], { minLength: 5 }),
        (paths) => {
          const inputs = paths.map((path): PlanInput => ({
            path: path as LogPath,
            relation: 'new',
            stored: null,
          }));
          expect(planPush(inputs, new Set()).map(({ path }) => path)).toEqual([...paths].sort());
        },
      ),
    );
  });
});

describe('the folder beside the ledger', () => {
  const found = (path: string, more: Partial<FoundFile> = {}): FoundFile => ({
    path,
    size: 100,
    mtimeMs: 5_000,
    ...more,
  });
  const known = (paths: readonly string[], goneSince = 0): ReadonlyMap<LogPath, LedgerRow> =>
    new Map(
      paths.map((path) => [
        path as LogPath,
        ledgerRow(entry(path, { mtime: 5_000, size: 100 }), 1, goneSince),
      ]),
    );
  const names = (count: number): string[] =>
    Array.from({ length: count }, (_, at) => `2026-01-05-hal-${at}.md`);

  it('is unchanged where size and whole milliseconds are the same', () => {
    const diff = diffLocal([found('a.md', { mtimeMs: 5_000.9 })], known(['a.md']));
    expect(diff).toEqual({ changed: [], unchanged: 1, gone: [], lost: [], refused: [] });
  });

  it('is changed where a log is new, longer, later, or back again', () => {
    const files = [found('z.md'), found('long.md', { size: 101 }), found('late.md', { mtimeMs: 5_001 })];
    const rows = new Map([...known(['long.md', 'late.md']), ...known(['back.md'], 9)]);
    const diff = diffLocal([...files, found('back.md')], rows);
    expect(diff.changed.map(({ path, row }) => [path, row === null])).toEqual([
      ['back.md', false],
      ['late.md', false],
      ['long.md', false],
      ['z.md', true],
    ]);
    expect(diff.unchanged).toBe(0);
  });

  it('refuses names that not every machine can keep, and the second of two that are one elsewhere', () => {
    const diff = diffLocal([found('A.md'), found('a.md'), found('con.md'), found('ok.md')], new Map());
    expect(diff.changed.map(({ path }) => path)).toEqual(['A.md', 'ok.md']);
    expect(diff.refused.map(({ path }) => path).sort()).toEqual(['a.md', 'con.md']);
  });

  it.each([
    ['one of two is gone', 2, 1, 'gone'],
    ['four of five are gone', 5, 4, 'gone'],
    ['five of ten are gone', 10, 5, 'lost'],
    ['five of eleven are gone', 11, 5, 'gone'],
    ['all are gone', 1, 1, 'lost'],
    ['all of many are gone', 9, 9, 'lost'],
  ] as const)('takes it for what it is when %s', (_, count, absent, as) => {
    const all = names(count);
    const diff = diffLocal(
      all.slice(absent).map((path) => found(path)),
      known(all),
    );
    expect([diff.gone.length, diff.lost.length]).toEqual(as === 'gone' ? [absent, 0] : [0, absent]);
  });

  it('takes all gone for a loss also when something was written since, but not a single log', () => {
    const fresh = [found('new.md')];
    expect(diffLocal(fresh, known(names(2))).lost).toHaveLength(2);
    expect(diffLocal(fresh, known(names(1))).gone).toHaveLength(1);
  });

  it('counts what was gone before neither as gone nor as lost', () => {
    expect(diffLocal([], known(names(9), 1))).toMatchObject({ gone: [], lost: [] });
  });
});
