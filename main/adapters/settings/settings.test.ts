import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Conf from 'conf';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/domain/settings.ts';
import { unwrap } from '../../../shared/result.ts';
import { replaceNow } from '../disk/node-files.ts';
import { createElectronSettings } from './electron-settings.ts';
import { createJsonSettings } from './json-settings.ts';
import { onPosix } from '../../testing/only.ts';
import { settingsStoreContract } from '../../testing/contracts/settings-store-contract.ts';

vi.hoisted(() => {
  // The `electron` package downloads a binary when plain Node imports it, unless it is told where one is. Nothing runs it here:
  // electron-store works without Electron's app data when it is given an absolute folder.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = '/nowhere';
});

let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => {
  fs.rmSync(home, { recursive: true, force: true });
});

const file = (): string => join(home, 'settings.json');
const raw = (): Record<string, unknown> =>
  JSON.parse(fs.readFileSync(file(), 'utf8')) as Record<string, unknown>;
const acme: Settings = {
  ...DEFAULT_SETTINGS,
  store: { ...DEFAULT_SETTINGS.store, url: 'gs://acme-logs/team', tenant: 'acme' },
};

describe.each([
  ['the JSON file', createJsonSettings],
  ['electron-store', createElectronSettings],
] as const)('settings over %s', (_, create) => {
  it('are the defaults before anything was chosen, and reading writes nothing', () => {
    expect(unwrap(create(home, replaceNow).get())).toEqual(DEFAULT_SETTINGS);
    expect(fs.readdirSync(home)).toEqual([]);
  });

  it('are those of the file however often and however it was changed since', () => {
    const store = create(home, replaceNow);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    try {
      for (const tenant of ['acme', 'beta', 'beta', 'ecma']) {
        const text = JSON.stringify({ schema: 1, store: { tenant } });
        if (tenant === 'ecma') fs.writeFileSync(file(), text);
        else unwrap(replaceNow(file(), new TextEncoder().encode(text)));
        expect([unwrap(store.get()).store.tenant, unwrap(store.get()).store.tenant]).toEqual([
          tenant,
          tenant,
        ]);
      }
      fs.rmSync(file());
      expect(unwrap(store.get())).toEqual(DEFAULT_SETTINGS);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that cannot be read are put right with the last good ones or the defaults, and what was there is kept', () => {
    const store = create(home, replaceNow);
    expect(store.hasLastGood).toBe(false);
    expect(store.recover('last-good')).toMatchObject({ ok: false, error: { code: 'not-found' } });
    fs.writeFileSync(file(), JSON.stringify({ ...acme, later: { x: 1 } }));
    store.keepGood();
    fs.writeFileSync(file(), '{"schema": 1, "sto');
    store.keepGood();
    expect(store.get().ok).toBe(false);
    expect(store.hasLastGood).toBe(true);
    expect(unwrap(store.recover('last-good'))).toEqual(acme);
    expect(raw()['later']).toEqual({ x: 1 });
    const kept = fs.readdirSync(home).find((name) => name.includes('.broken-'));
    expect(fs.readFileSync(join(home, kept!), 'utf8')).toBe('{"schema": 1, "sto');
    fs.writeFileSync(file(), '[]');
    expect(unwrap(store.recover('defaults'))).toEqual(DEFAULT_SETTINGS);
    expect(unwrap(store.recover('last-good'))).toEqual(acme);
  });

  it('are not restored from a copy that is damaged itself', () => {
    const store = create(home, replaceNow);
    unwrap(store.set(acme));
    fs.writeFileSync(`${file()}.last-good`, '{"store": 7}');
    expect(store.hasLastGood).toBe(false);
    expect(store.recover('last-good')).toMatchObject({ error: { code: 'not-found' } });
    expect(unwrap(store.get())).toEqual(acme);
  });

  it('come back as they were set, in a private file', () => {
    const store = create(home, replaceNow);
    unwrap(store.set(acme));
    expect(unwrap(store.get())).toEqual(acme);
    expect(unwrap(create(home, replaceNow).get())).toEqual(acme);
    if (process.platform !== 'win32') expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(home)).toEqual(['settings.json', 'settings.json.last-good']);
  });

  it('see what another process changed', () => {
    const [app, cli] = [create(home, replaceNow), createJsonSettings(home, replaceNow)];
    unwrap(app.set(DEFAULT_SETTINGS));
    unwrap(cli.set(acme));
    expect(unwrap(app.get())).toEqual(acme);
  });

  it('see and keep each of several writes of one size within one tick of the clock', () => {
    const [app, cli] = [create(home, replaceNow), createJsonSettings(home, replaceNow)];
    // A file system tells times in steps (of two seconds on FAT): what is written within one bears the same.
    const tick = new Date(Math.floor(Date.now() / 2_000) * 2_000);
    const writers = [app, cli, app, cli];
    for (const [at, writer] of writers.entries()) {
      const now = unwrap(writer.get());
      const changed: Settings =
        writer === app
          ? { ...now, store: { ...now.store, tenant: `team${at}` } }
          : { ...now, app: { ...now.app, timeZone: `Etc/GMT-${at}` } };
      unwrap(writer.set(changed, now));
      fs.utimesSync(file(), tick, tick);
      for (const reader of [app, cli]) expect(unwrap(reader.get())).toEqual(changed);
    }
    expect(unwrap(app.get())).toMatchObject({ store: { tenant: 'team2' }, app: { timeZone: 'Etc/GMT-3' } });
  });

  it("keep keys that this version doesn't know, at every depth", () => {
    fs.writeFileSync(
      file(),
      JSON.stringify({
        schema: 1,
        future: [1],
        store: { tenant: 'old', region: 'eu' },
        app: { x: { y: 1 } },
      }),
    );
    const store = create(home, replaceNow);
    expect(unwrap(store.get()).store.tenant).toBe('old');
    unwrap(store.set(acme));
    expect(raw()).toMatchObject({
      future: [1],
      store: { tenant: 'acme', region: 'eu', url: 'gs://acme-logs/team' },
      app: { x: { y: 1 }, theme: 'system' },
    });
  });

  it('fill in what a hand-written file leaves out', () => {
    fs.writeFileSync(file(), '{"store":{"tenant":"acme"}}');
    expect(unwrap(create(home, replaceNow).get())).toEqual({
      ...DEFAULT_SETTINGS,
      store: { ...DEFAULT_SETTINGS.store, tenant: 'acme' },
    });
  });

  it.each(['', '{', 'null', '[]', '"x"', '{"store":{"tenant":"acme"}', '\u0000', '<<<<<<< HEAD\n{}'])(
    'report the damaged file %j and leave it as it is',
    (text) => {
      fs.writeFileSync(file(), text);
      const store = create(home, replaceNow);
      expect(store.get()).toMatchObject({ ok: false, error: { code: 'corrupt' } });
      expect(store.set(acme)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
      expect(fs.readFileSync(file(), 'utf8')).toBe(text);
      fs.rmSync(file());
      expect(unwrap(store.get())).toEqual(DEFAULT_SETTINGS);
    },
  );

  it('report bytes that are no UTF-8, which a careless reading would replace for good', () => {
    const bytes = Buffer.from('{"git":{"vault":"/\xff"}}', 'latin1');
    fs.writeFileSync(file(), bytes);
    const store = create(home, replaceNow);
    expect(store.get()).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    expect(store.set(acme)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    expect(fs.readFileSync(file()).equals(bytes)).toBe(true);
  });

  it('name every value that cannot be used, without repeating it, and repair them when good ones are set', () => {
    fs.writeFileSync(
      file(),
      JSON.stringify({
        store: { tenant: 'Not A Tenant', url: 'http://secret-token@bucket' },
        git: { workspaces: ['relative/path'], lockWaitSeconds: -1 },
        notifications: { quietHours: '25:00-07:00' },
        app: { theme: 'pink', timeZone: 'Mars/Olympus' },
      }),
    );
    const store = create(home, replaceNow);
    const got = store.get();
    expect(got).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    const message = got.ok ? '' : got.error.message;
    for (const key of [
      'store.tenant',
      'store.url',
      'git.workspaces.0',
      'git.lockWaitSeconds',
      'notifications.quietHours',
      'app.theme',
      'app.timeZone',
    ])
      expect(message).toContain(key);
    expect(message).not.toContain('secret-token');
    unwrap(store.set(acme));
    expect(unwrap(store.get())).toEqual(acme);
  });

  it('refuse to save what could not be read back', () => {
    const store = create(home, replaceNow);
    unwrap(store.set(acme));
    const bad = { ...acme, store: { ...acme.store, tenant: '../other' } };
    expect(store.set(bad)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(unwrap(store.get())).toEqual(acme);
  });

  it("leave a newer version's file alone", () => {
    const text = '{"schema":2,"store":{"tenant":"acme"}}';
    fs.writeFileSync(file(), text);
    const store = create(home, replaceNow);
    expect(store.get()).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    expect(store.set(acme)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    const got = store.get();
    expect(got.ok ? '' : got.error.remedy).toContain('Update Session Log');
    expect(fs.readFileSync(file(), 'utf8')).toBe(text);
  });

  onPosix.it('refuse a link into a folder that is not there, and leave it', () => {
    fs.symlinkSync('/nowhere/at-all/session-log.json', file());
    const store = create(home, replaceNow);
    for (const result of [store.get(), store.set(acme), store.recover('defaults')])
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'io', message: expect.stringContaining('/nowhere') },
      });
    expect(fs.readlinkSync(file())).toBe('/nowhere/at-all/session-log.json');
    expect(fs.readdirSync(home)).toEqual(['settings.json']);
  });

  onPosix.it('write through a link to a file that is yet to be written', () => {
    const dotfiles = fs.mkdtempSync(join(tmpdir(), 'dotfiles-'));
    fs.symlinkSync(join(dotfiles, 'session-log.json'), file());
    const store = create(home, replaceNow);
    expect(unwrap(store.get())).toEqual(DEFAULT_SETTINGS);
    unwrap(store.set(acme));
    expect(fs.lstatSync(file()).isSymbolicLink()).toBe(true);
    expect(JSON.parse(fs.readFileSync(join(dotfiles, 'session-log.json'), 'utf8'))).toMatchObject({
      store: { tenant: 'acme' },
    });
    fs.rmSync(dotfiles, { recursive: true });
  });

  it('wait for nobody who was killed while he changed them', () => {
    const store = create(home, replaceNow);
    fs.writeFileSync(`${file()}.lock`, '');
    const longAgo = new Date(Date.now() - 60_000);
    fs.utimesSync(`${file()}.lock`, longAgo, longAgo);
    unwrap(store.set(acme));
    expect(fs.existsSync(`${file()}.lock`)).toBe(false);
  });

  it('hand on the failure of the disk, with the old settings in place', () => {
    const store = create(home, replaceNow);
    unwrap(store.set(acme));
    const full = create(home, (path, bytes) =>
      replaceNow(path, bytes, {
        syncDisk: new Proxy(Object.create(null) as never, {
          get: () => () => {
            throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
          },
        }),
      }),
    );
    expect(full.set(DEFAULT_SETTINGS)).toMatchObject({ ok: false, error: { code: 'disk-full' } });
    expect(unwrap(store.get())).toEqual(acme);
  });

  onPosix.it('follow a link to a folder of dotfiles and keep it', () => {
    const dotfiles = fs.mkdtempSync(join(tmpdir(), 'dotfiles-'));
    fs.writeFileSync(join(dotfiles, 'session-log.json'), '{}');
    fs.symlinkSync(join(dotfiles, 'session-log.json'), file());
    const store = create(home, replaceNow);
    unwrap(store.set(acme));
    expect(fs.lstatSync(file()).isSymbolicLink()).toBe(true);
    expect(unwrap(store.get())).toEqual(acme);
    fs.rmSync(dotfiles, { recursive: true });
  });
});

describe('the file', () => {
  it('is one that conf reads, and what conf writes is read', () => {
    const store = createJsonSettings(home, replaceNow);
    unwrap(store.set(acme));
    const conf = new Conf({ cwd: home, configName: 'settings' });
    expect(conf.get('store.tenant')).toBe('acme');
    conf.set('app.theme', 'dark');
    expect(unwrap(store.get())).toEqual({ ...acme, app: { ...acme.app, theme: 'dark' } });
  });

  it('may begin with the mark that Notepad writes', () => {
    fs.writeFileSync(file(), '\ufeff{"store":{"tenant":"acme"}}');
    expect(unwrap(createJsonSettings(home, replaceNow).get()).store.tenant).toBe('acme');
  });

  it('is not read when it is a folder or far too large', () => {
    fs.mkdirSync(file());
    expect(createJsonSettings(home, replaceNow).get()).toMatchObject({
      ok: false,
      error: { code: 'corrupt' },
    });
    fs.rmdirSync(file());
    fs.writeFileSync(file(), `{"x":"${'x'.repeat(1024 * 1024)}"}`);
    expect(createJsonSettings(home, replaceNow).get()).toMatchObject({
      ok: false,
      error: { code: 'corrupt' },
    });
  });
});

for (const [name, create] of [
  ['the JSON file', createJsonSettings],
  ['electron-store', createElectronSettings],
] as const)
  settingsStoreContract(name, () => {
    const place = fs.mkdtempSync(join(tmpdir(), 'settings-contract-'));
    return {
      store: create(place, replaceNow),
      damage: () => fs.writeFileSync(join(place, 'settings.json'), '{"schema": 1, "sto'),
      end: () => fs.rmSync(place, { recursive: true, force: true }),
    };
  });
