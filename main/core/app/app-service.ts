import type { Answer } from '../../../shared/app-error.ts';
import type { LogFacets, LogPage, LogRow } from '../../../shared/domain/log-query.ts';
import type { NewsLook, NewsReport } from '../../../shared/domain/news.ts';
import type { PendingReport } from '../../../shared/domain/pending-list.ts';
import type { AppEvent, CallOutput, ParsedInput } from '../../../shared/ipc/contract.ts';
import type * as p from '../../../shared/ipc/payloads.ts';
import type * as saving from '../../../shared/ipc/saving.ts';
import type { KeptSearches, SearchFound, SearchStatus } from '../../../shared/ipc/searching.ts';
import type * as sealing from '../../../shared/ipc/sealing.ts';
import type {
  ConversationOutline,
  ConversationPage,
  SessionPage,
  SessionRestored,
} from '../../../shared/ipc/sessions.ts';
import type * as setup from '../../../shared/ipc/setup.ts';
import type { StatusSnapshot, UpdateStatus } from '../../../shared/ipc/status.ts';

/** The caller, already checked by the transport; for the app log and for choosing a dialog's window. */
export interface Caller {
  readonly kind: 'window' | 'panel' | 'browser-view' | 'test';
  /** Distinguishes callers of one kind, e.g. by window id. */
  readonly id: string;
}

/** Reading logs. Every read but `compare` is local and never waits for the network. */
export interface LogsService {
  /** One page of rows, at most 1,000. */
  page(query: ParsedInput<'logs.page'>): Answer<LogPage>;
  /** The headings of `page`'s list for the same filters, in its order. */
  groups(query: ParsedInput<'logs.groups'>): Answer<p.LogGroups>;
  /** Logs per machine and day, for the heat map. */
  days(query: ParsedInput<'logs.days'>): Answer<p.DayCounts>;
  /** What the list can be filtered by, with counts. */
  facets(): Answer<LogFacets>;
  /** Locations of a row's session, the fullest first. */
  copies(input: ParsedInput<'logs.copies'>): Answer<p.LogCopies>;
  /** What an own log and its backup do not share; asks the store. */
  compare(input: ParsedInput<'logs.compare'>): Answer<p.LogDifference>;
  row(input: ParsedInput<'logs.row'>): Answer<LogRow | null>;
  /**
   * A range of a log's text, own or cached. `not-pulled` when the bytes are only in the store; `not-found` when the log is not indexed. An
   * own log is read from disk even when the index lags behind it.
   */
  read(input: ParsedInput<'logs.read'>): Answer<p.LogRead>;
  /** Starts pulling logs of other machines into the cache. Current copies cost nothing. */
  pull(request: ParsedInput<'logs.pull'>): Answer<p.Started>;
  /** Shows the file in the file manager. `not-found` when it is not on this machine; `usage` when this shell cannot. */
  reveal(input: ParsedInput<'logs.reveal'>, caller: Caller): Answer<void>;
  /** Opens the file in the configured editor (a cached log is read-only). */
  openInEditor(input: ParsedInput<'logs.openInEditor'>, caller: Caller): Answer<void>;
}

/** Open tasks, and what is new since the reader last looked. Every answer is local; marks go out with the next push. */
export interface PendingService {
  list(input: ParsedInput<'pending.list'>): Answer<PendingReport>;
  /** Marks tasks as done for the whole team, or undoes that. */
  mark(input: ParsedInput<'pending.mark'>): Answer<void>;
  news(): Answer<NewsReport>;
  /** Stores how far the reader has looked. @returns the previous value */
  looked(input: ParsedInput<'news.looked'>): Answer<NewsLook | null>;
}

/** Full text of every available log. Every answer is local. */
export interface SearchService {
  /** One page of hits. A newer query of the same box ends the older one as `cancelled`. */
  find(input: ParsedInput<'search.find'>, caller: Caller): Answer<SearchFound>;
  status(): Answer<SearchStatus>;
  /** Resumes or stops indexing. */
  build(input: ParsedInput<'search.build'>): Answer<void>;
  /** This person's recent and saved searches on this machine. */
  kept(): Answer<KeptSearches>;
  keep(input: ParsedInput<'search.keep'>): Answer<KeptSearches>;
}

/** The notes inbox. Marks write receipts in this machine's shard only. */
export interface NotesService {
  /** Newest first. */
  list(query: ParsedInput<'notes.list'>): Answer<p.NotesPage>;
  markRead(input: ParsedInput<'notes.markRead'>): Answer<{ readonly unread: number }>;
  markDone(input: ParsedInput<'notes.markDone'>): Answer<{ readonly unread: number }>;
  /** Marks a done note as read again. */
  reopen(input: ParsedInput<'notes.reopen'>): Answer<{ readonly unread: number }>;
}

/**
 * Starts operations. Each call returns as soon as the operation has its id; results arrive as `operation.progress` and `operation.done`.
 * Requesting a kind that is running returns the running one's id.
 */
export interface SyncService {
  push(): Answer<p.Started>;
  index(): Answer<p.Started>;
  full(): Answer<p.Started>;
  /** Syncs workspace(s) and vault with git. A held lock ends as outcome `deferred`, never as this call's error. */
  git(request: ParsedInput<'gitSync.run'>): Answer<p.Started>;
  /** Asks an operation to stop at its next safe point. `cancelling` is false when it has ended or cannot stop. */
  cancel(input: ParsedInput<'operations.cancel'>): Answer<{ readonly cancelling: boolean }>;
  /** Running operations, and those finished in the last days. */
  operations(query: ParsedInput<'operations.list'>): Answer<p.OperationList>;
  /** Pauses automatic work; what a person requests still runs. */
  pause(request: ParsedInput<'pause.set'>): Answer<StatusSnapshot>;
  resume(): Answer<StatusSnapshot>;
  /** Answers an item of `status.attention`; returns the id of the started operation, if any. */
  answer(input: ParsedInput<'attention.answer'>): Answer<p.Started | null>;
}

/** Agent sessions on this machine: what is kept of each, and when its agent deletes it. */
export interface SessionsService {
  /** A page of the last scan's results; scans again when they are old. */
  list(input: ParsedInput<'sessions.list'>): Answer<SessionPage>;
  /** Starts capturing sessions, as an operation. */
  capture(input: ParsedInput<'sessions.capture'>): Answer<p.Started>;
  /** Restores a session where its agent looks for it. Never overwrites a file. */
  restore(input: ParsedInput<'sessions.restore'>): Answer<SessionRestored>;
  /** A range of the conversation; of a session deleted by its agent, from the safe copy. */
  conversation(input: ParsedInput<'sessions.conversation'>): Answer<ConversationPage>;
  outline(input: ParsedInput<'sessions.outline'>): Answer<ConversationOutline>;
}

/** Who can read what is stored. */
export interface SealingService {
  /** Looks what leaves and who can read it; asks the store. */
  audit(): Answer<sealing.SealingAudit>;
  /** Starts sealing this machine's stored objects. Only {@link recoveryKey} returns a recovery key it creates. */
  seal(input: ParsedInput<'sealing.seal'>): Answer<p.Started>;
  /** Starts storing everything of this machine in the clear, now and from now on. */
  unseal(): Answer<p.Started>;
  /** The recovery key, until somebody confirms keeping it; held only in this process. */
  recoveryKey(input: ParsedInput<'sealing.recoveryKey'>): Answer<sealing.RecoveryKey>;
  /** What a colleague needs to join the same store. */
  invite(): Answer<sealing.ColleagueInvitation>;
  /** Asks to join. Safe to repeat. */
  join(): Answer<sealing.SealingJoin>;
  /** Members and requests; `denied` on a non-member machine. */
  requests(): Answer<sealing.SealingTeam>;
  admit(input: ParsedInput<'sealing.admit'>): Answer<{ readonly name: string }>;
  /** Removes a machine or a recovery key. */
  remove(input: ParsedInput<'sealing.remove'>): Answer<{ readonly name: string; readonly epoch: number }>;
  /** Admits this machine by the recovery key. */
  recover(input: ParsedInput<'sealing.recover'>): Answer<{ readonly epochs: number }>;
  /** Starts restoring a sample from the store, as a proof. */
  drill(): Answer<p.Started>;
}

/** Values behind labels. */
export interface SecretsService {
  /** The value of a label; `not-found` says where it is. Counted in the app log. */
  reveal(input: ParsedInput<'secrets.reveal'>): Answer<p.RevealedLabel>;
  /** The other machines that can read the values kept here, and this one's key. */
  shared(): Answer<p.SharedWith>;
  /** Lets a machine of this person read them, by the key it shows, or ends that. Asks the store. */
  share(input: ParsedInput<'secrets.share'>): Answer<p.SharedWith>;
  /** Marks a value as no secret: one behind a label, or one that blocks the commit of a log. */
  allow(input: ParsedInput<'secrets.allow'>): Answer<void>;
}

/** Saving a session by hand. */
export interface SaveService {
  /** Previews a save; writes nothing. */
  check(input: ParsedInput<'save.check'>): Answer<saving.SavePreview>;
  /** Writes the log and syncs. A deferred sync is in the receipt, never an error of this call. */
  save(input: ParsedInput<'save.session'>): Answer<saving.SaveReceipt>;
}

/** The one settings.json. An `invalid-input` failure names the field in `details.field` (e.g. `store.url`). */
export interface SettingsService {
  get(): Answer<p.SettingsView>;
  /** Changes only what is named, all or nothing. */
  set(input: ParsedInput<'settings.set'>): Answer<p.SettingsView>;
  /** The settings as a file: the shell may ask where to save it (`savedTo`), else the page offers the download. */
  export(caller: Caller): Answer<p.SettingsExport>;
  /** Imports a file that `export` wrote, migrated; all or nothing. Values this machine cannot use are omitted and named. */
  import(input: ParsedInput<'settings.import'>): Answer<p.SettingsImport>;
  /**
   * Replaces an unreadable settings file with the last good settings or the defaults, and keeps it beside them. `not-found` without last
   * good ones.
   */
  recover(input: ParsedInput<'settings.recover'>): Answer<p.SettingsView>;
  /** Tests a store without saving it. An unresponsive store is a result with `ok: false`, not a failure. */
  testStore(input: ParsedInput<'settings.testStore'>): Answer<p.StoreTest>;
  /** Registers a work tree or sets the vault; `attention` when the folder is no git work tree. */
  addWorkspace(input: ParsedInput<'workspaces.add'>): Answer<p.SettingsView>;
  /** Drops a work tree; nothing on disk changes. */
  removeWorkspace(input: ParsedInput<'workspaces.remove'>): Answer<p.SettingsView>;
}

/** This machine's identity. */
export interface IdentityService {
  card(): Answer<p.IdentityCard>;
  /** Creates machine-id.json from the hardware; keeps an existing one. */
  create(): Answer<p.IdentityCard>;
  /** Gives this install its own UUID (the answer to a clone alarm, or to a second account); the old one goes to `previous`. */
  split(input: ParsedInput<'identity.split'>): Answer<p.IdentityCard>;
  /** Takes over an older partition (the answer to hardware drift), with lineage. */
  adopt(input: ParsedInput<'identity.adopt'>): Answer<p.IdentityCard>;
  /** Writes the current host name into the identity. */
  acceptHostname(): Answer<p.IdentityCard>;
}

/** What only the shell around the core can do. Without support, a call fails with `usage`; see `AppInfo.capabilities`. */
export interface ShellService {
  info(caller: Caller): Answer<p.AppInfo>;
  /** Opens the log browser window, optionally at a location. */
  openBrowser(input: ParsedInput<'app.openBrowser'>): Answer<void>;
  /** Finishes pending work and quits the app. */
  quit(): Answer<void>;
  /** Hides the panel, as a click outside does. */
  hidePanel(): Answer<void>;
  /** Shows the app log, data folder or settings file in the file manager. */
  reveal(input: ParsedInput<'app.reveal'>, caller: Caller): Answer<void>;
  /** Opens https and mailto links only (`denied` for all others); in a browser view the page opens them. */
  openLink(input: ParsedInput<'shell.openLink'>): Answer<p.LinkOpening>;
  copy(input: ParsedInput<'clipboard.copy'>): Answer<void>;
  /** The clipboard's text; null when it has none. */
  readClipboard(): Answer<{ readonly text: string | null }>;
  /** Asks for a file or folder in the system's dialog; null when cancelled. */
  pickPath(input: ParsedInput<'paths.pick'>, caller: Caller): Answer<{ readonly path: string | null }>;
  checkForUpdate(): Answer<UpdateStatus>;
  /** Restarts into the downloaded version. */
  installUpdate(): Answer<void>;
}

/** The command `session-log` that the app installs. */
export interface CommandLineService {
  status(): Answer<p.CommandLineState>;
  /** Creates or updates the launcher; `attention` when another program has its path. */
  install(): Answer<p.CommandLineState>;
  /** Removes the app's launcher; hooks that start it then do nothing. */
  remove(): Answer<p.CommandLineState>;
}

/** What the welcome does, besides settings. */
export interface SetupService {
  look(): Answer<setup.SetupView>;
  /** Installs hooks, `/save` and `/sync`; with `dryRun`, reports the changes. */
  connectAgent(input: ParsedInput<'setup.connectAgent'>): Answer<setup.AgentChange>;
  /** Removes all of it. */
  disconnectAgent(input: ParsedInput<'setup.disconnectAgent'>): Answer<setup.AgentChange>;
  /** Work trees with session logs in usual code folders; bounded, see `findNearby`. */
  nearby(): Answer<setup.NearbyView>;
  /** Copies logs that no workspace lists into the data folder; with `dryRun`, only reports that. Leaves git untouched. */
  copyLogs(input: ParsedInput<'setup.copyLogs'>): Answer<setup.LogCopy>;
  /** Removes such copies, except changed ones. */
  undoCopy(input: ParsedInput<'setup.undoCopy'>): Answer<setup.LogCopyUndone>;
  /** Ends a running search or copy, which returns what it has. */
  cancel(input: ParsedInput<'setup.cancel'>): Answer<void>;
  /** Creates a store's folder, because a person said so. */
  makeFolder(input: ParsedInput<'setup.makeFolder'>): Answer<void>;
  /** Writes a work tree's identity.json for the data folder's author. */
  writeIdentity(input: ParsedInput<'setup.writeIdentity'>): Answer<{ readonly path: string }>;
}

/** Events for every page. */
export interface EventFeed {
  /** Calls `listener` for each event until the returned function is called. A throwing listener does not stop the others. */
  subscribe(listener: (event: AppEvent) => void): () => void;
}

/** Everything pages can call, built by create-app-service.ts and called by the router. Independent of transports. */
export interface AppService {
  readonly status: { get(): Answer<StatusSnapshot> };
  readonly logs: LogsService;
  readonly machines: { list(): Answer<CallOutput<'machines.list'>> };
  readonly notes: NotesService;
  readonly pending: PendingService;
  readonly search: SearchService;
  readonly sync: SyncService;
  readonly sessions: SessionsService;
  readonly sealing: SealingService;
  readonly secrets: SecretsService;
  readonly save: SaveService;
  readonly settings: SettingsService;
  readonly setup: SetupService;
  readonly identity: IdentityService;
  readonly shell: ShellService;
  readonly commandLine: CommandLineService;
  readonly events: EventFeed;
}
