import { formatCount, plural } from '../../format/amount.ts';
import { shortDay } from '../../format/time.ts';

const logs = (count: number): string => (count === 1 ? '1 log' : `${formatCount(count)} logs`);

/** The first run, and the same steps later. */
export const welcome = {
  title: 'Welcome to Session Log',
  intro: 'Session Log keeps the logs of your coding-agent sessions, from all your machines, in one place.',
  steps: {
    where: 'Store',
    who: 'You',
    agents: 'Agents',
    logs: 'Your logs',
    sessions: 'Sessions',
    push: 'First push',
  },
  step: (number: number, of: number, name: string) => `Step ${number} of ${of}: ${name}`,
  next: 'Continue',
  back: 'Back',
  later: 'Not now',
  skip: 'Set up later',

  whereTitle: 'Where should logs be kept?',
  choices: {
    gcs: {
      title: 'Cloud bucket',
      body: 'Google Cloud Storage. Every machine of the team sees every log, and every log is backed up.',
    },
    folder: { title: 'Shared folder', body: 'A network drive or a synced folder. No account needed.' },
    embedded: {
      title: 'Only this machine',
      body: 'You can choose a store later. Logs are not backed up until then.',
    },
  },
  invitation: 'Invitation (if a colleague sent you one)',
  invitationHint: 'Paste it here: it fills in the rest.',
  invitationRead: (tenant: string) =>
    `An invitation to the store of “${tenant}”. Check it below, then continue.`,
  invitationWrong: 'This is not an invitation. Paste the whole link, starting with session-log://.',
  tenantBecomes: (tenant: string) => `Will be saved as “${tenant}”.`,
  tenantEmpty: 'Use at least one letter or digit from a to z and 0 to 9.',
  checkTitle: 'Testing the store',
  checkBody: 'Session Log makes sure the store works before anything depends on it.',
  createFolder: 'Create folder',

  whoTitle: 'Who are you?',
  whoBody: 'Your name appears in every log saved here, and notes from colleagues reach you by it.',
  whoFromGit: 'This comes from git. Change it if it is wrong.',
  name: 'Full name',
  user: 'Short name',
  userHint: 'For file names and for notes: “Note for mike”. Letters, digits and . _ - without spaces.',
  email: 'E-mail',
  emailHint: 'For commits. Leave it empty to use git’s own.',
  whoMissing: 'Enter at least your full name and a short name.',
  whoNote: 'A workspace with a .claude/identity.json uses its own author.',

  agentsTitle: 'Connect your agents',
  agentsBody:
    'A connected agent shows your notes when a session starts, pushes when it ends, and gets two commands: /save writes the session’s log, /sync fetches what colleagues pushed.',
  agentStates: {
    connected: 'Connected',
    partly: 'Partly connected',
    'not-connected': 'Not connected',
    broken: 'Does not work',
  },
  agentMissing: 'Not found on this machine',
  agentNone: 'No agent was found on this machine. You can connect one later in the settings.',
  connect: 'Connect',
  repair: 'Repair',
  disconnect: 'Disconnect',
  showChange: 'Show what changes',
  changeTitle: (agent: string) => `What connecting ${agent} changes`,
  fileActions: {
    created: 'will be created',
    changed: 'will get these lines',
    unchanged: 'stays as it is',
    removed: 'will be removed',
    kept: 'stays: it is yours',
  },
  undone: 'Disconnect undoes all of it.',

  logsTitle: 'Your existing logs',
  logsBody: 'These folders contain session logs. Listing them does not change them.',
  logsLooking: 'Looking for session logs near your code',
  logsNone: 'No session logs were found near your code. New ones appear as soon as you save a session.',
  logsMore: 'The search ended early; there may be more. Add others in Settings, Workspaces.',
  logsOf: (count: number) => (count === 1 ? '1 session log' : `${formatCount(count)} session logs`),
  list: 'List these logs',
  listed: 'Listed',
  unlist: 'Stop listing',
  unlisted: (folders: string) =>
    `Logs in ${folders} are not listed. Copy them into your data folder to see them here.`,
  stopLooking: 'Stop looking',
  copy: {
    open: 'Copy these logs\u2026',
    planning: 'Reading what would be copied',
    title: 'What will be copied',
    plan: (count: number, first: string, last: string) =>
      `${logs(count)} will be copied, ${first === last ? `of ${shortDay(first, '')}` : `from ${shortDay(first, '')} to ${shortDay(last, '')}`}.`,
    planUndated: (count: number) => `${logs(count)} will be copied.`,
    planNone: 'Nothing will be copied.',
    into: 'Into',
    untouched: 'The repository and its git stay as they are.',
    already: (count: number) => `${logs(count)} ${count === 1 ? 'was' : 'were'} copied before.`,
    elsewhere: (count: number, machine: string) =>
      `${logs(count)} of ${machine} ${count === 1 ? 'is' : 'are'} left: copy on that machine.`,
    refused: (path: string, problem: string) => `${path} is left: ${problem}`,
    passedOver: (count: number) =>
      `${plural(count, 'file')} about logs, such as a README, ${count === 1 ? 'is' : 'are'} left.`,
    unnamed: (count: number) =>
      count === 1
        ? '1 log names no machine: it was written on this one'
        : `${formatCount(count)} logs name no machine: they were written on this one`,
    unnamedHint: (authors: string) =>
      `Committed by ${authors}. Each machine keeps its own logs, so leave this off where another machine copies them.`,
    names: 'Names in the data folder',
    more: (count: number) => `and ${formatCount(count)} more`,
    start: (count: number) => `Copy ${logs(count)}`,
    stop: 'Stop',
    close: 'Do not copy',
    done: (count: number) => `${logs(count)} copied.`,
    stopped: (count: number) => `Stopped. ${logs(count)} copied.`,
    thereNow: (count: number) => `${logs(count)} of it ${count === 1 ? 'is' : 'are'} in your data folder.`,
    undo: 'Undo the copy',
    undone: (count: number) => `${logs(count)} taken away again.`,
    kept: (names: string) => `Changed since, so kept: ${names}`,
  },
  identityWanted:
    'This team keeps a list of authors. Until you are on it, logs you save there go to your data folder.',
  identityWrite: 'Add me',
  identityWritten: (path: string) => `Written: ${path}`,

  sessionsTitle: 'Your agents’ sessions',
  sessionsLooking: 'Looking for coding-agent sessions',
  sessionsFound: (parts: string) => `Found ${parts} on this machine.`,
  sessionsOf: (count: number, agent: string) => `${plural(count, 'session')} of ${agent}`,
  sessionsDue: (count: number) =>
    count === 1
      ? '1 of them will be deleted by its agent within a week.'
      : `${formatCount(count)} of them will be deleted by their agents within a week.`,
  sessionsBody:
    'Session Log copies them all and makes a readable log of each one that is worth it, and does the same with new ones. Nothing of the agents’ is changed.',
  sessionsNone: 'No coding-agent sessions were found. New ones will appear under Sessions.',
  sessionsKeep: 'Keep them all',
  sessionsLater: 'Not now',

  seal: {
    clear: {
      title: 'Seal the store before anything goes there?',
      body: 'Everything is then encrypted on this machine: people with access to the bucket or share cannot read any log. You get a recovery key to keep, and let each colleague’s machine in. You can also seal the store later.',
      action: 'Seal it first…',
    },
    outside: {
      title: 'This store is sealed',
      body: 'A colleague has to let this machine in, by comparing eight words with you. Until then nothing can be pushed.',
      action: 'Ask to join…',
    },
  },
  pushClear: 'Push in the clear',
  pushTitle: 'Push what is here',
  pushBody: 'This machine’s logs now go to the store. You can keep reading meanwhile.',
  pushStart: 'Push now',
  pushing: 'Pushing',
  pushFailed: 'The first push did not finish',
  pushLater: 'Finish without pushing',
  doneTitle: 'All set',
  doneBody: (count: string) =>
    `${count === '1' ? '1 log from this machine is' : `${count} logs from this machine are`} in the store. New ones will be pushed automatically.`,
  doneNothing: 'No logs here yet. New ones will be pushed automatically.',
  doneLocal: 'Logs stay on this machine. You can choose a store in the settings at any time.',
  doneNext: 'At the end of your next session, type this in Claude Code:',
  doneRestart: 'A session that is already running will see it after a restart.',
  doneConnect: 'Connect an agent to save sessions, or save one manually:',
  finish: 'Open the logs',

  brokenHeading: 'Settings',
  brokenTitle: 'The settings file cannot be read',
  brokenBody: 'Your logs are safe. Everything that needs the settings is on hold.',
  brokenOpen: 'Show the file',
  brokenRestore: 'Restore the last good version',
  brokenDefaults: 'Start from defaults',
  brokenKept: 'Whatever you choose, the current file is kept beside it.',
} as const;
