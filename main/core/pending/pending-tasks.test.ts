import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import type { PendingReport } from '../../../shared/domain/pending-list.ts';
import { unwrap } from '../../../shared/result.ts';
import { newSearch } from '../../testing/search-fixture.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import type { Reader } from '../notes/reader.ts';
import type { SearchIndex } from '../ports/search-index.ts';
import { sweepTexts } from '../search/sweep.ts';
import { pullIndex } from '../sync/pull-index.ts';
import { pullLogs } from '../sync/pull-logs.ts';
import { push } from '../sync/push.ts';
import { refreshLocal } from '../workflows/refresh-local.ts';
import { findTasks, listPending, markTasks, type PendingRequest } from './pending-tasks.ts';

const ANA: Reader = { user: 'ana', fullName: 'Ana Ruiz' };
const BEN: Reader = { user: 'ben', fullName: null };

let world: TestWorld;
let a: TestMachine;
let b: TestMachine;
const texts = new Map<TestMachine, SearchIndex>();

beforeEach(() => {
  world = createTestWorld();
  a = world.machine('a');
  b = world.machine('b');
  texts.clear();
});
afterEach(() => world.end());

const searchOf = (machine: TestMachine): SearchIndex => {
  const search = texts.get(machine) ?? newSearch();
  texts.set(machine, search);
  return search;
};

async function look(
  machine: TestMachine,
  reader: Reader,
  request: PendingRequest = {},
): Promise<PendingReport> {
  unwrap(await refreshLocal(machine.deps));
  const search = searchOf(machine);
  unwrap(
    await sweepTexts({ sync: machine.deps, search, me: () => [reader.user], ownCredentials: () => false }),
  );
  return unwrap(await listPending({ sync: machine.deps, search }, reader, request));
}

const said = ({ threads }: PendingReport): readonly string[] =>
  threads.flatMap(({ tasks }) =>
    tasks.map(({ text, state, doneBy }) =>
      state === 'open' ? text : `x ${text} (${doneBy?.reader ?? 'log'})`,
    ),
  );

const log = (user: string, list: string, more = ''): string =>
  `# T\n\n## User\n\n- **User:** X (${user})\n- **Machine:** m\n${more}\n## Pending / Incomplete Tasks\n\n${list}\n`;
const mark = (session: string, saved: string): string =>
  `\n<!-- session-log: session=${session} saved=${saved} text=0 -->\n`;

/** Ben's logs, on both machines: they come to A by the store. */
async function exchange(): Promise<void> {
  unwrap(await push(b.deps));
  unwrap(await push(a.deps));
  for (const machine of [a, b]) {
    unwrap(await pullIndex(machine.deps));
    unwrap(await pullLogs(machine.deps, {}));
  }
}

const markOn = (machine: TestMachine, reader: Reader, id: string, state: 'done' | 'open') =>
  markTasks({ ...machine.deps, paths: machine.paths }, reader, [id], state);

describe('the list of what is pending', () => {
  it('is the newest list of each person on each topic of each project, the newest first', async () => {
    await a.write('2026-06-01-ana-dns.md', log('ana', '- old one\n- move the zone'));
    await a.write('2026-06-03-ana-dns.md', log('ana', '- move the zone\n- [x] ask Howard'));
    await a.write('2026-06-02-ben-dns.md', log('ben', '- of Ben'));
    await a.write('projects/ATLAS/2026-06-04-ana-dns.md', log('ana', '- of Atlas'));
    const report = await look(a, ANA);
    expect(said(report)).toEqual(['of Atlas', 'move the zone', 'of Ben']);
    expect(report).toMatchObject({ open: 3, done: 1, more: false, reader: 'ana' });
    expect(report.threads[1]).toMatchObject({
      path: '2026-06-03-ana-dns.md',
      user: 'ana',
      mine: true,
      day: '2026-06-03',
      tasks: [{ since: '2026-06-01' as CalendarDate, line: 10 }],
    });
    expect(said(await look(a, ANA, { all: true }))).toContain('x ask Howard (log)');
  });

  it('is empty for a thread whose newest log says that nothing is left, and unchanged by one that says nothing', async () => {
    await a.write('2026-06-01-ana-dns.md', log('ana', '- move the zone'));
    await a.write('2026-06-01-ana-mail.md', log('ana', '- order disks'));
    await a.write('2026-06-02-ana-dns.md', log('ana', 'None.'));
    await a.write('2026-06-02-ana-mail.md', log('ana', '_Not recorded._'));
    expect(said(await look(a, ANA))).toEqual(['order disks']);
  });

  it('takes the last save of a log that was saved several times, and the later of two sessions on one topic', async () => {
    const first = mark('s-1', '2026-06-01T09:00:00Z');
    const again = `\n## Update: 11:00\n${mark('s-1', '2026-06-03T11:00:00Z')}\n### Pending\n\n- from Wednesday\n`;
    await a.write('2026-06-01-ana-dns.md', log('ana', '- from Monday', first) + again);
    await a.write('2026-06-02-ana-dns.md', log('ana', '- from Tuesday', mark('s-2', '2026-06-02T09:00:00Z')));
    expect(said(await look(a, ANA))).toEqual(['from Wednesday']);
  });

  it('says where a task of a daily log stands in its session, which is what opens', async () => {
    const entry = (id: string, task: string): string =>
      `## 2026-06-05T09:00:00Z - Session Entry\n\n**Session ID:** ${id}\n**User:** X (ana)\n\n### Pending\n\n- ${task}\n\n`;
    await a.write(
      'SESSION-LOG-2026-06-05.md',
      entry('s-1', 'move the zone') + entry('s-2', 'wash the tiles'),
    );
    const report = await look(a, ANA, { all: true });
    expect(report.threads.map(({ part, tasks }) => [part, tasks[0]?.line, tasks[0]?.readLine])).toEqual([
      ['s-1', 8, 8],
      ['s-2', 17, 8],
    ]);
  });

  it('shows a session once that is at hand as a log and as a part of a daily log', async () => {
    const daily = `## 2026-06-05T09:00:00Z - Session Entry\n\n**Session ID:** s-1\n**User:** X (ana)\n**Log:** \`session-logs/2026-06-05-ana-dns.md\`\n\n### Pending\n\n- move the zone\n`;
    await a.write('SESSION-LOG-2026-06-05.md', daily);
    await a.write(
      '2026-06-05-ana-dns.md',
      log('ana', '- move the zone', mark('s-1', '2026-06-05T09:00:00Z')),
    );
    const report = await look(a, ANA, { all: true });
    expect(said(report)).toEqual(['move the zone']);
    expect(report.threads[0]?.part).toBeNull();
  });

  it('is asked by the days of its lists', async () => {
    await a.write('2026-06-01-ana-x.md', log('ana', '- one'));
    await a.write('2026-06-02-ana-y.md', log('ana', '- two'));
    await a.write('2026-06-03-ana-z.md', log('ana', '- three'));
    const day = (text: string): CalendarDate => text as CalendarDate;
    expect(said(await look(a, ANA, { from: day('2026-06-02') }))).toEqual(['three', 'two']);
    expect(said(await look(a, ANA, { to: day('2026-06-02') }))).toEqual(['two', 'one']);
    const both = await look(a, ANA, { from: day('2026-06-02'), to: day('2026-06-02') });
    expect([said(both), both.open]).toEqual([['two'], 1]);
  });

  it('is asked by person, project, machine, mine, and to a limit', async () => {
    await a.write('projects/ATLAS/2026-06-01-ana-x.md', log('ana', '- one\n- two'));
    await b.write('2026-06-02-ben-y.md', log('ben', '- three'));
    await exchange();
    expect(said(await look(a, ANA))).toEqual(['three', 'one', 'two']);
    expect(said(await look(a, ANA, { users: ['BEN'] }))).toEqual(['three']);
    expect(said(await look(a, ANA, { projects: ['atlas'] }))).toEqual(['one', 'two']);
    expect(said(await look(a, ANA, { machines: ['host-b'] }))).toEqual(['three']);
    expect(said(await look(a, ANA, { machines: [b.deps.self.uuid.slice(0, 8)] }))).toEqual(['three']);
    expect(said(await look(a, ANA, { mine: true }))).toEqual(['one', 'two']);
    expect(await look(a, ANA, { limit: 1 })).toMatchObject({
      threads: [{ user: 'ben' }],
      more: true,
      open: 3,
    });
  });

  it('is not held up by a clock that runs ahead: what it says of the future counts as of its day', async () => {
    const ahead = new Date(a.deps.clock.now() + 9e9).toISOString();
    await a.write('2026-06-01-ana-x.md', log('ana', '- ahead', mark('s-1', ahead)));
    expect(said(await look(a, ANA))).toEqual(['ahead']);
    await a.write('2026-06-02-ana-x.md', log('ana', '- later', mark('s-2', '2026-06-02T09:00:00Z')));
    expect(said(await look(a, ANA))).toEqual(['later']);
  });

  it('has the tasks of logs that came in a text pack alone', async () => {
    const search = searchOf(a);
    unwrap(
      await search.put([
        {
          machine: b.deps.self.uuid,
          host: 'host-b',
          path: unwrapPath('2026-06-02-ben-y.md'),
          size: 9,
          mtime: 5,
          sha256: 'x',
          origin: 'pack',
          text: log('ben', '- from a pack'),
        },
      ]),
    );
    expect(said(await look(a, ANA))).toEqual(['from a pack']);
  });
});

describe('a task that is ticked off', () => {
  it('is done for the whole team, by whom is said, and the log is as it was', async () => {
    await b.write('2026-06-02-ben-y.md', log('ben', '- three'));
    await a.write('2026-06-01-ana-x.md', '# by Ana\n\n## User\n\n- **User:** Ana Ruiz (ana)\n');
    await exchange();
    const [task] = (await look(a, ANA)).threads[0]?.tasks ?? [];
    const before = await readFile(`${b.paths.sessionLogs}/2026-06-02-ben-y.md`);
    unwrap(await markOn(a, ANA, task?.id ?? '', 'done'));
    expect(await look(a, ANA)).toMatchObject({ threads: [], open: 0, done: 1 });
    await exchange();
    expect(said(await look(b, BEN))).toEqual([]);
    const [thread] = (await look(b, BEN, { all: true })).threads;
    expect(thread?.tasks).toMatchObject([{ state: 'done', doneBy: { reader: 'ana', host: 'host-a' } }]);
    expect(await readFile(`${b.paths.sessionLogs}/2026-06-02-ben-y.md`)).toEqual(before);
    // Ben takes it back on his machine, whose clock is behind.
    unwrap(await markOn(b, BEN, task?.id ?? '', 'open'));
    await exchange();
    expect(said(await look(a, ANA))).toEqual(['three']);
  });

  it('stays done when a later log lists it again in the same words', async () => {
    await a.write('2026-06-01-ana-x.md', log('ana', '- Order **disks**.'));
    const [task] = (await look(a, ANA)).threads[0]?.tasks ?? [];
    unwrap(await markOn(a, ANA, task?.id ?? '', 'done'));
    await a.write('2026-06-02-ana-x.md', log('ana', '- order disks\n- new'));
    expect(said(await look(a, ANA))).toEqual(['new']);
  });

  it('counts only from machines that logs of that person come from, and never from a far future', async () => {
    await a.write('2026-06-01-ana-x.md', log('ana', '- order disks\n- two'));
    await b.write('2026-06-02-ben-y.md', log('ben', 'None'));
    const tasks = (await look(a, ANA)).threads.flatMap(({ tasks: all }) => all.map(({ id }) => id));
    const now = b.deps.clock.now();
    const forged = [
      { kind: 'task', task: tasks[0], reader: 'ana', at: now, state: 'done' },
      { kind: 'task', task: tasks[1], reader: 'ben', at: now + 9 * 86_400_000, state: 'done' },
      { kind: 'later', what: 'a kind nobody knows' },
    ];
    await mkdir(b.paths.state, { recursive: true });
    await writeFile(b.paths.marks, JSON.stringify(forged));
    await exchange();
    expect(unwrap(await a.deps.index.marks())).toHaveLength(2);
    expect(said(await look(a, ANA))).toEqual(['order disks', 'two']);
  });

  it('is named by the beginning of its id, one and one only', async () => {
    await a.write('2026-06-01-ana-x.md', log('ana', '- order disks\n- two'));
    const report = await look(a, ANA);
    const [task] = report.threads[0]?.tasks ?? [];
    const deps = { sync: a.deps, search: searchOf(a) };
    expect(unwrap(await findTasks(deps, ANA, [task?.id.slice(0, 8).toUpperCase() ?? '']))).toMatchObject([
      { id: task?.id, thread: { path: '2026-06-01-ana-x.md' } },
    ]);
    expect(await findTasks(deps, ANA, ['00000000'])).toMatchObject({ error: { code: 'not-found' } });
    expect(await findTasks(deps, ANA, ['../..'])).toMatchObject({ error: { code: 'invalid-input' } });
  });
});

function unwrapPath(path: string): Parameters<SearchIndex['put']>[0][number]['path'] {
  return path as Parameters<SearchIndex['put']>[0][number]['path'];
}
