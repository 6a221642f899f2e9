import type { Settings } from './settings.ts';

/**
 * What a setting can do to a machine: `runs` names a program to run, `moves` decides where logs or credentials go or which folders
 * are read and written, `plain` does neither.
 */
export type SettingClass = 'plain' | 'runs' | 'moves';

type Group = Exclude<keyof Settings, 'schema'>;

/** Every setting, e.g. `store.url`. */
export type SettingKey = { [G in Group]: `${G}.${keyof Settings[G] & string}` }[Group];

/**
 * One line per setting; a new one does not compile without its line. The browser view changes anything but `plain` only after a
 * person has confirmed in the terminal: a page is weaker proof of a person than a terminal.
 */
export const SETTING_CLASSES: Readonly<Record<SettingKey, SettingClass>> = {
  'author.user': 'plain',
  'author.name': 'plain',
  'author.email': 'plain',
  'store.url': 'moves',
  'store.tenant': 'moves',
  'store.credentials': 'moves',
  'store.impersonate': 'moves',
  'store.endpoint': 'moves',
  // When off, names leave in the clear.
  'store.sealedNames': 'moves',
  'git.workspaces': 'moves',
  'git.vault': 'moves',
  'git.lockWaitSeconds': 'plain',
  'git.wikiCommand': 'runs',
  'git.wikiTimeoutSeconds': 'plain',
  'git.withSecrets': 'moves',
  // When off, secrets leave that would have stayed.
  'git.askIfPublic': 'moves',
  // How often registered workspaces are synced with the remotes git has for them.
  'git.schedule': 'plain',
  'schedule.push': 'plain',
  'schedule.index': 'plain',
  'schedule.full': 'plain',
  'schedule.pauseOnBattery': 'plain',
  'schedule.pauseOnMetered': 'plain',
  // Whole logs or summaries, into the store a person chose.
  'save.toStore': 'plain',
  'search.team': 'plain',
  // Whether a search here finds the content of "Credentials"; nothing leaves the machine.
  'search.credentials': 'plain',
  // Which logs leave.
  'sync.stayHere': 'moves',
  // Whether secrets leave with the logs.
  'secrets.withhold': 'moves',
  // What an agent is told at session start; nothing leaves the machine.
  'agents.brief': 'plain',
  // Logs of sessions go where a person directed logs.
  'capture.mode': 'plain',
  'capture.quietMinutes': 'plain',
  'capture.roots': 'moves',
  'capture.never': 'plain',
  'capture.diskLimit': 'plain',
  // Whether whole transcripts leave, and whether in the clear.
  'capture.copiesToStore': 'moves',
  'notifications.notes': 'plain',
  'notifications.problems': 'plain',
  'notifications.quietHours': 'plain',
  'app.launchAtLogin': 'runs',
  'app.theme': 'plain',
  'app.timeZone': 'plain',
  'app.updateChannel': 'runs',
  'app.updateFeed': 'runs',
  'app.editor': 'runs',
  'app.firstRunDone': 'plain',
};
