import type { AppError } from '../../shared/app-error.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import type { CallOutput, ParsedInput } from '../../shared/ipc/contract.ts';
import type { Result } from '../../shared/result.ts';
import type { AppService, Caller } from '../core/app/app-service.ts';

/** What the handler of a channel gives: `void` where the contract says `null`, since a use-case has no reason to return null. */
type Given<N extends CallName> = CallOutput<N> extends null ? void : CallOutput<N>;

/** Runs one channel. */
export type Handler<N extends CallName> = (
  app: AppService,
  input: ParsedInput<N>,
  caller: Caller,
) => Promise<Result<Given<N>, AppError>>;

/** One line per channel; a channel without its line does not compile. */
export const handlers: { readonly [N in CallName]: Handler<N> } = {
  'app.info': (app, _input, caller) => app.shell.info(caller),
  'app.openBrowser': (app, input) => app.shell.openBrowser(input),
  'app.hidePanel': (app) => app.shell.hidePanel(),
  'app.quit': (app) => app.shell.quit(),
  'app.reveal': (app, input, caller) => app.shell.reveal(input, caller),
  'attention.answer': (app, input) => app.sync.answer(input),
  'cli.install': (app) => app.commandLine.install(),
  'cli.remove': (app) => app.commandLine.remove(),
  'cli.status': (app) => app.commandLine.status(),
  'clipboard.copy': (app, input) => app.shell.copy(input),
  'clipboard.read': (app) => app.shell.readClipboard(),
  'gitSync.run': (app, input) => app.sync.git(input),
  'identity.acceptHostname': (app) => app.identity.acceptHostname(),
  'identity.adopt': (app, input) => app.identity.adopt(input),
  'identity.card': (app) => app.identity.card(),
  'identity.create': (app) => app.identity.create(),
  'identity.split': (app) => app.identity.split(),
  'logs.copies': (app, input) => app.logs.copies(input),
  'logs.days': (app, input) => app.logs.days(input),
  'logs.facets': (app) => app.logs.facets(),
  'logs.groups': (app, input) => app.logs.groups(input),
  'logs.openInEditor': (app, input, caller) => app.logs.openInEditor(input, caller),
  'logs.page': (app, input) => app.logs.page(input),
  'logs.pull': (app, input) => app.logs.pull(input),
  'logs.read': (app, input) => app.logs.read(input),
  'logs.reveal': (app, input, caller) => app.logs.reveal(input, caller),
  'logs.row': (app, input) => app.logs.row(input),
  'machines.list': (app) => app.machines.list(),
  'notes.list': (app, input) => app.notes.list(input),
  'notes.markDone': (app, input) => app.notes.markDone(input),
  'notes.markRead': (app, input) => app.notes.markRead(input),
  'notes.reopen': (app, input) => app.notes.reopen(input),
  'operations.cancel': (app, input) => app.sync.cancel(input),
  'operations.list': (app, input) => app.sync.operations(input),
  'paths.pick': (app, input, caller) => app.shell.pickPath(input, caller),
  'pause.clear': (app) => app.sync.resume(),
  'pause.set': (app, input) => app.sync.pause(input),
  'save.check': (app, input) => app.save.check(input),
  'save.session': (app, input) => app.save.save(input),
  'settings.export': (app, _input, caller) => app.settings.export(caller),
  'settings.get': (app) => app.settings.get(),
  'settings.import': (app, input) => app.settings.import(input),
  'settings.recover': (app, input) => app.settings.recover(input),
  'settings.set': (app, input) => app.settings.set(input),
  'settings.testStore': (app, input) => app.settings.testStore(input),
  'setup.cancel': (app, input) => app.setup.cancel(input),
  'setup.connectAgent': (app, input) => app.setup.connectAgent(input),
  'setup.copyLogs': (app, input) => app.setup.copyLogs(input),
  'setup.disconnectAgent': (app, input) => app.setup.disconnectAgent(input),
  'setup.look': (app) => app.setup.look(),
  'setup.makeFolder': (app, input) => app.setup.makeFolder(input),
  'setup.nearby': (app) => app.setup.nearby(),
  'setup.undoCopy': (app, input) => app.setup.undoCopy(input),
  'setup.writeIdentity': (app, input) => app.setup.writeIdentity(input),
  'shell.openLink': (app, input) => app.shell.openLink(input),
  'status.get': (app) => app.status.get(),
  'sync.full': (app) => app.sync.full(),
  'sync.index': (app) => app.sync.index(),
  'sync.push': (app) => app.sync.push(),
  'update.check': (app) => app.shell.checkForUpdate(),
  'update.install': (app) => app.shell.installUpdate(),
  'workspaces.add': (app, input) => app.settings.addWorkspace(input),
  'workspaces.remove': (app, input) => app.settings.removeWorkspace(input),
};
