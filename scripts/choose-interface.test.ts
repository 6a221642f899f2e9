import { describe, expect, it } from 'vitest';
import { chooseInterface, cliRuns, displayProblem } from './choose-interface.mjs';

const neverAsked = (): Promise<never> => Promise.reject(new Error('Electron must not be looked for here'));

describe('displayProblem', () => {
  it('wants X11 or Wayland on Linux', () => {
    expect(displayProblem('linux', {})).toContain('no display');
    expect(displayProblem('linux', { DISPLAY: '' })).toContain('no display');
    expect(displayProblem('linux', { DISPLAY: ':0' })).toBeUndefined();
    expect(displayProblem('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBeUndefined();
  });

  it('knows the window servers of macOS and Windows', () => {
    expect(displayProblem('darwin', {})).toBeUndefined();
    expect(displayProblem('darwin', { SSH_CONNECTION: '10.0.0.1 5000 10.0.0.2 22' })).toContain('SSH');
    expect(displayProblem('win32', {})).toBeUndefined();
  });
});

describe('chooseInterface', () => {
  it('shows the status as long as there is no desktop app in the build', async () => {
    expect(
      await chooseInterface({ desktopBuilt: false, displayProblem: undefined, findElectron: neverAsked }),
    ).toEqual({
      shown: 'status',
    });
  });

  it('shows the browser view without a display, and does not download Electron for it', async () => {
    const choice = await chooseInterface({
      desktopBuilt: true,
      displayProblem: 'no display',
      findElectron: neverAsked,
    });
    expect(choice.shown).toBe('browser');
    expect(choice.reason).toMatch(/^no display; .*npm start/);
  });

  it('shows the app where Electron can be had', async () => {
    const findElectron = (): Promise<{ path: string }> => Promise.resolve({ path: '/opt/electron' });
    expect(await chooseInterface({ desktopBuilt: true, displayProblem: undefined, findElectron })).toEqual({
      shown: 'desktop',
      electron: '/opt/electron',
    });
  });

  it('shows the browser view where Electron cannot be had, and says why and how to get it', async () => {
    const findElectron = (): Promise<{ reason: string }> => Promise.resolve({ reason: 'the server is away' });
    const choice = await chooseInterface({ desktopBuilt: true, displayProblem: undefined, findElectron });
    expect(choice.shown).toBe('browser');
    expect(choice.electron).toBeUndefined();
    expect(choice.reason).toMatch(/^the server is away; .*install-electron/);
  });
});

describe('cliRuns', () => {
  it('syncs quietly and then shows the status', () => {
    expect(cliRuns('status', ['--json'])).toEqual([
      { args: ['sync'], quiet: true },
      { args: ['status', '--json'], quiet: false },
    ]);
  });

  it('runs the demo alone, with the other arguments', () => {
    expect(cliRuns('status', ['--demo', '--json'])).toEqual([{ args: ['demo', '--json'], quiet: false }]);
  });

  it('opens the browser view with what the user gave', () => {
    expect(cliRuns('browser', ['--port', '8123'])).toEqual([
      { args: ['browse', '--port', '8123'], quiet: false },
    ]);
  });
});
