import type * as v from 'valibot';
import type { ErrorCode } from '../app-error.ts';
import type { LogId } from '../domain/ids.ts';
import type { LogFacets, LogPage, LogRow } from '../domain/log-query.ts';
import type { NewsLook, NewsReport } from '../domain/news.ts';
import type { PendingReport } from '../domain/pending-list.ts';
import type { Settings } from '../domain/settings.ts';
import type { CallName, EventName } from './channels.ts';
import type { FinishedOperation, Operation } from './operation.ts';
import type * as p from './payloads.ts';
import * as s from './schemas.ts';
import type { SessionSums } from '../transcripts/session-list.ts';
import type * as saving from './saving.ts';
import type { KeptSearches, SearchFound, SearchProgress, SearchStatus } from './searching.ts';
import type * as sealing from './sealing.ts';
import type * as sessions from './sessions.ts';
import type * as setup from './setup.ts';
import type { StatusSnapshot } from './status.ts';

/** One channel: its input, its output, how it may fail. `output` exists for the compiler only. */
export interface Call<S extends v.GenericSchema, O> {
  readonly input: S;
  /**
   * Expected failures besides `invalid-input` and `bug`, which every channel may return. A channel that starts an operation answers once it
   * has started; its result follows in `operation.done`.
   */
  readonly errors: readonly ErrorCode[];
  /** Maximum total characters of text in the input; 64 Ki by default. */
  readonly textLimit?: number;
  readonly output?: O;
}

/** `call<Output>()(inputSchema, errors)`: curried, because a schema's type is inferred and the output's is explicit. */
function call<O>() {
  return <S extends v.GenericSchema>(
    input: S,
    errors: readonly ErrorCode[] = [],
    textLimit?: number,
  ): Call<S, O> => ({ input, errors, ...(textLimit === undefined ? {} : { textLimit }) });
}

const DISK = ['io', 'disk-full', 'corrupt', 'denied'] as const;
const STORE = ['offline', 'denied', 'not-found', 'throttled', 'server', 'timeout', 'corrupt'] as const;
const COPY = [...DISK, 'attention', 'not-configured', 'not-found', 'timeout', 'cancelled'] as const;
const SAVE = [...DISK, 'attention', 'not-configured', 'not-found', 'lock-held', 'cancelled'] as const;
/** A team's keys are in the store and, opened, on this disk; this machine's key may be in a keychain. */
const KEYS = [...DISK, ...STORE, 'precondition', 'attention', 'lock-held', 'not-configured'] as const;
const IDENTITY = [...DISK, 'attention', 'clone-alarm', 'not-configured', 'not-found'] as const;

/**
 * Every channel between a page and the core. A name in channels.ts without an entry here, or an entry without a name there, does not
 * compile.
 */
export const calls = {
  'app.hidePanel': call<null>()(s.none, ['usage']),
  'app.info': call<p.AppInfo>()(s.none),
  'app.openBrowser': call<null>()(s.routeChoice, ['usage']),
  'app.quit': call<null>()(s.none, ['usage']),
  'app.reveal': call<null>()(s.ownPlace, [...DISK, 'not-found', 'usage']),
  'attention.answer': call<p.Started | null>()(s.attentionAnswer, [...DISK, ...STORE, 'usage', 'attention']),
  'cli.install': call<p.CommandLineState>()(s.none, [...DISK, 'attention']),
  'cli.remove': call<p.CommandLineState>()(s.none, DISK),
  'cli.status': call<p.CommandLineState>()(s.none, DISK),
  'clipboard.copy': call<null>()(s.copiedText, ['usage'], 16 * 1024 * 1024),
  'clipboard.read': call<{ readonly text: string | null }>()(s.none, ['usage']),
  'gitSync.run': call<p.Started>()(s.gitSyncRequest, ['not-configured', 'not-found']),
  'identity.acceptHostname': call<p.IdentityCard>()(s.none, IDENTITY),
  'identity.adopt': call<p.IdentityCard>()(s.oneMachine, [...IDENTITY, ...STORE]),
  'identity.card': call<p.IdentityCard>()(s.none, IDENTITY),
  'identity.create': call<p.IdentityCard>()(s.none, IDENTITY),
  'identity.split': call<p.IdentityCard>()(s.splitRequest, [...IDENTITY, ...STORE]),
  'logs.compare': call<p.LogDifference>()(s.oneLog, [...DISK, ...STORE, 'usage']),
  'logs.copies': call<p.LogCopies>()(s.oneLog, DISK),
  'logs.days': call<p.DayCounts>()(s.dayQuery, DISK),
  'logs.facets': call<LogFacets>()(s.none, DISK),
  'logs.groups': call<p.LogGroups>()(s.groupQuery, DISK),
  'logs.openInEditor': call<null>()(s.logAtLine, [...DISK, 'not-found', 'usage', 'not-configured']),
  'logs.page': call<LogPage>()(s.logQuery, DISK),
  'logs.pull': call<p.Started>()(s.pullRequest, [], 12 * 1024 * 1024),
  'logs.read': call<p.LogRead>()(s.readStretch, [...DISK, 'not-found']),
  'logs.reveal': call<null>()(s.oneLog, [...DISK, 'not-found', 'usage']),
  'logs.row': call<LogRow | null>()(s.oneLog, DISK),
  'machines.list': call<p.MachineList>()(s.none, DISK),
  'news.list': call<NewsReport>()(s.none, [...DISK, 'not-configured', 'attention']),
  'news.looked': call<NewsLook | null>()(s.newsLook, [...DISK, 'not-configured', 'attention'], 128 * 1024),
  'notes.list': call<p.NotesPage>()(s.notesQuery, DISK),
  'notes.markDone': call<{ readonly unread: number }>()(s.noteHashes, [
    ...DISK,
    'not-found',
    'not-configured',
  ]),
  'notes.markRead': call<{ readonly unread: number }>()(s.noteHashes, [
    ...DISK,
    'not-found',
    'not-configured',
  ]),
  'notes.reopen': call<{ readonly unread: number }>()(s.noteHashes, [...DISK, 'not-found', 'not-configured']),
  'operations.cancel': call<{ readonly cancelling: boolean }>()(s.oneOperation),
  'operations.list': call<p.OperationList>()(s.operationsQuery),
  'paths.pick': call<{ readonly path: string | null }>()(s.pathPurpose, ['usage']),
  'pause.clear': call<StatusSnapshot>()(s.none),
  'pause.set': call<StatusSnapshot>()(s.pauseRequest),
  'pending.list': call<PendingReport>()(s.pendingQuery, [...DISK, 'not-configured', 'attention']),
  'pending.mark': call<null>()(s.taskMark, [...DISK, 'not-configured', 'attention']),
  'save.check': call<saving.SavePreview>()(s.sessionText, SAVE, 8 * 1024 * 1024),
  'save.session': call<saving.SaveReceipt>()(s.sessionText, SAVE, 8 * 1024 * 1024),
  'sealing.admit': call<{ readonly name: string }>()(s.admission, KEYS),
  'sealing.audit': call<sealing.SealingAudit>()(s.none, KEYS),
  'sealing.drill': call<p.Started>()(s.none),
  'sealing.invite': call<sealing.ColleagueInvitation>()(s.none, ['not-configured']),
  'sealing.join': call<sealing.SealingJoin>()(s.none, KEYS),
  'sealing.recover': call<{ readonly epochs: number }>()(s.recoveryText, KEYS),
  'sealing.recoveryKey': call<sealing.RecoveryKey>()(s.recoveryKept),
  'sealing.remove': call<{ readonly name: string; readonly epoch: number }>()(s.keyHolder, KEYS),
  'sealing.requests': call<sealing.SealingTeam>()(s.none, KEYS),
  'sealing.seal': call<p.Started>()(s.sealRequest),
  'sealing.unseal': call<p.Started>()(s.none),
  'search.build': call<null>()(s.searchBuild, DISK),
  'search.find': call<SearchFound>()(s.searchQuestion, [...DISK, 'cancelled']),
  'search.keep': call<KeptSearches>()(s.searchesKept, DISK, 256 * 1024),
  'search.kept': call<KeptSearches>()(s.none, DISK),
  'search.status': call<SearchStatus>()(s.none, DISK),
  'secrets.allow': call<null>()(s.allowedSecret, [...DISK, 'not-found', 'usage']),
  'secrets.reveal': call<p.RevealedLabel>()(s.revealedLabel, [...DISK, 'not-found']),
  'secrets.share': call<p.SharedWith>()(s.sharedKey, [...KEYS, 'clone-alarm', 'cancelled']),
  'secrets.shared': call<p.SharedWith>()(s.none, [...DISK, 'attention', 'not-found']),
  'sessions.capture': call<p.Started>()(s.sessionCapture, [], 512 * 1024),
  'sessions.conversation': call<sessions.ConversationPage>()(s.conversationStretch, [
    ...DISK,
    'not-found',
    'timeout',
  ]),
  'sessions.list': call<sessions.SessionPage>()(s.sessionQuery, DISK),
  'sessions.outline': call<sessions.ConversationOutline>()(s.oneSession, [...DISK, 'not-found', 'timeout']),
  'sessions.restore': call<sessions.SessionRestored>()(s.oneSession, [
    ...DISK,
    'not-found',
    'precondition',
    'lock-held',
  ]),
  'settings.export': call<p.SettingsExport>()(s.none, [...DISK, 'cancelled']),
  'settings.get': call<p.SettingsView>()(s.none, DISK),
  'settings.import': call<p.SettingsImport>()(s.settingsText, DISK, 256 * 1024),
  'settings.recover': call<p.SettingsView>()(s.settingsRecovery, [...DISK, 'not-found']),
  'settings.set': call<p.SettingsView>()(s.settingsChange, DISK, 1024 * 1024),
  'settings.testStore': call<p.StoreTest>()(s.storeTest),
  'setup.cancel': call<null>()(s.setupWork),
  'setup.connectAgent': call<setup.AgentChange>()(s.agentChange, [...DISK, 'attention', 'not-configured']),
  'setup.copyLogs': call<setup.LogCopy>()(s.logCopy, COPY),
  'setup.disconnectAgent': call<setup.AgentChange>()(s.agentChange, [...DISK, 'attention', 'not-configured']),
  'setup.look': call<setup.SetupView>()(s.none),
  'setup.makeFolder': call<null>()(s.newFolder, DISK),
  'setup.nearby': call<setup.NearbyView>()(s.none),
  'setup.undoCopy': call<setup.LogCopyUndone>()(s.oneWorkspace, COPY),
  'setup.writeIdentity': call<{ readonly path: string }>()(s.oneWorkspace, [
    ...DISK,
    'not-found',
    'not-configured',
    'attention',
  ]),
  'shell.openLink': call<p.LinkOpening>()(s.link, ['denied', 'io']),
  'status.get': call<StatusSnapshot>()(s.none),
  'sync.full': call<p.Started>()(s.none),
  'sync.index': call<p.Started>()(s.none),
  'sync.push': call<p.Started>()(s.none),
  'update.check': call<StatusSnapshot['update']>()(s.none, ['usage', 'not-configured', ...STORE]),
  'update.install': call<null>()(s.none, ['usage', 'not-found']),
  'workspaces.add': call<p.SettingsView>()(s.workspaceAddition, [...DISK, 'not-found', 'attention']),
  'workspaces.remove': call<p.SettingsView>()(s.workspaceAddition, [...DISK, 'not-found']),
} satisfies { [N in CallName]: Call<v.GenericSchema, unknown> };

type Calls = typeof calls;

/** What a caller sends on a channel. */
export type CallInput<N extends CallName> = v.InferInput<Calls[N]['input']>;
/** What the handler receives: parsed and branded. */
export type ParsedInput<N extends CallName> = v.InferOutput<Calls[N]['input']>;
/** What the channel returns on success. */
export type CallOutput<N extends CallName> = Calls[N] extends Call<infer _S, infer O> ? O : never;

/** What each event carries. */
export interface EventPayloads {
  /** The menu item for the list of shortcuts. */
  readonly 'help.show': Readonly<Record<string, never>>;
  /** Rows were added, changed or removed. `ids` lists them when they are few; null means "anything may have changed". */
  readonly 'index.changed': { readonly version: number; readonly ids: readonly LogId[] | null };
  /** In one of the windows, the reader ticked off a task or looked at what is new. */
  readonly 'marks.changed': null;
  /** Navigate to a place (a notification or the tray was clicked); a hash of route.ts. */
  readonly navigate: { readonly route: string };
  readonly 'notes.changed': { readonly unread: number };
  readonly 'notice.show': p.Notice;
  readonly 'operation.done': FinishedOperation;
  readonly 'operation.progress': Operation;
  /** The full-text index covers other logs, or is waiting for others. */
  readonly 'search.changed': SearchProgress;
  /** Agent sessions were added, changed or removed, or more of them are safe. */
  readonly 'sessions.changed': SessionSums;
  readonly 'settings.changed': Settings;
  readonly 'status.changed': StatusSnapshot;
}

/** An event with its payload. Does not compile when an event of channels.ts has no payload. */
export type AppEvent = {
  [N in EventName]: { readonly event: N; readonly payload: EventPayloads[N] };
}[EventName];
