import { describe, expect, it } from 'vitest';
import { SETTING_CLASSES, type SettingKey } from '../../shared/domain/setting-classes.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { windowRemedy } from '../../shared/format/window-remedy.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import { createCallConfirmation } from './confirm-calls.ts';
import { guardedSteps } from './guarded-calls.ts';

const whats = (steps: readonly { readonly what: string }[]): readonly string[] =>
  steps.map(({ what }) => what);

describe('What a page may not do alone', () => {
  it('is every setting that is not plain, and no other.', () => {
    for (const [key, kind] of Object.entries(SETTING_CLASSES)) {
      const [group = '', field = ''] = key.split('.');
      const change = { [group]: { [field]: 'another value' } };
      const steps = guardedSteps('settings.set', { change }, DEFAULT_SETTINGS);
      expect(steps.length, key).toBe(kind === 'plain' ? 0 : 1);
    }
  });

  it('says the command that does it, as it can be typed anywhere.', () => {
    const store = { url: 'gs://team-logs', endpoint: 'https://x/"; rm -rf ~ #', tenant: '$(id)' };
    const steps = guardedSteps('settings.set', { change: { store } }, DEFAULT_SETTINGS);
    expect(steps.map(({ command }) => command)).toEqual([
      'session-log config set store.url gs://team-logs',
      'session-log config set store.endpoint <value>',
      'session-log config set store.tenant <value>',
    ]);
  });

  it('leads, where nobody can be asked, to a terminal and not back to the page.', async () => {
    const confirmation = createCallConfirmation(null, async () => DEFAULT_SETTINGS);
    const steps = await confirmation.steps('sealing.seal', { newRecovery: false });
    const refused = await confirmation.confirm(steps, new AbortController().signal);
    const { text, actions } = windowRemedy(refused ?? { remedy: '' }, 'UTC');
    expect(actions).toEqual([]);
    expect(text).toContain('in a terminal: “session-log\u00a0store seal”');
    expect(text).toContain('“session-log\u00a0browse” in a terminal');
  });

  it('is no change that changes nothing.', () => {
    const change = { store: DEFAULT_SETTINGS.store, app: { editor: '' } };
    expect(guardedSteps('settings.set', { change }, DEFAULT_SETTINGS)).toEqual([]);
  });

  it('is a setting that has no class yet.', () => {
    const change = { app: { somethingNew: 'x' } };
    expect(guardedSteps('settings.set', { change } as never, DEFAULT_SETTINGS)).toHaveLength(1);
  });

  it('is the test of another store, which would get the credentials.', () => {
    const store = { ...DEFAULT_SETTINGS.store, endpoint: 'http://127.0.0.1:9' };
    expect(whats(guardedSteps('settings.testStore', { store }, DEFAULT_SETTINGS))).toEqual([
      'store.endpoint: "" -> "http://127.0.0.1:9"',
    ]);
    expect(guardedSteps('settings.testStore', { store: DEFAULT_SETTINGS.store }, DEFAULT_SETTINGS)).toEqual(
      [],
    );
  });

  it('is a file of settings, whatever stands in it, with what it would change.', () => {
    expect(guardedSteps('settings.import', { text: 'no json' }, DEFAULT_SETTINGS)).toHaveLength(1);
    const text = JSON.stringify({ schema: 1, git: { wikiCommand: 'id' }, app: { theme: 'dark' } });
    expect(whats(guardedSteps('settings.import', { text }, DEFAULT_SETTINGS))).toContain(
      'git.wikiCommand: "" -> "id"',
    );
  });

  it('is a folder of logs, a vault, hooks and an installed command.', () => {
    const cases: readonly [CallName, object][] = [
      ['workspaces.add', { path: '/a', role: 'workspace' }],
      ['workspaces.add', { path: '/a', role: 'vault' }],
      ['setup.connectAgent', { agent: 'claude-code', dryRun: false }],
      ['setup.copyLogs', { workspace: '/a', takeUnnamed: false, dryRun: false }],
      ['setup.makeFolder', { path: '/a' }],
      ['cli.install', {}],
      ['update.install', {}],
      ['sealing.seal', { newRecovery: false }],
      ['sealing.seal', { newRecovery: true }],
      ['sealing.admit', { machine: '3f9a2b1c-7d4e-4f6a-8b2c-9e1d0a5b6c7d', words: ['amber', 'boat'] }],
      ['attention.answer', { item: 'git-secrets:/w', answer: 'commit-secrets' }],
      ['attention.answer', { item: 'git-secrets:/w', answer: 'always-commit-secrets' }],
      ['secrets.share', { key: `age1${'q'.repeat(58)}`, how: 'share' }],
      ['secrets.allow', { item: 'git-secrets:/w', id: '0123abcd' }],
      ['sealing.remove', { recipient: `age1${'q'.repeat(58)}` }],
    ];
    for (const [name, input] of cases)
      expect(guardedSteps(name, input as never, DEFAULT_SETTINGS), name).toHaveLength(1);
    const look = { agent: 'claude-code', dryRun: true } as const;
    expect(guardedSteps('setup.connectAgent', look, DEFAULT_SETTINGS)).toEqual([]);
    const withheld = { item: 'git-secrets:/w', answer: 'withhold-secrets' } as const;
    expect(guardedSteps('attention.answer', withheld, DEFAULT_SETTINGS)).toEqual([]);
    const ended = { key: `age1${'q'.repeat(58)}`, how: 'end' } as const;
    expect(guardedSteps('secrets.share', ended, DEFAULT_SETTINGS)).toEqual([]);
  });

  it('is said with the words of the machine that is let in.', () => {
    const input = { machine: 'x', words: ['amber', 'boat', 'cedar'] } as never;
    expect(whats(guardedSteps('sealing.admit', input, DEFAULT_SETTINGS))).toEqual([
      'let x read everything, whose words are: amber boat cedar',
    ]);
    for (const name of ['sealing.audit', 'sealing.requests', 'sealing.join', 'sealing.drill'] as const)
      expect(guardedSteps(name, {}, DEFAULT_SETTINGS), name).toEqual([]);
  });

  it('is asked for everywhere when the settings cannot be read.', () => {
    const change = { git: { vault: '' } } satisfies Partial<Record<string, object>>;
    const key: SettingKey = 'git.vault';
    expect(whats(guardedSteps('settings.set', { change }, null))[0]).toContain(key);
  });
});

describe('Questions of pages', () => {
  const change = (value: string) => ({ change: { git: { wikiCommand: value } } });
  const settings = () => Promise.resolve(DEFAULT_SETTINGS);
  const never = new AbortController().signal;

  it('stand in the terminal one at a time, and few wait.', async () => {
    let open = 0;
    let most = 0;
    const answers: (() => void)[] = [];
    const { steps, confirm } = createCallConfirmation(
      {
        canAsk: () => Promise.resolve(true),
        ask: () =>
          new Promise((resolve) => {
            most = Math.max(most, (open += 1));
            answers.push(() => {
              open -= 1;
              resolve(true);
            });
          }),
      },
      settings,
    );
    const asked = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((value) => steps('settings.set', change(value))),
    );
    const outcomes = Promise.all(asked.map((list) => confirm(list, never)));
    for (let count = 0; count < 4; count++) {
      await expect.poll(() => answers.length).toBe(count + 1);
      answers[count]?.();
    }
    expect((await outcomes).map((problem) => problem?.code ?? 'allowed')).toEqual([
      ...Array.from({ length: 4 }, () => 'allowed'),
      'denied',
      'denied',
    ]);
    expect(most).toBe(1);
  });

  it('are asked once for one decision.', async () => {
    let asked = 0;
    const ask = () => Promise.resolve((asked += 1) > 0);
    const { steps, confirm } = createCallConfirmation({ canAsk: () => Promise.resolve(true), ask }, settings);
    const store = { ...DEFAULT_SETTINGS.store, url: 'file:///srv/team' };
    expect(await confirm(await steps('settings.testStore', { store }), never)).toBeNull();
    expect(await steps('setup.makeFolder', { path: '/srv/team' })).toEqual([]);
    expect(await steps('settings.set', { change: { store } })).toEqual([]);
    expect(asked).toBe(1);
  });

  it('are left to the router where the input is not understood.', async () => {
    const { steps } = createCallConfirmation(null, settings);
    expect(await steps('settings.set', { change: { git: { wikiCommand: 7 } } })).toEqual([]);
    expect(await steps('__proto__', {})).toEqual([]);
  });
});
