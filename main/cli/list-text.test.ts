import { expect, it } from 'vitest';
import type { LogRow } from '../../shared/domain/log-query.ts';
import { emptyListText, listText, placeText, type ListLook } from './list-text.ts';
import { forTerminal } from '../../shared/domain/terminal-text.ts';
import { applyStyle, terminalStyle } from './terminal-style.ts';
import { displayWidth } from './text-table.ts';

const ROW: LogRow = {
  id: 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa/SESSION-LOG-2026-06-05.md#s-1' as LogRow['id'],
  machine: 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' as LogRow['machine'],
  host: 'mara-mbp',
  path: 'SESSION-LOG-2026-06-05.md' as LogRow['path'],
  date: '2026-06-05' as LogRow['date'],
  mtime: 0,
  size: 2_048,
  sha256: '',
  title: 'Payment retries',
  author: 'Mara Lindqvist',
  user: 'mara',
  topic: null,
  project: 'harbor',
  client: null,
  kind: 'session',
  sessions: 1,
  notes: 0,
  session: 's-1',
  time: Date.parse('2026-06-05T09:05:00Z'),
  dateGuessed: false,
  tags: [],
  copies: 0,
  place: 'local',
  commit: null,
  backedUp: true,
  stale: false,
};

function text(rows: readonly LogRow[], more: Partial<ListLook> = {}, offset = 0): string {
  const page = { rows, total: offset + rows.length, version: 1, offset };
  const look = {
    timeZone: () => 'UTC',
    width: null,
    style: terminalStyle({}, false),
    long: false,
    files: false,
  };
  return listText(page, { ...look, ...more });
}

it('says of a session when, who, about what and where, in one line', () => {
  const [head, line] = text([ROW], { width: 100 }).split('\n');
  expect(head).toBe('DATE        TIME   WHO             PROJECT  TITLE            MACHINE   PLACE');
  expect(line).toBe('2026-06-05  09:05  Mara Lindqvist  harbor   Payment retries  mara-mbp  here');
});

it('fits 80 columns with long words everywhere, and keeps the title', () => {
  const long = {
    ...ROW,
    title: 'Ledger retries '.repeat(20),
    author: 'A very long name of a person',
    host: 'a-very-long-host-name',
  };
  const lines = text([long, { ...ROW, backedUp: false }], { width: 80 }).split('\n');
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  expect(lines[1]).toContain('Ledger retries');
});

it('lets no endless title push the rest away in a pipe', () => {
  const [head] = text([{ ...ROW, title: 'word '.repeat(200) }, ROW]).split('\n');
  expect(head?.length).toBeLessThan(200);
});

it('marks guessed days and says what the mark means', () => {
  const marked = text([{ ...ROW, dateGuessed: true, time: null }, ROW]);
  expect(marked).toContain('~2026-06-05');
  expect(marked).toMatch(/\n~ nothing in the log says its day/);
  expect(text([ROW])).not.toContain('~');
});

it('calls a daily log by its day', () => {
  const daily = { ...ROW, id: ROW.id.replace(/#.*/, '') as LogRow['id'], kind: 'daily' as const, title: 'x' };
  expect(text([daily])).toContain('Daily log, 5 Jun');
});

it('shows where to go on', () => {
  const page = { rows: [ROW], total: 9, version: 1, offset: 3 };
  const look = {
    timeZone: () => 'UTC',
    width: 80,
    style: terminalStyle({}, false),
    long: false,
    files: false,
  };
  expect(listText(page, look)).toContain('4\u20134 of 9 sessions; the next: --offset 4');
});

it('tells places apart', () => {
  const place = (row: Partial<LogRow>): string => placeText({ ...ROW, ...row });
  expect(place({})).toBe('here');
  expect(place({ backedUp: false })).toBe('not pushed yet');
  expect(place({ place: 'workspace' })).toBe('workspace');
  expect(place({ place: 'cached' })).toBe('cached');
  expect(place({ place: 'cached', stale: true })).toBe('cached, old');
  expect(place({ place: 'store' })).toBe('in store');
});

it('colours only what a person looks at, and not against their will', () => {
  const printed = (env: Record<string, string>, toTerminal: boolean, row = ROW): string =>
    applyStyle(forTerminal(text([row], { style: terminalStyle(env, toTerminal) })));
  expect(printed({}, true)).toContain('\u001b[1mPayment retries\u001b[22m');
  for (const plain of [printed({}, false), printed({ NO_COLOR: '1' }, true), printed({ TERM: 'dumb' }, true)])
    expect(plain).not.toContain('\u001b');
  expect(printed({ NO_COLOR: '' }, true)).toContain('\u001b');
  const hostile = printed({}, true, { ...ROW, title: 'a\u001b[31mred <x:31>' });
  expect(hostile).toContain('<U+001B>[31mred <x:31>');
});

it('says what to do next where nothing is there at all, and where nothing matches', () => {
  expect(emptyListText(false)).toContain('session-log setup');
  expect(emptyListText(true)).toMatch(/^No sessions match/);
});
