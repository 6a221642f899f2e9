import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../shared/app-error.ts';
import type { EventName } from '../../shared/ipc/channels.ts';
import type { AppEvent, EventPayloads } from '../../shared/ipc/contract.ts';
import type { FinishedOperation } from '../../shared/ipc/operation.ts';
import type { InboxNote, Started } from '../../shared/ipc/payloads.ts';
import { unwrap, type Result } from '../../shared/result.ts';
import { createNodeFiles, replaceNow } from '../adapters/node-fs/node-files.ts';
import { createJsonSettings } from '../adapters/settings/json-settings.ts';
import { BROWSER_CAPABILITIES, createBrowseShell, createNoFileManager } from '../browse/browse-shell.ts';
import { enqueue } from '../core/agent-hooks/queue.ts';
import type { Caller } from '../core/app/app-service.ts';
import type { RunningApp } from '../core/app/create-app-service.ts';
import type { HardwarePart } from '../core/ports/machine-probe.ts';
import { MAC, OTHER_MAC } from '../testing/identity-world.ts';
import { openAppService } from './app-service.ts';
import { dataPaths } from './paths.ts';
import { userName } from './user-name.ts';

const CALLER: Caller = { kind: 'test', id: '1' };

let root: string;
const running: RunningApp[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'app-service-'));
  mkdirSync(join(root, 'store'));
});

afterEach(async () => {
  for (const app of running.splice(0)) await app.stop();
  unseal(root);
  rmSync(root, { recursive: true, force: true });
});

/** The cache is read-only; whoever is not root must open it to remove it. */
function unseal(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    chmodSync(join(folder, entry.name), 0o700);
    unseal(join(folder, entry.name));
  }
}

function homeOf(name: string): string {
  return join(root, name);
}

/** An app over the data folder `name`, on a machine of its own. */
async function open(name: string, hostname = `host-${name}`): Promise<RunningApp> {
  const parts: readonly HardwarePart[] = name === 'a' ? MAC : OTHER_MAC;
  const { app } = await openAppService(
    homeOf(name),
    ({ info }) => ({
      shell: createBrowseShell(() =>
        info({
          version: '1',
          shell: 'browser',
          platform: 'linux',
          capabilities: BROWSER_CAPABILITIES,
          runtime: {},
        }),
      ),
      fileManager: createNoFileManager(),
      power: {
        state: () => ({ onBattery: false, metered: false, online: true }),
        subscribe: () => () => undefined,
      },
    }),
    {
      probe: {
        hostname: () => hostname,
        probe: async () => ({
          parts,
          problems: [],
          hostname,
          platform: 'Darwin',
          platformVersion: '14',
          model: 'm',
        }),
      },
    },
  );
  running.push(app);
  return app;
}

/** Opens an app that stores in the folder all machines of a test share. */
async function openJoined(name: string): Promise<RunningApp> {
  const app = await open(name);
  unwrap(
    await app.settings.set({
      change: {
        store: { url: pathToFileURL(join(root, 'store')).href, tenant: 'team' },
        app: { firstRunDone: true },
      },
    }),
  );
  await idle(app);
  return app;
}

function write(name: string, path: string, text: string): void {
  const file = join(homeOf(name), 'session-logs', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Resolves with the first event that `test` accepts. */
function event<N extends EventName>(
  app: RunningApp,
  name: N,
  test: (payload: EventPayloads[N]) => boolean = () => true,
): Promise<EventPayloads[N]> {
  return new Promise((resolve) => {
    const end = app.events.subscribe((one: AppEvent) => {
      if (one.event !== name || !test(one.payload as EventPayloads[N])) return;
      end();
      resolve(one.payload as EventPayloads[N]);
    });
  });
}

/** Waits until the status is as `test` says. */
async function status(
  app: RunningApp,
  test: (status: EventPayloads['status.changed']) => boolean,
): Promise<EventPayloads['status.changed']> {
  const changed = event(app, 'status.changed', test);
  const now = unwrap(await app.status.get());
  return test(now) ? now : changed;
}

const idle = (app: RunningApp): Promise<unknown> => status(app, ({ operations }) => operations.length === 0);

/** Waits for the end of an operation that was just started. */
async function end(
  app: RunningApp,
  started: Promise<Result<Started | null, AppError>>,
): Promise<FinishedOperation> {
  const done = new Map<string, FinishedOperation>();
  const stop = app.events.subscribe((one) => {
    if (one.event === 'operation.done') done.set(one.payload.id, one.payload);
  });
  const answer = unwrap(await started);
  const id = answer?.operation ?? '';
  if (!done.has(id) && !unwrap(await app.sync.operations({})).finished.some((one) => one.id === id))
    await event(app, 'operation.done', (payload) => payload.id === id);
  stop();
  const found = unwrap(await app.sync.operations({})).finished.find((one) => one.id === id);
  return found ?? (done.get(id) as FinishedOperation);
}

describe('the app service', () => {
  it('carries a log from one machine to another, and tells each step', async () => {
    const [a, b] = [await openJoined('a'), await openJoined('b')];
    write('a', '2026-01-06-hal-topic.md', '# Größe\n\nText');
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
    expect(unwrap(await b.machines.list()).machines).toHaveLength(2);
  });

  it('reads a log that the index does not know yet', async () => {
    const a = await openJoined('a');
    write('a', '2026-01-07-hal-new.md', '# New');
    const uuid = unwrap(await a.status.get()).machine?.uuid ?? '';
    expect(unwrap(await a.logs.read({ id: `${uuid}/2026-01-07-hal-new.md` as never }))).toMatchObject({
      state: 'here',
      text: '# New',
    });
  });

  it('pushes by itself when a log appears, and shows it', async () => {
    const a = await openJoined('a');
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
    write('a', '2026-01-08-hal-live.md', '# Live');
    await shown;
    expect(await pushed).toMatchObject({ outcome: 'done' });
    await status(a, ({ pending }) => pending.logs === 0);
  });

  it('asks about a log that was cut, and takes the stored one back', async () => {
    const a = await openJoined('a');
    write('a', '2026-01-06-hal-long.md', '# Long\n\nall of it\n');
    await end(a, a.sync.push());
    write('a', '2026-01-06-hal-long.md', '# Long\n');
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
    expect(readFileSync(join(homeOf('a'), 'session-logs', '2026-01-06-hal-long.md'), 'utf8')).toContain(
      'all of it',
    );
    await status(a, (now) => now.attention.length === 0);
  });

  it('pushes a cut log as it is when told so, and the stored one is kept', async () => {
    const a = await openJoined('a');
    write('a', 'x.md', '# Long\n\nall of it\n');
    await end(a, a.sync.push());
    write('a', 'x.md', '# Long\n');
    await end(a, a.sync.push());
    const [item] = unwrap(await a.status.get()).attention;
    const forced = await end(a, a.sync.answer({ item: item?.id ?? '', answer: 'push-as-is' }));
    expect(forced).toMatchObject({ outcome: 'done', summary: { uploaded: 1, kept: 1 } });
    await status(a, (now) => now.attention.length === 0);
  });

  it('says that the machine was renamed, until the name is accepted', async () => {
    await (await open('a')).stop();
    const a = await open('a', 'other-name');
    const [item] = unwrap(await a.status.get()).attention;
    expect(item).toMatchObject({ kind: 'hostname-changed', subject: 'other-name' });
    unwrap(await a.sync.answer({ item: item?.id ?? '', answer: 'accept-hostname' }));
    expect(unwrap(await a.status.get())).toMatchObject({ attention: [], machine: { host: 'other-name' } });
  });
});

describe('settings', () => {
  it('are refused by field, and nothing changes', async () => {
    const a = await open('a');
    const before = unwrap(await a.settings.get()).settings;
    for (const [change, field] of [
      [{ app: { timeZone: 'Mars/Base' } }, 'app.timeZone'],
      [{ store: { tenant: 'No Tenant' } }, 'store.tenant'],
      [{ store: { url: 'ftp://x' } }, 'store.url'],
      [{ store: { url: 'file:///nowhere/at/all' } }, 'store.url'],
      [{ git: { workspaces: ['relative'] } }, 'git.workspaces'],
      [{ notifications: { quietHours: '25:00-1' } }, 'notifications.quietHours'],
    ] as const)
      expect(await a.settings.set({ change: change as never })).toMatchObject({
        ok: false,
        error: { code: 'invalid-input', details: { field } },
      });
    expect(unwrap(await a.settings.get()).settings).toEqual(before);
  });

  it('that the command line changes are taken over while the app runs', async () => {
    const a = await open('a');
    a.start();
    await status(a, ({ schedule }) => schedule.nextPush !== null);
    await idle(a);
    const told = event(a, 'settings.changed', ({ app }) => app.theme === 'dark');
    const store = createJsonSettings(homeOf('a'), replaceNow);
    const settings = unwrap(store.get());
    unwrap(store.set({ ...settings, app: { ...settings.app, theme: 'dark' } }));
    await told;
    expect(unwrap(await a.settings.get()).settings.app.theme).toBe('dark');
  });

  it('come back from an export, without what this machine does not have', async () => {
    const a = await open('a');
    unwrap(await a.settings.set({ change: { app: { theme: 'dark' } } }));
    const { text } = unwrap(await a.settings.export(CALLER));
    const other = JSON.parse(text) as { store: object; git: object; app: object };
    const edited = JSON.stringify({
      ...other,
      store: { ...other.store, credentials: '/nowhere/key.json' },
      git: { ...other.git, workspaces: ['/nowhere/tree'] },
      app: { ...other.app, theme: 'mauve' },
    });
    const taken = unwrap(await a.settings.import({ text: edited }));
    expect(taken.leftOut).toHaveLength(3);
    expect(taken.settings).toMatchObject({
      store: { credentials: '' },
      git: { workspaces: [] },
      app: { theme: 'dark' },
    });
    for (const bad of ['', '[]', '{"schema":99}', 'null'])
      expect(await a.settings.import({ text: bad })).toMatchObject({ ok: false });
  });

  it('with another store leave nothing of the old one in the list', async () => {
    const [a, b] = [await openJoined('a'), await openJoined('b')];
    write('a', 'x.md', '# X');
    await end(a, a.sync.push());
    await end(b, b.sync.index());
    expect(unwrap(await b.logs.page({})).total).toBe(1);
    unwrap(await b.settings.set({ change: { store: { tenant: 'other' } } }));
    expect(unwrap(await b.logs.page({})).total).toBe(0);
  });

  it('test a store without saving it or leaving anything in it', async () => {
    const a = await open('a');
    const store = { tenant: 'team', credentials: '', impersonate: '', endpoint: '' };
    const folder = join(root, 'store');
    const fresh = unwrap(
      await a.settings.testStore({ store: { ...store, url: pathToFileURL(folder).href } }),
    );
    expect(fresh).toMatchObject({ ok: true, machines: null });
    expect(readdirSync(folder)).toEqual([]);
    expect(
      unwrap(await a.settings.testStore({ store: { ...store, url: 'file:///nowhere/at/all' } })),
    ).toMatchObject({
      ok: false,
      steps: [
        { state: 'ok' },
        { state: 'ok' },
        { step: 'reach', state: 'failed' },
        { state: 'skipped' },
        { state: 'skipped' },
      ],
    });
    const b = await openJoined('b');
    write('b', 'x.md', '# X');
    await end(b, b.sync.push());
    expect(
      unwrap(await a.settings.testStore({ store: { ...store, url: pathToFileURL(folder).href } })),
    ).toMatchObject({ ok: true, machines: 1 });
    expect(unwrap(await a.settings.get()).settings.store.url).toBe('');
  });

  it('that are damaged do not keep the app from starting and from being mended', async () => {
    await (await open('a')).stop();
    const file = join(homeOf('a'), 'settings.json');
    writeFileSync(file, '{"schema": 1, ');
    const a = await open('a');
    const now = unwrap(await a.status.get());
    expect(now).toMatchObject({
      state: 'attention',
      machine: null,
      attention: [{ kind: 'settings', answers: ['retry'] }],
    });
    expect(unwrap(await a.settings.get()).problem?.code).toBe('corrupt');
    expect(await a.logs.page({})).toMatchObject({ ok: false });
    expect(await a.settings.set({ change: { app: { theme: 'dark' } } })).toMatchObject({ ok: false });
    expect(readFileSync(file, 'utf8')).toBe('{"schema": 1, ');
    writeFileSync(file, '{"schema": 1}');
    unwrap(await a.sync.answer({ item: now.attention[0]?.id ?? '', answer: 'retry' }));
    expect(unwrap(await a.status.get())).toMatchObject({ state: 'idle', attention: [] });
    expect(unwrap(await a.logs.page({})).total).toBe(0);
  });
});

describe('notes', () => {
  const note = `# Log\n\n## Note for ${userName()}\n\nPlease look at the build.\n`;
  const today = new Date().toISOString().slice(0, 10);

  it('are announced once, also across restarts, and marked in the inbox', async () => {
    const [a, b] = [await openJoined('a'), await openJoined('b')];
    write('b', `${today}-mike-build.md`, note);
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

    const again = await open('a');
    const twice: InboxNote[] = [];
    again.onNewNotes((notes) => twice.push(...notes));
    write('b', `${today}-mike-more.md`, `# More\n\n## Note for ${userName()}\n\nAnd the docs.\n`);
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

describe('the end', () => {
  it('comes within a second in the middle of a push, and the next start does the rest', async () => {
    const a = await openJoined('a');
    for (let i = 0; i < 400; i++)
      write('a', `2026-01/${String(i).padStart(3, '0')}.md`, `# ${i}\n${'x'.repeat(5_000)}`);
    const under = event(a, 'operation.progress', ({ kind, done }) => kind === 'push' && done > 0);
    const started = await a.sync.push();
    expect(started.ok).toBe(true);
    await under;
    const begun = performance.now();
    await a.stop();
    expect(performance.now() - begun).toBeLessThan(1_200);
    const again = await open('a');
    const rest = await end(again, again.sync.push());
    expect(rest.outcome).toBe('done');
    expect(unwrap(await again.status.get()).pending.logs).toBe(0);
    expect(rest.summary.uploaded + rest.summary.unchanged).toBe(400);
  });
});

describe('what hooks have queued', () => {
  it('is done by the app, and then the queue is empty', async () => {
    const a = await openJoined('a');
    a.start();
    await status(a, ({ schedule }) => schedule.nextPush !== null);
    await idle(a);
    const pushed = event(a, 'operation.done', ({ kind, cause }) => kind === 'push' && cause === 'hook');
    const paths = dataPaths(homeOf('a'));
    unwrap(await enqueue({ files: createNodeFiles(), paths }, { kind: 'push', at: Date.now() }));
    expect((await pushed).outcome).toBe('done');
    await status(a, ({ pending }) => pending.hooks === 0);
    expect(existsSync(paths.queue)).toBe(false);
  });
});

describe('a pause', () => {
  it('outlives a restart', async () => {
    const a = await open('a');
    unwrap(await a.sync.pause({ for: 'until-resumed' }));
    await a.stop();
    const again = await open('a');
    again.start();
    expect((await status(again, ({ paused }) => paused !== null)).paused).toMatchObject({
      until: null,
      reason: 'asked',
    });
    expect(unwrap(await again.sync.resume()).paused).toBeNull();
  });
});
