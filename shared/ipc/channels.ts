/**
 * Names only, with no import, so that the preload stays a few hundred bytes. What the names mean is in contract.ts, which does not
 * compile while a name here lacks its entry there.
 */
export const CALLS = [
  'app.hidePanel',
  'app.info',
  'app.openBrowser',
  'app.quit',
  'app.reveal',
  'attention.answer',
  'cli.install',
  'cli.remove',
  'cli.status',
  'clipboard.copy',
  'clipboard.read',
  'gitSync.run',
  'identity.acceptHostname',
  'identity.adopt',
  'identity.card',
  'identity.create',
  'identity.split',
  'logs.copies',
  'logs.days',
  'logs.facets',
  'logs.groups',
  'logs.openInEditor',
  'logs.page',
  'logs.pull',
  'logs.read',
  'logs.reveal',
  'logs.row',
  'machines.list',
  'notes.list',
  'notes.markDone',
  'notes.markRead',
  'notes.reopen',
  'operations.cancel',
  'operations.list',
  'paths.pick',
  'pause.clear',
  'pause.set',
  'save.check',
  'save.session',
  'settings.export',
  'settings.get',
  'settings.import',
  'settings.recover',
  'settings.set',
  'settings.testStore',
  'setup.cancel',
  'setup.connectAgent',
  'setup.copyLogs',
  'setup.disconnectAgent',
  'setup.look',
  'setup.makeFolder',
  'setup.nearby',
  'setup.undoCopy',
  'setup.writeIdentity',
  'shell.openLink',
  'status.get',
  'sync.full',
  'sync.index',
  'sync.push',
  'update.check',
  'update.install',
  'workspaces.add',
  'workspaces.remove',
] as const;

export type CallName = (typeof CALLS)[number];

export const EVENTS = [
  'help.show',
  'index.changed',
  'navigate',
  'notes.changed',
  'notice.show',
  'operation.done',
  'operation.progress',
  'settings.changed',
  'status.changed',
] as const;

export type EventName = (typeof EVENTS)[number];

/** The one channel on which events travel from the main process to a window: `{event, payload}`. */
export const EVENT_CHANNEL = 'session-log:event';
/** The one channel on which calls travel from a window to the main process: `(channel, input)`. */
export const CALL_CHANNEL = 'session-log:call';
