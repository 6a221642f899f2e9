import type { Settings } from './settings.ts';

/**
 * What a setting can do to a machine: `runs` names a program that will be run, `moves` decides where logs or credentials go or which
 * folders are read and written, `plain` does neither.
 */
export type SettingClass = 'plain' | 'runs' | 'moves';

type Group = Exclude<keyof Settings, 'schema'>;

/** Every setting, as `store.url`. */
export type SettingKey = { [G in Group]: `${G}.${keyof Settings[G] & string}` }[Group];

/**
 * One line per setting; a new one does not compile without its line. What is not `plain` is changed by the browser view only after a
 * person has said yes in the terminal: a page is a weaker proof of a person than a terminal is.
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
  // Off, names leave in the clear.
  'store.sealedNames': 'moves',
  'git.workspaces': 'moves',
  'git.vault': 'moves',
  'git.lockWaitSeconds': 'plain',
  'git.wikiCommand': 'runs',
  'git.wikiTimeoutSeconds': 'plain',
  'git.withSecrets': 'moves',
  // Off, secrets leave where they would have stayed.
  'git.askIfPublic': 'moves',
  // How often workspaces that a person registered are synced with remotes that git has for them.
  'git.schedule': 'plain',
  'schedule.push': 'plain',
  'schedule.index': 'plain',
  'schedule.full': 'plain',
  'schedule.pauseOnBattery': 'plain',
  'schedule.pauseOnMetered': 'plain',
  // Whole logs or their summaries, into the store that a person chose.
  'save.toStore': 'plain',
  'search.team': 'plain',
  // Whether a search here finds what stands under "Credentials"; nothing leaves the machine.
  'search.credentials': 'plain',
  // Which logs leave.
  'sync.stayHere': 'moves',
  // Whether secrets leave with the logs.
  'secrets.withhold': 'moves',
  // What an agent is told at the start of a session; nothing leaves the machine by it.
  'agents.brief': 'plain',
  // Logs of sessions go where a person said that logs go.
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
