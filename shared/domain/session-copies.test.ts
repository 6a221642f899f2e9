import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarDate, LogId, LogPath, MachineUuid } from './ids.ts';
import type { LogRow } from './log-query.ts';
import {
  byFullness,
  COPY_LIMIT,
  copyRow,
  joinCopies,
  sessionRow,
  type SessionCopy,
} from './session-copies.ts';

const MACHINE = 'bbbbbbbb-0000-4000-8000-000000000002' as MachineUuid;

function row(id: string, more: Partial<LogRow> = {}): LogRow {
  return {
    id: id as LogId,
    machine: MACHINE,
    host: 'host',
    path: `${id}.md` as LogPath,
    kind: 'session',
    topic: null,
    user: null,
    project: null,
    client: null,
    date: '2026-01-05' as CalendarDate,
    mtime: 1,
    size: 1,
    sha256: '',
    title: null,
    author: null,
    sessions: 1,
    notes: 0,
    session: 's',
    time: null,
    dateGuessed: false,
    tags: [],
    copies: 0,
    place: 'store',
    commit: null,
    backedUp: false,
    stale: false,
    ...more,
  };
}

function log(id: string, more: Partial<LogRow> = {}): SessionCopy {
  return { row: row(id, more), workspace: more.place === 'workspace', part: false };
}

function part(id: string, more: Partial<LogRow> = {}): SessionCopy {
  return { ...log(id, more), part: true };
}

function ids(sessions: readonly (readonly SessionCopy[])[]): string[] {
  return sessions
    .map((session) => session.map((copy) => copy.row.id).join(' '))
    .sort((a, b) => (a < b ? -1 : 1));
}

describe('joinCopies', () => {
  it.each<[string, SessionCopy[], string[]]>([
    ['copies of nobody', [log('a'), part('b')], ['a b']],
    ['one person, whatever the case', [log('a', { user: 'Ana' }), part('b', { user: 'ana ' })], ['a b']],
    ['two persons with one id', [log('a', { user: 'ana' }), log('b', { user: 'bob' })], ['a', 'b']],
    ['who names nobody, with the one person there is', [log('a', { user: 'ana' }), part('b')], ['a b']],
    [
      'nobody with any of two persons',
      [log('a', { user: 'ana' }), log('b', { user: 'bob' }), part('c'), part('d')],
      ['a', 'b', 'c', 'd'],
    ],
    [
      'two short names of one full name',
      [log('a', { user: 'ana', author: 'Ana Meyer' }), log('b', { user: 'ameyer', author: 'Ana Meyer' })],
      ['a b'],
    ],
    [
      'what a third one links',
      [
        log('a', { user: 'ana' }),
        log('b', { author: 'Ana M.' }),
        log('c', { user: 'ana', author: 'ana m.' }),
      ],
      ['a b c'],
    ],
    [
      'a short name that is another one’s full name',
      [log('a', { user: 'sam' }), log('b', { author: 'Sam' })],
      ['a', 'b'],
    ],
  ])('joins %s as it should', (_, copies, wanted) => {
    expect(ids(joinCopies(copies))).toEqual(wanted);
    expect(ids(joinCopies([...copies].reverse()))).toEqual(wanted);
  });

  it('shows who wrote it: a machine before a workspace, a log before a part, the first day, this machine', () => {
    const date = '2026-01-04' as CalendarDate;
    const order = [
      log('z', { date }),
      log('y', { place: 'local' }),
      log('x'),
      part('c', { date }),
      part('a'),
      part('b'),
      log('w', { date, place: 'workspace' }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(order, { minLength: 1 }), (copies) => {
        const [session = []] = joinCopies(copies);
        expect(session).toEqual(order.filter((copy) => copies.includes(copy)));
      }),
    );
  });

  it('leaves alone an id that more rows claim than a session has copies', () => {
    const many = (count: number): SessionCopy[] => Array.from({ length: count }, (_, at) => part(`${at}`));
    expect(joinCopies(many(COPY_LIMIT))).toHaveLength(1);
    expect(joinCopies(many(COPY_LIMIT + 1))).toHaveLength(COPY_LIMIT + 1);
  });
});

describe('the row of a session', () => {
  const summary = part('a', { title: 'Fix it', time: 5, backedUp: true, notes: 1 });
  const whole = log('b', {
    place: 'workspace',
    title: 'Fix the cache',
    author: 'Ana Meyer',
    user: 'ana',
    topic: 'fix-cache',
    project: 'atlas',
    tags: ['cache'],
    notes: 3,
  });

  it('says what any copy knows, and where the fullest one is', () => {
    expect(sessionRow([summary, whole])).toEqual({
      ...summary.row,
      author: 'Ana Meyer',
      user: 'ana',
      topic: 'fix-cache',
      project: 'atlas',
      tags: ['cache'],
      notes: 3,
      copies: 1,
      place: 'workspace',
      backedUp: true,
      stale: false,
    });
  });

  it('leaves each copy where it is', () => {
    expect(copyRow(whole, [summary, whole])).toEqual({ ...whole.row, time: 5, copies: 1 });
  });

  it('is old only when every cached copy is', () => {
    const [old, fresh] = [log('a', { place: 'cached', stale: true }), log('b', { place: 'cached' })];
    expect(sessionRow([old, log('c')])).toMatchObject({ place: 'cached', stale: true });
    expect(sessionRow([old, fresh])).toMatchObject({ place: 'cached', stale: false });
    expect(sessionRow([old, log('c', { place: 'local' })])).toMatchObject({ place: 'local', stale: false });
  });
});

describe('byFullness', () => {
  it('puts whole logs on this disk first, then parts there, then the store', () => {
    const order = [
      log('a', { place: 'workspace' }),
      log('b', { place: 'local' }),
      log('c', { place: 'cached' }),
      part('d', { place: 'workspace' }),
      part('e', { place: 'local' }),
      part('f', { place: 'cached' }),
      log('g'),
      part('h'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(order, { minLength: order.length }), (copies) => {
        expect(byFullness(copies)).toEqual(order);
      }),
    );
  });
});

describe('a captured log', () => {
  const captured = log('captured', {
    path: 'captured/claude-code/projects/harbor/2026-01/2026-01-05-hal-names.md' as LogPath,
    place: 'local',
    title: 'captured',
  });

  it.each(['local', 'workspace', 'cached'] as const)(
    'stands behind what somebody wrote of the session (%s)',
    (place) => {
      const written = log('written', { place, title: 'written' });
      const [session] = joinCopies([captured, written]);
      expect(session?.map(({ row: { title } }) => title)).toEqual(['written', 'captured']);
      expect(byFullness(session ?? [])[0]?.row.title).toBe('written');
    },
  );

  it('is what opens when what was written is only in the store', () => {
    const written = log('written', { place: 'store' });
    expect(byFullness([written, captured])[0]).toBe(captured);
  });
});
