import { describe, expect, it } from 'vitest';
import { processorTime } from '../testing/processor-time.ts';
import { appError } from '../../shared/app-error.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { isEnvelope } from '../../shared/envelope.ts';
import { CALLS, EVENTS, type CallName } from '../../shared/ipc/channels.ts';
import { calls, type AppEvent, type CallInput } from '../../shared/ipc/contract.ts';
import type { AppService, Caller } from '../core/app/app-service.ts';
import { handlers } from './handlers.ts';
import { createRouter, type CallReport } from './router.ts';

const UUID = '0123abcd-0123-0123-0123-0123456789ab';
const LOG = `${UUID}/2026-01-06-hal-topic.md`;
const NOTE = 'a1'.repeat(32);

/** One good input for each channel; a channel without one does not compile. */
const GOOD: { readonly [N in CallName]: CallInput<N> } = {
  'app.info': {},
  'app.openBrowser': { route: '#/notes' },
  'app.hidePanel': {},
  'app.quit': {},
  'app.reveal': { what: 'app-log' },
  'attention.answer': { item: 'log-shrunk:x', answer: 'take-remote' },
  'cli.install': {},
  'cli.remove': {},
  'cli.status': {},
  'clipboard.copy': { text: 'x' },
  'gitSync.run': { workspace: '/w', all: true },
  'identity.acceptHostname': {},
  'identity.adopt': { machine: UUID },
  'identity.card': {},
  'identity.create': {},
  'identity.split': { as: 'machine' },
  'logs.compare': { id: LOG },
  'logs.copies': { id: LOG },
  'logs.days': { machines: [UUID], from: '2026-01-01', to: '2026-12-31' },
  'logs.facets': {},
  'logs.groups': { text: 'deploy', groupBy: 'machine' },
  'logs.openInEditor': { id: LOG, line: 3 },
  'logs.page': { text: 'deploy', from: '2026-01-01', offset: 0, limit: 200, order: 'oldest' },
  'logs.pull': { ids: [LOG] },
  'logs.read': { id: LOG, offset: 0, length: 65_536 },
  'logs.reveal': { id: LOG },
  'logs.row': { id: LOG },
  'machines.list': {},
  'clipboard.read': {},
  'save.check': { workspace: null, topic: '', scope: null, text: 'Done.' },
  'save.session': { workspace: null, topic: '', scope: null, text: 'Done.' },
  'news.list': {},
  'news.looked': { upTo: 5, seen: { [UUID]: 4 } },
  'notes.list': { show: 'unread' },
  'notes.markDone': { notes: [NOTE] },
  'notes.markRead': { notes: [NOTE] },
  'notes.reopen': { notes: [NOTE] },
  'operations.cancel': { operation: 'op-1' },
  'operations.list': { limit: 20 },
  'paths.pick': { purpose: 'vault' },
  'pause.clear': {},
  'pause.set': { for: 'hour' },
  'pending.list': { users: ['ana'], mine: true, all: true, limit: 2_000 },
  'pending.mark': { tasks: ['a'.repeat(32)], state: 'done' },
  'sealing.admit': { machine: UUID, words: Array.from({ length: 8 }, () => 'amber') },
  'sealing.audit': {},
  'sealing.drill': {},
  'sealing.invite': {},
  'sealing.join': {},
  'sealing.recover': { text: 'AGE-SECRET-KEY-1\n' },
  'sealing.recoveryKey': { kept: false },
  'sealing.remove': { recipient: `age1${'q'.repeat(58)}` },
  'sealing.requests': {},
  'sealing.seal': { newRecovery: false },
  'sealing.unseal': {},
  'search.build': { run: true },
  'search.find': { box: 'list', text: 'retry "queue"', typing: true, machines: [UUID], from: '2026-01-01' },
  'search.keep': { recent: ['q=retry'], saved: [{ name: 'Retries', query: 'q=retry&project=atlas' }] },
  'search.kept': {},
  'search.status': {},
  'secrets.allow': { item: 'git-secrets:/w', id: '0123abcd' },
  'secrets.share': { key: 'age1xyz', how: 'share' },
  'secrets.shared': {},
  'secrets.reveal': { label: { id: LOG, exact: false, nth: 0 }, purpose: 'show' },
  'sessions.capture': { sessions: 'all' },
  'sessions.conversation': { agent: 'claude-code', id: 'a', from: 0, limit: 10 },
  'sessions.list': { offset: 0, limit: 10 },
  'sessions.outline': { agent: 'claude-code', id: 'a' },
  'sessions.restore': { agent: 'claude-code', id: 'a' },
  'settings.export': {},
  'settings.get': {},
  'settings.import': { text: '{}' },
  'settings.recover': { from: 'defaults' },
  'settings.set': { change: { app: { theme: 'dark' } } },
  'settings.testStore': { store: DEFAULT_SETTINGS.store },
  'setup.cancel': { work: 'copy' },
  'setup.connectAgent': { agent: 'claude-code', dryRun: true },
  'setup.copyLogs': { workspace: '/srv/work', takeUnnamed: false, dryRun: true },
  'setup.disconnectAgent': { agent: 'claude-code', dryRun: true },
  'setup.look': {},
  'setup.makeFolder': { path: '/srv/share' },
  'setup.nearby': {},
  'setup.undoCopy': { workspace: '/srv/work' },
  'setup.writeIdentity': { workspace: '/srv/work' },
  'shell.openLink': { url: 'https://example.org/' },
  'status.get': {},
  'sync.full': {},
  'sync.index': {},
  'sync.push': {},
  'update.check': {},
  'update.install': {},
  'workspaces.add': { path: '/w', role: 'workspace' },
  'workspaces.remove': { path: '/w', role: 'vault' },
};

const BAD: readonly (readonly [string, unknown])[] = [
  ['a number', 7],
  ['text', 'x'],
  ['an array', []],
  ['a function', () => 0],
  ['a symbol', Symbol('x')],
  ['an unknown key', { surprise: 1 }],
  ['the key __proto__', JSON.parse('{"__proto__":{"polluted":true}}')],
  ['the key constructor', { constructor: { prototype: { polluted: true } } }],
  ['the key prototype, nested', { id: { prototype: 1 } }],
  ['50 MB of text', { id: 'x'.repeat(50_000_000), text: 'x'.repeat(50_000_000) }],
  ['50 MB of array', { ids: Array.from({ length: 6_000_000 }, () => LOG) }],
  ['nesting without end', nest(50_000)],
  ['a map', new Map([['id', LOG]])],
  ['a date', new Date(0)],
  ['a buffer', new Uint8Array(16)],
  ['an instance of a class', new URL('https://example.org/')],
  ['a getter', Object.defineProperty({}, 'id', { enumerable: true, get: () => LOG })],
  ['a cycle', cycle()],
  ['a bigint', { limit: 10n }],
  ['a number that is none', { limit: Number.NaN, offset: Number.NaN }],
];

const BAD_FIELDS: readonly (readonly [CallName, unknown])[] = [
  ['logs.read', { id: `${UUID}/../../../etc/passwd.md` }],
  ['news.looked', { upTo: -1, seen: {} }],
  ['news.looked', { upTo: 5, seen: { '../..': 4 } }],
  ['pending.list', { limit: 2_001 }],
  ['pending.mark', { tasks: ['xyz'], state: 'done' }],
  ['pending.mark', { tasks: [], state: 'open' }],
  ['search.find', { box: 'elsewhere', text: 'x' }],
  ['search.find', { box: 'list', text: 'x'.repeat(1_001) }],
  ['search.find', { box: 'list', text: 'x', cursor: 'r1; drop' }],
  ['search.find', { box: 'list', text: 'x', limit: 101 }],
  ['search.keep', { recent: Array.from({ length: 11 }, () => 'q=x') }],
  ['search.keep', { saved: [{ name: '', query: 'q=x' }] }],
  ['logs.read', { id: '/etc/passwd' }],
  ['logs.read', { id: `${UUID}/a\0b.md` }],
  ['logs.read', { id: LOG, offset: -1 }],
  ['logs.read', { id: LOG, length: 1e12 }],
  ['logs.row', { id: 7 }],
  ['logs.page', { limit: 100_000 }],
  ['logs.page', { from: '2026-02-30' }],
  ['logs.page', { order: 'sideways' }],
  ['logs.page', { machines: ['not-a-machine'] }],
  ['logs.pull', { ids: [] }],
  ['logs.pull', { ids: [LOG], query: {} }],
  ['logs.pull', {}],
  ['notes.markDone', { notes: ['zz'] }],
  ['identity.adopt', { machine: '..' }],
  ['pause.set', { for: 'ever' }],
  ['settings.set', { change: { store: { url: 'gs://b', password: 'x' } } }],
  ['settings.set', { change: { schema: 2 } }],
  ['settings.set', { change: { git: { lockWaitSeconds: -5 } } }],
  ['settings.testStore', { store: { url: 'gs://b' } }],
  ['app.openBrowser', { route: 'https://example.org' }],
  ['workspaces.add', { path: '', role: 'workspace' }],
  ['workspaces.add', { path: '/w\0', role: 'workspace' }],
  ['operations.cancel', { operation: '../../x' }],
  ['shell.openLink', { url: '' }],
];

function nest(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = { id: value };
  return value;
}

function cycle(): unknown {
  const value: Record<string, unknown> = {};
  value['id'] = value;
  return value;
}

const CALLER: Caller = { kind: 'test', id: '1' };

/** A service whose every method records that it was reached; the router is what is under test. */
function recordingApp(answer: () => unknown): { app: AppService; reached: string[] } {
  const reached: string[] = [];
  const group = (name: string): unknown =>
    new Proxy(
      {},
      {
        get: (_target, method) => () => {
          reached.push(`${name}.${String(method)}`);
          return answer();
        },
      },
    );
  const app = new Proxy({}, { get: (_target, name) => group(String(name)) }) as AppService;
  return { app, reached };
}

function setUp(answer: () => unknown = () => Promise.resolve({ ok: true, value: 'answer' })) {
  const { app, reached } = recordingApp(answer);
  const reports: CallReport[] = [];
  let time = 0;
  const router = createRouter({ app, monotonic: () => (time += 5), report: (call) => reports.push(call) });
  return { router, reached, reports };
}

describe('the contract', () => {
  it('has an entry, a handler and a good input for every name, in order', () => {
    expect(Object.keys(calls).sort()).toEqual([...CALLS].sort());
    expect(Object.keys(handlers).sort()).toEqual([...CALLS].sort());
    expect([...CALLS]).toEqual([...CALLS].sort());
    expect([...EVENTS]).toEqual([...EVENTS].sort());
  });

  it.each(CALLS)('names %s as noun.verb', (name) => {
    expect(name).toMatch(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/);
  });
});

describe.each(CALLS)('%s', (name) => {
  it('reaches the core once with a good input', async () => {
    const { router, reached, reports } = setUp();
    const envelope = await router.dispatch(name, GOOD[name], CALLER);
    expect(envelope).toEqual({ ok: true, value: 'answer' });
    expect(reached).toHaveLength(1);
    expect(reports).toEqual([{ channel: name, caller: CALLER, durationMs: 5, code: 'ok' }]);
  });

  it.each(BAD)('refuses %s and reaches nothing', async (_what, input) => {
    const { router, reached } = setUp();
    const started = processorTime();
    const envelope = await router.dispatch(name, input, CALLER);
    expect(envelope).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(isEnvelope(JSON.parse(JSON.stringify(envelope)))).toBe(true);
    expect(reached).toEqual([]);
    expect(processorTime() - started).toBeLessThan(500);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('turns a throw into code bug, without its words', async () => {
    const { router, reports } = setUp(() => {
      throw new Error('secret-in-a-stack');
    });
    const envelope = await router.dispatch(name, GOOD[name], CALLER);
    expect(envelope).toMatchObject({ ok: false, error: { code: 'bug' } });
    expect(JSON.stringify(envelope)).not.toContain('secret-in-a-stack');
    expect(reports[0]?.thrown).toBeInstanceOf(Error);
  });

  it('turns a rejection into code bug', async () => {
    const { router } = setUp(() => Promise.reject(new TypeError('x')));
    expect(await router.dispatch(name, GOOD[name], CALLER)).toMatchObject({
      ok: false,
      error: { code: 'bug' },
    });
  });

  it('passes an expected failure on as a value', async () => {
    const error = appError('offline', 'The store cannot be reached.', 'Check the network.');
    const { router, reports } = setUp(() => Promise.resolve({ ok: false, error }));
    expect(await router.dispatch(name, GOOD[name], CALLER)).toEqual({ ok: false, error });
    const declared = (calls[name].errors as readonly string[]).includes('offline');
    expect(reports[0]?.undeclared).toBe(declared ? undefined : true);
  });
});

describe('the router', () => {
  it.each(BAD_FIELDS)('refuses %s %j', async (name, input) => {
    const { router, reached } = setUp();
    const envelope = await router.dispatch(name, input, CALLER);
    expect(envelope).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(reached).toEqual([]);
  });

  it.each([
    'nope',
    'toString',
    '__proto__',
    'constructor',
    '',
    7,
    null,
    undefined,
    { toString: () => 'status.get' },
  ])('refuses the channel %s', async (channel) => {
    const { router, reached } = setUp();
    expect(await router.dispatch(channel, {}, CALLER)).toMatchObject({
      ok: false,
      error: { code: 'invalid-input' },
    });
    expect(reached).toEqual([]);
  });

  it('takes no input for an empty one, and null for void', async () => {
    const { router } = setUp(() => Promise.resolve({ ok: true, value: undefined }));
    expect(await router.dispatch('app.quit', undefined, CALLER)).toEqual({ ok: true, value: null });
  });

  it('names the field that was wrong', async () => {
    const { router } = setUp();
    const envelope = await router.dispatch('settings.set', { change: { app: { theme: 'pink' } } }, CALLER);
    expect(envelope).toMatchObject({ error: { details: { field: 'change.app.theme' } } });
  });

  it('drops keys whose value is undefined, as JSON does', async () => {
    const { router, reached } = setUp();
    expect((await router.dispatch('logs.page', { text: undefined }, CALLER)).ok).toBe(true);
    expect(reached).toEqual(['logs.page']);
  });

  it('takes 16 MB for the clipboard', async () => {
    const { router } = setUp();
    expect((await router.dispatch('clipboard.copy', { text: 'x'.repeat(16_000_000) }, CALLER)).ok).toBe(true);
  });

  it('passes events on until told to stop', () => {
    const { app } = recordingApp(() => null);
    const listeners = new Set<(event: AppEvent) => void>();
    const feed = {
      subscribe(listener: (event: AppEvent) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const router = createRouter({
      app: { ...app, events: feed },
      monotonic: () => 0,
      report: () => undefined,
    });
    const seen: AppEvent[] = [];
    const stop = router.subscribe((event) => seen.push(event));
    const event: AppEvent = { event: 'notes.changed', payload: { unread: 2 } };
    for (const listener of listeners) listener(event);
    stop();
    for (const listener of listeners) listener(event);
    expect(seen).toEqual([event]);
  });
});
