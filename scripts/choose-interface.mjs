/**
 * The project has three interfaces: the desktop app, the browser view for machines without a desktop, and the status
 * line of the command. This decides which one `npm start` shows.
 * @typedef {'desktop' | 'browser' | 'status'} Interface
 * @typedef {{ path: string } | { reason: string }} ElectronAnswer path of the program, or why there is none
 * @typedef {{ shown: Interface, electron?: string, reason?: string }} Choice
 */

/**
 * Returns why no window can be shown, if so.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function displayProblem(platform, env) {
  // macOS and Windows always have a window server for a logged-in user; over SSH macOS refuses windows.
  if (platform === 'darwin')
    return env['SSH_CONNECTION'] ? 'this is an SSH session, which cannot show windows' : undefined;
  if (platform === 'win32') return undefined;
  if (env['DISPLAY'] || env['WAYLAND_DISPLAY']) return undefined;
  return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)';
}

/**
 * Chooses the interface; Electron is located, and downloaded, only if a window could be shown.
 * @param {object} facts
 * @param {boolean} facts.desktopBuilt whether the build contains the desktop app
 * @param {string | undefined} facts.displayProblem the result of `displayProblem`
 * @param {() => Promise<ElectronAnswer>} facts.findElectron
 * @returns {Promise<Choice>}
 */
export async function chooseInterface({ desktopBuilt, displayProblem, findElectron }) {
  if (!desktopBuilt) return { shown: 'status' };
  if (displayProblem !== undefined) {
    return {
      shown: 'browser',
      reason: `${displayProblem}; run \`npm start\` from a desktop session to get the app`,
    };
  }
  const answer = await findElectron();
  if ('path' in answer) return { shown: 'desktop', electron: answer.path };
  return {
    shown: 'browser',
    reason: `${answer.reason}; to get the app, run \`npx install-electron\` where its download can be reached, or set ELECTRON_MIRROR`,
  };
}

/**
 * One command of the CLI that `npm start` runs.
 * @typedef {{ args: string[], quiet: boolean }} Run `quiet` runs print on standard error, and their failure is told
 * by the command after them
 */

/**
 * Returns the CLI commands that show an interface; the last one's exit code is the result.
 * @param {'browser' | 'status'} shown
 * @param {readonly string[]} args what the user gave after `npm start --`
 * @returns {Run[]}
 */
export function cliRuns(shown, args) {
  if (args.includes('--demo') && shown === 'status') {
    return [{ args: ['demo', ...args.filter((arg) => arg !== '--demo')], quiet: false }];
  }
  if (shown === 'browser') return [{ args: ['browse', ...args], quiet: false }];
  return [
    { args: ['sync'], quiet: true },
    { args: ['status', ...args], quiet: false },
  ];
}
