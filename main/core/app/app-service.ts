import type { AppError } from '../../../shared/app-error.ts';
import type { LogPage, LogRow } from '../../../shared/domain/log-query.ts';
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
import type { Result } from '../../../shared/result.ts';

/** The answer of every method: an expected failure is a value, a throw is a bug and becomes code `bug` in the router. */
export type Answer<T> = Promise<Result<T, AppError>>;

/** Who asks. The transport has checked them already; this is for the app log and for choosing the window a dialog belongs to. */
export interface Caller {
  readonly kind: 'window' | 'panel' | 'browser-view' | 'test';
  /** Tells callers of one kind apart, e.g. the id of a window. */
  readonly id: string;
}

/** Looking at logs. Every read is local: nothing here waits for the network. */
export interface LogsService {
  /** One page of rows, at most 1,000. */
  page(query: ParsedInput<'logs.page'>): Answer<LogPage>;
  /** The headings of the list that `page` gives for the same filters, in its order. */
  groups(query: ParsedInput<'logs.groups'>): Answer<p.LogGroups>;
  /** Logs per machine and day, for the heat map. */
  days(query: ParsedInput<'logs.days'>): Answer<p.DayCounts>;
  /** People, projects and clients to filter by. */
  facets(): Answer<p.LogFacets>;
  /** One row; null when the index does not have it. */
  /** The places where a row's session is at hand, the fullest first. */
  copies(input: ParsedInput<'logs.copies'>): Answer<p.LogCopies>;
  row(input: ParsedInput<'logs.row'>): Answer<LogRow | null>;
  /**
   * A stretch of a log's text, own or cached. `not-pulled` when the bytes are only in the store; `not-found` when the index does not
   * know the log. An own log is read from disk even when the index lags behind it.
   */
  read(input: ParsedInput<'logs.read'>): Answer<p.LogRead>;
  /** Starts bringing logs of other machines into the cache. Logs that are there already and current cost nothing. */
  pull(request: ParsedInput<'logs.pull'>): Answer<p.Started>;
  /** Shows the file in the file manager. `not-found` when it is not on this machine; `usage` when this shell cannot. */
  reveal(input: ParsedInput<'logs.reveal'>, caller: Caller): Answer<void>;
  /** Opens the file in the editor of the settings (a cached log opens read-only: its file is). */
  openInEditor(input: ParsedInput<'logs.openInEditor'>, caller: Caller): Answer<void>;
}

/** What is still to be done, and what is new since the reader last looked. Every answer is local; marks travel with the next push. */
export interface PendingService {
  list(input: ParsedInput<'pending.list'>): Answer<PendingReport>;
  /** Ticks tasks off for the whole team, or takes that back. */
  mark(input: ParsedInput<'pending.mark'>): Answer<void>;
  news(): Answer<NewsReport>;
  /** Remembers how far the reader has looked. @returns what was remembered before */
  looked(input: ParsedInput<'news.looked'>): Answer<NewsLook | null>;
}

/** Full text of every log that is at hand. Every answer is local. */
export interface SearchService {
  /** One page of hits. A newer question of the same box ends the older one as `cancelled`. */
  find(input: ParsedInput<'search.find'>, caller: Caller): Answer<SearchFound>;
  status(): Answer<SearchStatus>;
  /** Goes on reading in what waits, or stops it. */
  build(input: ParsedInput<'search.build'>): Answer<void>;
  /** What this machine's person has searched for lately, and what they saved. */
  kept(): Answer<KeptSearches>;
  keep(input: ParsedInput<'search.keep'>): Answer<KeptSearches>;
}

/** The notes inbox. Marking writes receipts in this machine's own shard only. */
export interface NotesService {
  /** Newest first. */
  list(query: ParsedInput<'notes.list'>): Answer<p.NotesPage>;
  markRead(input: ParsedInput<'notes.markRead'>): Answer<{ readonly unread: number }>;
  markDone(input: ParsedInput<'notes.markDone'>): Answer<{ readonly unread: number }>;
  /** A done note becomes a read one again. */
  reopen(input: ParsedInput<'notes.reopen'>): Answer<{ readonly unread: number }>;
}

/**
 * Starting work. Each call returns as soon as the operation has its id; what happens then arrives as `operation.progress` and
 * `operation.done`. Asking for a kind that is running already gives the running one's id.
 */
export interface SyncService {
  push(): Answer<p.Started>;
  index(): Answer<p.Started>;
  full(): Answer<p.Started>;
  /** Workspace(s) and vault through git. A held lock ends as outcome `deferred`, never as an error of this call. */
  git(request: ParsedInput<'gitSync.run'>): Answer<p.Started>;
  /** Asks an operation to stop at its next safe point. `cancelling` is false when it has ended already or cannot stop. */
  cancel(input: ParsedInput<'operations.cancel'>): Answer<{ readonly cancelling: boolean }>;
  /** Running operations, and the finished ones of the last days. */
  operations(query: ParsedInput<'operations.list'>): Answer<p.OperationList>;
  /** Stops work that the app starts by itself; what a person asks for still runs. */
  pause(request: ParsedInput<'pause.set'>): Answer<StatusSnapshot>;
  resume(): Answer<StatusSnapshot>;
  /** Answers an item of `status.attention`; the id of the operation when the answer starts one. */
  answer(input: ParsedInput<'attention.answer'>): Answer<p.Started | null>;
}

/** Agent sessions on this machine: what there is of each, and when its agent deletes it. */
export interface SessionsService {
  /** A page of what the last look found; looks again when that is old. */
  list(input: ParsedInput<'sessions.list'>): Answer<SessionPage>;
  /** Starts making copies and logs, as an operation. */
  capture(input: ParsedInput<'sessions.capture'>): Answer<p.Started>;
  /** Puts a session back where its agent looks for it. Never writes over a file. */
  restore(input: ParsedInput<'sessions.restore'>): Answer<SessionRestored>;
  /** A stretch of the conversation; of a session that its agent has deleted from the safe copy. */
  conversation(input: ParsedInput<'sessions.conversation'>): Answer<ConversationPage>;
  outline(input: ParsedInput<'sessions.outline'>): Answer<ConversationOutline>;
}

/** Who can read what lies in the store. */
export interface SealingService {
  /** Looks what leaves and who can read it; asks the store. */
  audit(): Answer<sealing.SealingAudit>;
  /** Starts sealing what this machine has in the store. A recovery key that it makes is had by {@link recoveryKey} alone. */
  seal(input: ParsedInput<'sealing.seal'>): Answer<p.Started>;
  /** Starts putting what this machine has in the store there in the clear, and all that it stores from now on. */
  unseal(): Answer<p.Started>;
  /** The recovery key, until somebody says that it is kept; nowhere else, and gone with this process. */
  recoveryKey(input: ParsedInput<'sealing.recoveryKey'>): Answer<sealing.RecoveryKey>;
  /** What a colleague needs to come into the same store. */
  invite(): Answer<sealing.ColleagueInvitation>;
  /** Asks to be let in. Safe to repeat. */
  join(): Answer<sealing.SealingJoin>;
  /** Who is in and who asks; `denied` on a machine that is not in. */
  requests(): Answer<sealing.SealingTeam>;
  admit(input: ParsedInput<'sealing.admit'>): Answer<{ readonly name: string }>;
  /** Takes a machine or a recovery key out. */
  remove(input: ParsedInput<'sealing.remove'>): Answer<{ readonly name: string; readonly epoch: number }>;
  /** Lets this machine in by the recovery key. */
  recover(input: ParsedInput<'sealing.recover'>): Answer<{ readonly epochs: number }>;
  /** Starts taking a sample back from the store, as a proof. */
  drill(): Answer<p.Started>;
}

/** Values behind labels. */
export interface SecretsService {
  /** What a label of a log stands for; `not-found` says where the value is. Counted in the app log. */
  reveal(input: ParsedInput<'secrets.reveal'>): Answer<p.RevealedLabel>;
  /** Remembers that a value is no secret: one behind a label, or one that keeps a log from being committed. */
  allow(input: ParsedInput<'secrets.allow'>): Answer<void>;
}

/** Saving a session by hand. */
export interface SaveService {
  /** What a save would come to; writes nothing. */
  check(input: ParsedInput<'save.check'>): Answer<saving.SavePreview>;
  /** Writes the log and syncs. A sync that is deferred is told in the receipt, never as an error of this call. */
  save(input: ParsedInput<'save.session'>): Answer<saving.SaveReceipt>;
}

/** The one settings.json. An `invalid-input` failure names the field in `details.field` (e.g. `store.url`). */
export interface SettingsService {
  get(): Answer<p.SettingsView>;
  /** Changes only what is named, all or nothing. */
  set(input: ParsedInput<'settings.set'>): Answer<p.SettingsView>;
  /** The settings as a file: the shell may ask where to save it (`savedTo`), else the page offers the download. */
  export(caller: Caller): Answer<p.SettingsExport>;
  /** Takes over a file that `export` wrote, migrated; all or nothing. Values this machine cannot use are left out and named. */
  import(input: ParsedInput<'settings.import'>): Answer<p.SettingsImport>;
  /**
   * Puts settings in the place of a file that cannot be read: those from before, or the defaults. The file is kept beside it. `not-found` when
   * there are none from before.
   */
  recover(input: ParsedInput<'settings.recover'>): Answer<p.SettingsView>;
  /** Tries a store without saving it. A store that does not answer is a result with `ok: false`, not a failure. */
  testStore(input: ParsedInput<'settings.testStore'>): Answer<p.StoreTest>;
  /** Registers a work tree or sets the vault; `attention` when the folder is no git work tree. */
  addWorkspace(input: ParsedInput<'workspaces.add'>): Answer<p.SettingsView>;
  /** Forgets a work tree; nothing on disk changes. */
  removeWorkspace(input: ParsedInput<'workspaces.remove'>): Answer<p.SettingsView>;
}

/** This machine's identity. */
export interface IdentityService {
  card(): Answer<p.IdentityCard>;
  /** Makes machine-id.json from the hardware; the existing one is kept when there is one. */
  create(): Answer<p.IdentityCard>;
  /** Gives this install a UUID of its own (answer to a clone alarm, or to a second account); the old one goes to `previous`. */
  split(input: ParsedInput<'identity.split'>): Answer<p.IdentityCard>;
  /** Takes an older partition over as this machine's (answer to hardware drift), with lineage. */
  adopt(input: ParsedInput<'identity.adopt'>): Answer<p.IdentityCard>;
  /** Writes the present host name into the identity. */
  acceptHostname(): Answer<p.IdentityCard>;
}

/** What only the shell around the core can do. A shell that cannot answers `usage` and says so in `AppInfo.capabilities`. */
export interface ShellService {
  info(caller: Caller): Answer<p.AppInfo>;
  /** Shows the log browser window, at a place if one is named. */
  openBrowser(input: ParsedInput<'app.openBrowser'>): Answer<void>;
  /** Finishes what must be finished and ends the app. */
  quit(): Answer<void>;
  /** Hides the panel, as a click beside it does. */
  hidePanel(): Answer<void>;
  /** Shows the app's own log, data folder or settings file in the file manager. */
  reveal(input: ParsedInput<'app.reveal'>, caller: Caller): Answer<void>;
  /** Opens https and mailto links only (`denied` for all others); a browser view leaves the opening to the page. */
  openLink(input: ParsedInput<'shell.openLink'>): Answer<p.LinkOpening>;
  copy(input: ParsedInput<'clipboard.copy'>): Answer<void>;
  /** Text of the clipboard; null when it holds none. */
  readClipboard(): Answer<{ readonly text: string | null }>;
  /** Asks for a file or folder with the system's dialog; null when the person cancelled. */
  pickPath(input: ParsedInput<'paths.pick'>, caller: Caller): Answer<{ readonly path: string | null }>;
  checkForUpdate(): Answer<UpdateStatus>;
  /** Restarts into the version that is ready. */
  installUpdate(): Answer<void>;
}

/** The command `session-log`, beside the app that carries it. */
export interface CommandLineService {
  status(): Answer<p.CommandLineState>;
  /** Writes the launcher, or brings it up to date; `attention` when another program has its place. */
  install(): Answer<p.CommandLineState>;
  /** Removes the launcher of the app; hooks that start it are silent from then on. */
  remove(): Answer<p.CommandLineState>;
}

/** What the welcome asks and does, beside settings. */
export interface SetupService {
  look(): Answer<setup.SetupView>;
  /** Installs hooks, `/save` and `/sync`; with `dryRun` says what that would change. */
  connectAgent(input: ParsedInput<'setup.connectAgent'>): Answer<setup.AgentChange>;
  /** Takes all of it out again. */
  disconnectAgent(input: ParsedInput<'setup.disconnectAgent'>): Answer<setup.AgentChange>;
  /** Work trees with session logs where code usually lies; bounded, see `findNearby`. */
  nearby(): Answer<setup.NearbyView>;
  /** Copies logs that no workspace lists into the data folder; with `dryRun` says what that would do. Git is not touched. */
  copyLogs(input: ParsedInput<'setup.copyLogs'>): Answer<setup.LogCopy>;
  /** Takes such copies away again, except those that were changed since. */
  undoCopy(input: ParsedInput<'setup.undoCopy'>): Answer<setup.LogCopyUndone>;
  /** Ends a search or a copy that runs; it answers with what it has. */
  cancel(input: ParsedInput<'setup.cancel'>): Answer<void>;
  /** Makes the folder of a store, because a person said so. */
  makeFolder(input: ParsedInput<'setup.makeFolder'>): Answer<void>;
  /** Writes the identity.json of a work tree for the author of the data folder. */
  writeIdentity(input: ParsedInput<'setup.writeIdentity'>): Answer<{ readonly path: string }>;
}

/** What the core tells every page. */
export interface EventFeed {
  /** Calls `listener` for each event until the returned function is called. A listener that throws does not stop the others. */
  subscribe(listener: (event: AppEvent) => void): () => void;
}

/** Everything the pages can ask, as create-app-service.ts builds it and as the router calls it. No transport shows through. */
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
