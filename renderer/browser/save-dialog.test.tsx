import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { FixtureOptions } from '../../e2e/fixture/fixture-service.ts';
import { axeProblems, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { appError } from '../../shared/app-error.ts';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

type Opened = TestPage & { readonly user: UserEvent };

const DIALOG = { name: 'Save a session' };

async function open(options: FixtureOptions = {}): Promise<Opened> {
  window.location.hash = '#/save';
  const test = testPage(options);
  render(<BrowserApp link={test.link} />);
  await screen.findAllByText(/Last synced|Never synced/);
  await screen.findByRole('dialog', DIALOG);
  return { ...test, user: userEvent.setup() };
}

const text = (): HTMLTextAreaElement => screen.getByLabelText('What was done');
const button = (name: string): HTMLElement => screen.getByRole('button', { name });

describe('saving a session', () => {
  it('shows who signs it and what lint says, saves, and opens the log from the receipt', async () => {
    const finding = { severity: 'warning', message: 'Key Decisions is not recorded.' } as const;
    const { user, fixture, unexpected } = await open({ saving: { check: { findings: [finding] } } });
    expect(button('Save').hasAttribute('disabled')).toBe(true);
    await user.type(screen.getByLabelText('Topic'), 'dns');
    await user.type(text(), 'Moved the zone.');
    const preview = await screen.findByRole('region', { name: 'Before saving' });
    expect(preview.textContent).toContain('Signed by Hal Casteel (hal)');
    expect(preview.textContent).toContain('2026-01-06-hal-dns.md');
    expect(within(preview).getByText(finding.message)).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    await user.click(button('Save'));
    expect(await screen.findByRole('heading', { name: 'Saved' })).toBeTruthy();
    expect(fixture.asked.at(-1)).toMatch(/^save \/.+ "dns" 15$/);
    expect(screen.getByText('committed and pushed')).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    await user.click(button('Open log'));
    expect(window.location.hash).toContain(`#/logs/${fixture.index.rows[0]?.id.split('/')[0]}`);
    expect(unexpected()).toEqual([]);
  });

  it('names the project or client it belongs to, before anything is written', async () => {
    const { user } = await open();
    await user.type(text(), 'Moved the zone.');
    await user.selectOptions(screen.getByLabelText('Belongs to'), 'A project');
    await user.type(screen.getByLabelText('Project'), 'harbor');
    const preview = await screen.findByRole('region', { name: 'Before saving' });
    await waitFor(() => expect(preview.textContent).toContain('projects/harbor/session-logs/'));
    expect(await axeProblems()).toEqual([]);
    await user.selectOptions(screen.getByLabelText('Belongs to'), 'Nothing in particular');
    await waitFor(() => expect(preview.textContent).not.toContain('projects/'));
  });

  it('tells the vault apart from the workspace', async () => {
    const held = appError('lock-held', 'Mike syncs the vault.', 'It is tried again.');
    const { user } = await open({ saving: { save: { vault: { ending: 'deferred', error: held } } } });
    await user.type(text(), 'Done.');
    await user.click(button('Save'));
    const receipt = await screen.findByRole('dialog', { name: 'Saved' });
    const parts = within(receipt).getAllByRole('listitem');
    expect(parts.map(({ textContent }) => textContent)).toEqual([
      'Daily log entered',
      'Git committed and pushed',
      expect.stringMatching(/^Vault not pushed yet; will be retried.*Mike syncs the vault/),
      'Store pushed',
    ]);
  });

  it('says of a sync that was deferred that it will be retried, and why', async () => {
    const held = appError('lock-held', 'Mike syncs this workspace.', 'It is tried again.');
    const offline = appError('offline', 'The store does not answer.', 'Check the network.');
    const { user } = await open({
      saving: {
        save: { git: { ending: 'deferred', error: held }, store: { ending: 'deferred', error: offline } },
      },
    });
    await user.type(text(), 'Done.');
    await user.click(button('Save'));
    expect(await screen.findByText('not pushed yet; will be retried')).toBeTruthy();
    expect(screen.getByText('committed or kept here, not pushed yet; will be retried')).toBeTruthy();
    expect(screen.queryByText('committed and pushed')).toBeNull();
    expect(screen.getByText(/Mike syncs this workspace/)).toBeTruthy();
    expect(screen.getByText(/The store does not answer/)).toBeTruthy();
  });

  it('keeps the text when it cannot be saved, and when the dialog is closed', async () => {
    const error = appError('disk-full', 'There is no room on the disk.', 'Make room, then save again.');
    const { user } = await open({ saving: { save: { error } } });
    await user.type(text(), 'Much work.');
    await user.click(button('Save'));
    expect(await screen.findByText(error.remedy)).toBeTruthy();
    expect(screen.getByText(error.message)).toBeTruthy();
    expect(text().value).toBe('Much work.');
    await user.click(button('Cancel'));
    await waitFor(() => expect(screen.queryByRole('dialog', DIALOG)).toBeNull());
    window.location.hash = '#/save';
    await screen.findByRole('dialog', DIALOG);
    expect(text().value).toBe('Much work.');
  });

  it('sends whoever has not said who they are to where they say it', async () => {
    const error = appError('not-configured', 'Nobody has said yet who writes logs here.', 'whoami --set', {
      details: { needs: 'author' },
    });
    const { user } = await open({ saving: { check: { error } } });
    await user.type(text(), 'Done.');
    await user.click(await screen.findByRole('button', { name: 'Set who you are' }));
    expect(window.location.hash).toBe('#/welcome/who');
  });

  it('takes the text of a file, refuses what is no text, and lets the data folder be chosen', async () => {
    const { user, fixture } = await open();
    const input = screen.getByLabelText('Choose file…', { selector: 'input' });
    await user.upload(input, new File([new Uint8Array([0xff, 0xfe, 0xfd])], 'photo.md'));
    expect(await screen.findByText('photo.md could not be read as text.')).toBeTruthy();
    await user.upload(input, new File(['# From a file\n'], 'log.md'));
    await waitFor(() => expect(text().value).toBe('# From a file\n'));
    await user.selectOptions(screen.getByLabelText('Where'), 'Data folder of this machine');
    await user.click(button('Save'));
    await screen.findByRole('heading', { name: 'Saved' });
    expect(fixture.asked.at(-1)).toBe('save data folder "" 14');
    expect(screen.queryByText('Git')).toBeNull();
  });

  it('pastes, and says which key does where the clipboard may not be read', async () => {
    const { user } = await open();
    await navigator.clipboard.writeText('Copied before.');
    await user.click(button('Paste'));
    await waitFor(() => expect(text().value).toBe('Copied before.'));
    vi.spyOn(navigator.clipboard, 'readText').mockRejectedValueOnce(new Error('refused'));
    await user.click(button('Paste'));
    expect(await screen.findByText(/The clipboard cannot be read from here/)).toBeTruthy();
  });

  it('is in the palette', async () => {
    const { user } = await open();
    await user.click(button('Cancel'));
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByRole('combobox'), 'save a session');
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('dialog', DIALOG)).toBeTruthy();
  });
});
