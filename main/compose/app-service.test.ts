import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InboxNote } from '../../shared/ipc/payloads.ts';
import { unwrap } from '../../shared/result.ts';
import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { enqueue } from '../core/agent-hooks/queue.ts';
import { createAppWorld, end, event, idle, status, type AppWorld } from '../testing/app-world.ts';
import { startStopwatch } from '../testing/processor-time.ts';
import { dataPaths } from './paths.ts';
import { userName } from './user-name.ts';

let world: AppWorld;
beforeEach(() => {
  world = createAppWorld();
});
afterEach(() => world.end());

describe('the app service', () => {
  it('carries a log from one machine to another, and tells each step', async () => {
    const [a, b] = [await world.openJoined('a'), await world.openJoined('b')];
    world.write('a', '2026-01-06-hal-topic.md', '# Größe\n\nText');
    const pushed = await end(a, a.sync.push());
    expect(pushed).toMatchObject({
      kind: 'push',
      cause: 'person',
      outcome: 'done',
      summary: { uploaded: 1 },
    });
    expect(unwrap(await a.status.get())).toMatchObject({
      state: 'idle',
      pending: { logs: 0 },
      stores: [{ kind: 'folder', reachable: true, lastError: null }],
    });

    const read = await end(b, b.sync.index());
    expect(read.outcome).toBe('done');
    const page = unwrap(await b.logs.page({}));
    expect(page.rows).toMatchObject([
      { path: '2026-01-06-hal-topic.md', host: 'host-a', place: 'store', title: 'Größe' },
    ]);
    const id = page.rows[0]?.id as never;
    expect(unwrap(await b.logs.read({ id }))).toMatchObject({ state: 'not-pulled' });
    const pulled = await end(b, b.logs.pull({ ids: [id] }));
    expect(pulled).toMatchObject({
      outcome: 'done',
      subject: '2026-01-06-hal-topic.md',
      summary: { downloaded: 1 },
    });
    expect(unwrap(await b.logs.read({ id }))).toMatchObject({
      state: 'here',
      text: '# Größe\n\nText',
      next: null,
    });
    expect(unwrap(await b.machines.list()).machines).toMatchObject([
      { host: 'host-a', own: false, logs: 1, cachedLogs: 1 },
    ]);
  });

  it('reads a log that the index does not know yet', async () => {
    const a = await world.openJoined('a');
    world.write('a', '2026-01-07-hal-new.md', '# New');
    const uuid = unwrap(await a.status.get()).machine?.uuid ?? '';
    expect(unwrap(await a.logs.read({ id: `${uuid}/2026-01-07-hal-new.md` as never }))).toMatchObject({
      state: 'here',
      text: '# New',
    });
  });

  it('pushes by itself when a log appears, and shows it', async () => {
    const a = await world.openJoined('a');
    a.start();
    await status(a, ({ schedule }) => schedule.nextPush !== null);
    const shown = event(
      a,
      'index.changed',
      ({ ids }) => ids?.some((id) => id.endsWith('2026-01-08-hal-live.md')) ?? false,
    );
    const pushed = event(
      a,
      'operation.done',
      ({ kind, summary }) => kind === 'push' && summary.uploaded === 1,
    );
    world.write('a', '2026-01-08-hal-live.md', '# Live');
    await shown;
    expect(await pushed).toMatchObject({ outcome: 'done' });
    await status(a, ({ pending }) => pending.logs === 0);
  });

  it('asks about a log that was cut, and takes the stored one back', async () => {
    const a = await world.openJoined('a');
    world.write('a', '2026-01-06-hal-long.md', '# Long\n\nall of it\n');
    await end(a, a.sync.push());
    world.write('a', '2026-01-06-hal-long.md', '# Long\n');
    expect((await end(a, a.sync.push())).outcome).toBe('partial');
    const { attention, state } = unwrap(await a.status.get());
    expect(state).toBe('attention');
    expect(attention).toMatchObject([
      {
        kind: 'log-shrunk',
        subject: '2026-01-06-hal-long.md',
        answers: ['take-remote', 'push-as-is', 'dismiss'],
      },
    ]);
    const wrong = await a.sync.answer({ item: attention[0]?.id ?? '', answer: 'accept-hostname' });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'usage' } });
    const restored = await end(a, a.sync.answer({ item: attention[0]?.id ?? '', answer: 'take-remote' }));
    expect(restored).toMatchObject({ kind: 'restore', outcome: 'done' });
    expect(readFileSync(join(world.homeOf('a'), 'session-logs', '2026-01-06-hal-long.md'), 'utf8')).toContain(
      'all of it',
    );
    await status(a, (now) => now.attention.length === 0);
  });

  it('pushes a cut log as it is when told so, and the stored one is kept', async () => {
    const a = await world.openJoined('a');
    world.write('a', 'x.md', '# Long\n\nall of it\n');
    await end(a, a.sync.push());
    world.write('a', 'x.md', '# Long\n');
    await end(a, a.sync.push());
    const [item] = unwrap(await a.status.get()).attention;
    const forced = await end(a, a.sync.answer({ item: item?.id ?? '', answer: 'push-as-is' }));
    expect(forced).toMatchObject({ outcome: 'done', summary: { uploaded: 1, kept: 1 } });
    await status(a, (now) => now.attention.length === 0);
  });

  it('says that the machine was renamed, until the name is accepted', async () => {
    await (await world.open('a')).stop();
    const a = await world.open('a', 'other-name');
    const [item] = unwrap(await a.status.get()).attention;
    expect(item).toMatchObject({ kind: 'hostname-changed', subject: 'other-name' });
    unwrap(await a.sync.answer({ item: item?.id ?? '', answer: 'accept-hostname' }));
    expect(unwrap(await a.status.get())).toMatchObject({ attention: [], machine: { host: 'other-name' } });
  });
});

describe('notes', () => {
  const note = `# Log\n\n## Note for ${userName()}\n\nPlease look at the build.\n`;
  const today = new Date().toISOString().slice(0, 10);

  it('are told anew when one is done that was read already, and when another program marks one', async () => {
    const [a, b] = [await world.openJoined('a'), await world.openJoined('b')];
    world.write('b', `${today}-mike-build.md`, note);
    await end(b, b.sync.push());
    const came = event(a, 'notes.changed', ({ unread }) => unread === 1);
    await end(a, a.sync.index());
    await came;
    const [only] = unwrap(await a.notes.list({ show: 'open' })).notes;
    const notes = [only?.hash ?? ''];
    const read = event(a, 'notes.changed', ({ unread }) => unread === 0);
    unwrap(await a.notes.markRead({ notes }));
    await read;
    const done = event(a, 'notes.changed', () => true);
    unwrap(await a.notes.markDone({ notes }));
    await done;
    a.start();
    const reopened = event(a, 'notes.changed', () => true);
    rmSync(dataPaths(world.homeOf('a')).receipts);
    await reopened;
  });

  it('are announced once, also across restarts, and marked in the inbox', async () => {
    const [a, b] = [await world.openJoined('a'), await world.openJoined('b')];
    world.write('b', `${today}-mike-build.md`, note);
    await end(b, b.sync.push());
    const heard: InboxNote[] = [];
    a.onNewNotes((notes) => heard.push(...notes));
    const unread = status(a, (now) => now.unread === 1);
    await end(a, a.sync.index());
    await unread;
    await end(a, a.sync.index());
    expect(heard).toMatchObject([
      { state: 'unread', host: 'host-b', text: expect.stringContaining('Please look') },
    ]);
    await a.stop();

    const again = await world.open('a');
    const twice: InboxNote[] = [];
    again.onNewNotes((notes) => twice.push(...notes));
    world.write('b', `${today}-mike-more.md`, `# More\n\n## Note for ${userName()}\n\nAnd the docs.\n`);
    await end(b, b.sync.push());
    await end(again, again.sync.index());
    expect(twice.map(({ text }) => text)).toEqual([expect.stringContaining('And the docs')]);
    const open_ = unwrap(await again.notes.list({ show: 'open' }));
    expect(open_).toMatchObject({ total: 2, unread: 2 });
    const hashes = open_.notes.map(({ hash }) => hash);
    expect(unwrap(await again.notes.markDone({ notes: hashes }))).toEqual({ unread: 0 });
    expect(unwrap(await again.notes.list({ show: 'done' })).total).toBe(2);
    expect(unwrap(await again.notes.reopen({ notes: hashes.slice(0, 1) }))).toEqual({ unread: 0 });
    expect(unwrap(await again.notes.list({ show: 'done' })).total).toBe(1);
    expect(await again.notes.markRead({ notes: ['f'.repeat(64)] })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  });
});

describe('announcements', () => {
  it('of notes are made by notifications.notes, and not without', async () => {
    const [a, b] = [await world.openJoined('a'), await world.openJoined('b')];
    const today = new Date().toISOString().slice(0, 10);
    const heard: string[] = [];
    a.onNewNotes((notes) => heard.push(...notes.map(({ text }) => text)));
    const send = async (words: string): Promise<void> => {
      const text = `# Build\n\n## Note for ${userName()}\n\n${words}\n`;
      world.write('b', `${today}-mike-${words.length}.md`, text);
      await end(b, b.sync.push());
      await end(a, a.sync.index());
    };
    unwrap(await a.settings.set({ change: { notifications: { notes: false } } }));
    await send('Unheard of');
    unwrap(await a.settings.set({ change: { notifications: { notes: true } } }));
    await send('Heard');
    expect(heard).toEqual([expect.stringContaining('Heard')]);
    expect(unwrap(await a.status.get()).unread).toBe(2);
  });

  it('of problems are made once, also across a restart, and pages can be shown them', async () => {
    const first = await world.openJoined('a');
    world.write('a', '2026-01-06-hal-long.md', '# Long\n\nall of it\n');
    await end(first, first.sync.push());
    world.write('a', '2026-01-06-hal-long.md', '# Long\n');
    const told: string[] = [];
    first.onProblems((items) => told.push(...items.map(({ subject }) => subject)));
    const started = status(first, ({ schedule }) => schedule.nextPush !== null);
    first.start();
    await started;
    await idle(first);
    await end(first, first.sync.push());
    await end(first, first.sync.push());
    expect(told).toEqual(['2026-01-06-hal-long.md']);
    await first.stop();
    const second = await world.open('a');
    second.onProblems((items) => told.push(...items.map(({ subject }) => subject)));
    second.start();
    await status(second, ({ attention }) => attention.length === 1);
    expect(told).toHaveLength(1);
    const shown = event(second, 'notice.show');
    second.showNotice({ id: 'x', tone: 'warning', title: 'T', body: 'B', route: '#/sync' });
    expect(await shown).toMatchObject({ title: 'T', route: '#/sync' });
  });
});

describe('the end', () => {
  it('comes within a second in the middle of a push, and the next start does the rest', async () => {
    const a = await world.openJoined('a');
    for (let i = 0; i < 400; i++)
      world.write('a', `2026-01/${String(i).padStart(3, '0')}.md`, `# ${i}\n${'x'.repeat(5_000)}`);
    const under = event(a, 'operation.progress', ({ kind, done }) => kind === 'push' && done > 0);
    const started = await a.sync.push();
    expect(started.ok).toBe(true);
    await under;
    const stopwatch = startStopwatch();
    await a.stop();
    expect(stopwatch()).toBeLessThan(1_200);
    const again = await world.open('a');
    const rest = await end(again, again.sync.push());
    expect(rest.outcome).toBe('done');
    expect(unwrap(await again.status.get()).pending.logs).toBe(0);
    expect(rest.summary.uploaded + rest.summary.unchanged).toBe(400);
  });
});

describe('what hooks have queued', () => {
  it('is done by the app, and then the queue is empty', async () => {
    const a = await world.openJoined('a');
    a.start();
    await status(a, ({ schedule }) => schedule.nextPush !== null);
    await idle(a);
    const pushed = event(a, 'operation.done', ({ kind, cause }) => kind === 'push' && cause === 'hook');
    const paths = dataPaths(world.homeOf('a'));
    unwrap(await enqueue({ files: createNodeFiles(), paths }, { kind: 'push', at: Date.now() }));
    expect((await pushed).outcome).toBe('done');
    await status(a, ({ pending }) => pending.hooks === 0);
    expect(existsSync(paths.queue)).toBe(false);
  });
});

describe('a pause', () => {
  it('outlives a restart', async () => {
    const a = await world.open('a');
    unwrap(await a.sync.pause({ for: 'until-resumed' }));
    await a.stop();
    const again = await world.open('a');
    again.start();
    expect((await status(again, ({ paused }) => paused !== null)).paused).toMatchObject({
      until: null,
      reason: 'asked',
    });
    expect(unwrap(await again.sync.resume()).paused).toBeNull();
  });
});
