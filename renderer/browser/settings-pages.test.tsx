import { act, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../shared/result.ts';
import { axeProblems, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

async function open(hash: string): Promise<TestPage & { readonly user: UserEvent }> {
  window.location.hash = hash;
  const test = testPage({});
  render(<BrowserApp link={test.link} />);
  await screen.findAllByText(/Last synced|Never synced/);
  return { ...test, user: userEvent.setup() };
}

describe('the pages of the settings', () => {
  it('save each choice of the schedule at once', async () => {
    const { user, fixture } = await open('#/settings/schedule');
    await user.click(await screen.findByRole('switch', { name: 'Pause on battery' }));
    await waitFor(() => expect(fixture.settings().schedule.pauseOnBattery).toBe(true));
    for (const [name, option, key, value] of [
      ['Push logs', 'Once a day', 'push', 'daily'],
      ['Check for new logs and notes', 'Manually', 'index', 'manual'],
      ['Verify everything', 'Manually', 'full', 'manual'],
    ] as const) {
      await user.selectOptions(screen.getByRole('combobox', { name }), option);
      await waitFor(() => expect(fixture.settings().schedule[key]).toBe(value));
    }
    expect(await axeProblems()).toEqual([]);
  });

  it('take the last change back', async () => {
    const { user, fixture } = await open('#/settings/schedule');
    const field = await screen.findByRole('combobox', { name: 'Push logs' });
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
    await user.selectOptions(field, 'Once a day');
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(fixture.settings().schedule.push).toBe('on-change'));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull());
    expect(field).toHaveProperty('value', 'on-change');
  });

  it.each(['Add workspace', 'Remove /Users/hal/code/dunes'])(
    'list a workspace that was only used until one presses %s',
    async (button) => {
      const { user, fixture } = await open('#/settings/workspaces');
      const used = await screen.findByRole('listitem', { name: '/Users/hal/code/dunes' });
      await user.click(within(used).getByRole('button', { name: button }));
      await waitFor(() => expect(screen.queryByRole('heading', { name: 'Also listed' })).toBeNull());
      expect(fixture.settings().git.workspaces.includes('/Users/hal/code/dunes')).toBe(
        button === 'Add workspace',
      );
    },
  );

  it('put a workspace back that was taken off the list', async () => {
    const { user, fixture } = await open('#/settings/workspaces');
    const [path = ''] = fixture.settings().git.workspaces;
    await user.click(await screen.findByRole('button', { name: `Remove ${path}` }));
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(fixture.settings().git.workspaces).toEqual([path]));
  });

  it('save whether agents are told what happened last (agents.brief)', async () => {
    const { user, fixture } = await open('#/settings/schedule');
    const field = await screen.findByRole('switch', { name: 'Tell agents what happened recently' });
    expect(field.getAttribute('aria-checked')).toBe('false');
    await user.click(field);
    await waitFor(() => expect(fixture.settings().agents.brief).toBe(true));
  });

  it('save what is kept of agents’ sessions (capture.mode), and how long, how much and where', async () => {
    const { user, fixture } = await open('#/settings/sessions');
    const capture = (): ReturnType<typeof fixture.settings>['capture'] => fixture.settings().capture;
    const mode = await screen.findByRole('combobox', { name: 'Keep sessions' });
    for (const [option, value] of [
      ['Copies only', 'rescue'],
      ['Copies and logs', 'on'],
      ['Only when asked', 'off'],
    ] as const) {
      await user.selectOptions(mode, option);
      await waitFor(() => expect(capture().mode).toBe(value));
    }
    for (const [name, typed, field, value] of [
      ['Minutes of quiet before a log is made', '25', 'quietMinutes', 25],
      ['Minutes of quiet before a log is made', '0', 'quietMinutes', 1],
      ['Space for copies, in gigabytes', '40', 'diskLimit', 40],
    ] as const) {
      const box = screen.getByRole('spinbutton', { name });
      await user.clear(box);
      await user.type(box, `${typed}{Enter}`);
      await waitFor(() => expect(capture()[field]).toBe(value));
    }
    expect(screen.getByText(/Currently 48 MB/)).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
  });

  it.each([
    ['never', 'Never captured'],
    ['roots', 'More Claude Code folders'],
  ] as const)('save a list of folders (capture.%s), and take back what was removed', async (field, name) => {
    const { user, fixture } = await open('#/settings/sessions');
    const folders = (): readonly string[] => fixture.settings().capture[field];
    const group = within(await screen.findByRole('region', { name }));
    const box = group.getByRole('textbox', { name: 'Path of a folder' });
    await user.type(box, '/Users/hal/private{Enter}');
    await waitFor(() => expect(folders()).toEqual(['/Users/hal/private']));
    // The same once more is no other one.
    await user.type(box, '/Users/hal/private');
    await user.click(group.getByRole('button', { name: 'Add' }));
    expect(folders()).toHaveLength(1);
    await user.click(group.getByRole('button', { name: 'Remove /Users/hal/private' }));
    await waitFor(() => expect(folders()).toEqual([]));
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(folders()).toEqual(['/Users/hal/private']));
  });

  it('save how much of the team search finds (search.team)', async () => {
    const { user, fixture } = await open('#/settings/schedule');
    const field = await screen.findByRole('combobox', { name: 'Search the team’s logs' });
    expect(
      within(field)
        .getAllByRole('option')
        .map(({ textContent }) => textContent),
    ).toEqual([
      'All of them',
      'The last two years',
      'The last year',
      'The last 6 months',
      'The last 3 months',
      'Only those that are here',
    ]);
    expect(field).toHaveProperty('value', '24');
    await user.selectOptions(field, 'Only those that are here');
    await waitFor(() => expect(fixture.settings().search.team).toBe('off'));
  });

  it('save whether search looks into credentials of own logs (search.credentials)', async () => {
    const { user, fixture } = await open('#/settings/schedule');
    const box = await screen.findByRole('switch', { name: /Search under Credentials & Secrets/ });
    expect((box as HTMLInputElement).checked).toBe(false);
    await user.click(box);
    await waitFor(() => expect(fixture.settings().search.credentials).toBe('own'));
    await user.click(box);
    await waitFor(() => expect(fixture.settings().search.credentials).toBe('never'));
  });

  it('save that it is asked if anyone can read a workspace that takes secrets (git.askIfPublic)', async () => {
    const { user, fixture } = await open('#/settings/workspaces');
    expect(screen.queryByRole('switch', { name: /Ask first/ })).toBeNull();
    await user.click(
      (await screen.findAllByRole('switch', { name: /with their secrets/ }))[0] as HTMLElement,
    );
    await user.click(await screen.findByRole('switch', { name: /Ask first if anyone can read it/ }));
    await waitFor(() => expect(fixture.settings().git.askIfPublic).toBe(true));
  });

  it('save which workspaces take logs with the secrets in them (git.withSecrets)', async () => {
    const { user, fixture } = await open('#/settings/workspaces');
    const [box] = await screen.findAllByRole('switch', { name: /Commit logs with their secrets/ });
    expect(fixture.settings().git.withSecrets).toEqual([]);
    await user.click(box as HTMLElement);
    await waitFor(() =>
      expect(fixture.settings().git.withSecrets).toEqual([fixture.settings().git.workspaces[0]]),
    );
    await user.click(box as HTMLElement);
    await waitFor(() => expect(fixture.settings().git.withSecrets).toEqual([]));
  });

  it('save which logs stay here (sync.stayHere)', async () => {
    const { user, fixture } = await open('#/settings/store');
    const field = await screen.findByRole('textbox', { name: 'Logs that stay here' });
    await user.type(field, 'clients/acme/**, **/*-private.md{Enter}');
    await waitFor(() =>
      expect(fixture.settings().sync.stayHere).toEqual(['clients/acme/**', '**/*-private.md']),
    );
  });

  it('save whether names are hidden (store.sealedNames), and leave the store as it is', async () => {
    const { user, fixture } = await open('#/settings/store');
    const { store } = fixture.settings();
    await user.click(await screen.findByRole('switch', { name: 'Hide names of logs in a sealed store' }));
    await waitFor(() => expect(fixture.settings().store).toEqual({ ...store, sealedNames: true }));
  });

  it('save whether copies of sessions leave (capture.copiesToStore)', async () => {
    const { user, fixture } = await open('#/settings/store');
    const field = await screen.findByRole('combobox', { name: 'Copies of sessions' });
    expect(field).toHaveProperty('value', 'sealed');
    await user.selectOptions(field, 'Also to an unsealed store');
    await waitFor(() => expect(fixture.settings().capture.copiesToStore).toBe('always'));
  });

  it('save what becomes of secrets in logs that leave (secrets.withhold)', async () => {
    const { user, fixture } = await open('#/settings/store');
    const field = await screen.findByRole('combobox', { name: 'Secrets in logs that leave' });
    expect(field).toHaveProperty('value', 'plain-store');
    await user.selectOptions(field, 'Never replace');
    await waitFor(() => expect(fixture.settings().secrets.withhold).toBe('never'));
  });

  it('show the vault that only a workspace names', async () => {
    const { user, fixture } = await open('#/settings/workspaces');
    const payload = unwrap(await fixture.app.status.get());
    const workspaces = payload.workspaces.map((one) =>
      one.role === 'vault' ? { ...one, namedBy: '/Users/hal/code/atlas' } : one,
    );
    act(() => fixture.emit({ event: 'status.changed', payload: { ...payload, workspaces } }));
    expect(await screen.findByText('Named by /Users/hal/code/atlas, and synced with it')).toBeTruthy();
    act(() => {
      window.location.hash = '#/sync';
    });
    const card = await screen.findByRole('region', { name: '/Users/hal/code/vault' });
    await user.click(within(card).getByRole('button', { name: 'Sync' }));
    await waitFor(() =>
      expect(fixture.operations.running.map(({ subject }) => subject)).toEqual(['/Users/hal/code/atlas']),
    );
  });

  it('add and remove workspaces, and say for each what it does by itself', async () => {
    const { user, fixture } = await open('#/settings/workspaces');
    const [path] = await screen.findAllByRole('textbox', { name: 'Path of the workspace' });
    await user.type(path as HTMLElement, '/code/other{Enter}');
    await waitFor(() => expect(fixture.settings().git.workspaces).toContain('/code/other'));
    const other = await screen.findByRole('listitem', { name: '/code/other' });
    expect(within(other).queryByRole('combobox', { name: 'How often' })).toBeNull();
    await user.selectOptions(
      within(other).getByRole('combobox', { name: 'Sync automatically' }),
      'Notes only',
    );
    await user.selectOptions(
      await within(other).findByRole('combobox', { name: 'How often' }),
      'Every 15 minutes',
    );
    await waitFor(() =>
      expect(fixture.settings().git.schedule).toEqual({ '/code/other': { mode: 'notes', minutes: 15 } }),
    );
    expect(await axeProblems()).toEqual([]);
    await user.click(await screen.findByRole('button', { name: 'Remove /code/other' }));
    await waitFor(() => expect(fixture.settings().git.workspaces).not.toContain('/code/other'));
  });

  it('save each choice of the notifications', async () => {
    const { user, fixture } = await open('#/settings/notifications');
    for (const [name, key] of [
      ['Notes for me', 'notes'],
      ['Problems that need my attention', 'problems'],
    ] as const) {
      await user.click(await screen.findByRole('switch', { name }));
      await waitFor(() => expect(fixture.settings().notifications[key]).toBe(false));
    }
    await user.type(screen.getByRole('textbox', { name: 'Quiet hours' }), '22:00-07:00{Enter}');
    await waitFor(() => expect(fixture.settings().notifications.quietHours).toBe('22:00-07:00'));
  });
});

describe('the command line tool', () => {
  const section = (): Promise<HTMLElement> => screen.findByRole('region', { name: 'Command line' });

  it('is installed and removed, and says when a terminal would not find it', async () => {
    const { user, fixture } = await open('#/settings/app');
    const place = await section();
    await within(place).findByText(
      'Not installed. It would be installed as /Users/hal/.local/bin/session-log',
    );
    expect(within(place).queryByRole('button', { name: 'Remove command line tool' })).toBeNull();
    await user.click(within(place).getByRole('button', { name: 'Install command line tool' }));
    await within(place).findByText('Installed: /Users/hal/.local/bin/session-log');
    expect(place.textContent).toContain('export PATH="/Users/hal/.local/bin:$PATH"');
    expect(await axeProblems()).toEqual([]);
    await user.click(within(place).getByRole('button', { name: 'Remove command line tool' }));
    await within(place).findByRole('button', { name: 'Install command line tool' });
    expect(fixture.asked).toEqual(['install command line', 'remove command line']);
  });
});
