import type { AppError } from '../app-error.ts';
import type { LogId, MachineUuid } from '../domain/ids.ts';
import type { DayCount, LogGroup, LogRow, MachineRow, NoteRow } from '../domain/log-query.ts';
import type { Settings } from '../domain/settings.ts';
import type { FinishedOperation, Operation } from './operation.ts';

/** What the shell around the page can do. The page hides what it cannot, instead of offering a button that fails. */
export interface Capabilities {
  /** Desktop notifications and the badge. */
  readonly notifications: boolean;
  /** Showing a file in the file manager. */
  readonly reveal: boolean;
  readonly openInEditor: boolean;
  /** A native dialog to choose a file or folder; without it a path is typed. */
  readonly pickPaths: boolean;
  readonly launchAtLogin: boolean;
  readonly updates: boolean;
  readonly quit: boolean;
  /** Whether this system tells that a network is paid by volume. */
  readonly metered: boolean;
}

/** Fixed while the app runs. */
export interface AppInfo {
  readonly version: string;
  readonly shell: 'desktop' | 'browser';
  readonly platform: 'darwin' | 'win32' | 'linux';
  readonly capabilities: Capabilities;
  /** This machine; null before its identity was made. */
  readonly machine: { readonly uuid: MachineUuid; readonly host: string } | null;
  /** Who reads here: notes are for one of these names. */
  readonly reader: { readonly user: string; readonly fullName: string | null } | null;
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
  /** IANA name: the zone in which times are shown. */
  readonly timeZone: string;
  /** Runtime versions, for a bug report. */
  readonly runtime: Readonly<Record<string, string>>;
}

/** The command `session-log`, as this program would install it. */
export interface CommandLineState {
  /**
   * `old`: its launcher starts an earlier place of the app; `gone`: what it starts is not there; `foreign`: another program has its place.
   */
  readonly state: 'installed' | 'absent' | 'old' | 'gone' | 'foreign';
  /** Absolute path of the command, or of where it would be. */
  readonly path: string;
  /** Whether a terminal finds it by its name. */
  readonly onPath: boolean;
  /** Who brings it: the app (which can remove it), a package of the system, npm, or a clone that has only its build. */
  readonly by: 'app' | 'system' | 'npm' | 'source';
  readonly version: string;
}

export interface LogGroups {
  readonly groups: readonly LogGroup[];
  readonly total: number;
  readonly version: number;
}

/** Where a session is at hand, the fullest first. */
export interface LogCopies {
  readonly rows: readonly LogRow[];
}

export interface LogFacets {
  readonly users: readonly string[];
  readonly projects: readonly string[];
  readonly clients: readonly string[];
}

/** A stretch of a log's text. */
export interface LogStretch {
  readonly state: 'here';
  readonly row: LogRow;
  /** UTF-8 decoded; bytes that are no UTF-8 become U+FFFD. A stretch never cuts a character. */
  readonly text: string;
  /** Byte offset of `text` in the log. */
  readonly offset: number;
  /** Bytes that `text` stands for. */
  readonly length: number;
  /** Bytes of the whole log now. */
  readonly size: number;
  /** Where the next stretch starts; null at the end. */
  readonly next: number | null;
  /** Changes with the file's content: stretches with different tags are not one text. */
  readonly tag: string;
  /** The file that was read, absolute: the fullest copy of a session need not be where its row says. */
  readonly file: string;
}

/** The log is known, but its bytes are only in the store: pull it first. */
export interface LogNotPulled {
  readonly state: 'not-pulled';
  readonly row: LogRow;
}

export type LogRead = LogStretch | LogNotPulled;

/** A note as the inbox shows it. */
export interface InboxNote extends NoteRow {
  readonly log: LogId;
  /** For the reader of this machine. Notes the reader wrote are `sent`. */
  readonly state: 'unread' | 'read' | 'done' | 'sent' | 'other';
  /** When the reader read or finished it, epoch milliseconds. */
  readonly stateAt: number | null;
  /** True: its author's name came from other machines before, and from this one never. */
  readonly newSender?: boolean;
}

export interface NotesPage {
  readonly notes: readonly InboxNote[];
  /** Notes that match in all. */
  readonly total: number;
  readonly unread: number;
}

export interface SettingsView {
  readonly settings: Settings;
  /** Absolute path of settings.json. */
  readonly path: string;
  /** What is wrong with the file, when it could not be understood: the values shown are defaults then and saving is refused. */
  readonly problem: AppError | null;
  /** True when the settings from before the problem are at hand (`settings.recover`). */
  readonly hasLastGood: boolean;
}

export interface SettingsImport extends SettingsView {
  /** Values of the file that were left out, in words. */
  readonly leftOut: readonly string[];
}

export interface SettingsExport {
  readonly fileName: string;
  /** The settings as JSON; paths of credential files are included, credentials never are. */
  readonly text: string;
  /** Where the shell saved it after asking; null when the page must offer the download itself. */
  readonly savedTo: string | null;
}

export type StoreTestStep = 'address' | 'credentials' | 'reach' | 'list' | 'write';

/** What the test of a store found, step by step, in order; nothing after the first failure was tried. */
export interface StoreTest {
  readonly ok: boolean;
  readonly url: string;
  readonly steps: readonly {
    readonly step: StoreTestStep;
    readonly state: 'ok' | 'failed' | 'skipped';
    /** Milliseconds it took. */
    readonly ms: number;
    readonly error: AppError | null;
  }[];
  /** Who the store takes us for, if it says. */
  readonly account: string | null;
  readonly sameDisk: boolean;
  /** Machines whose partitions are there already; null when it could not be listed. */
  readonly machines: number | null;
}

/** One hardware component of the identity. No raw value ever appears. */
export interface IdentityComponent {
  readonly name: string;
  /** `same` as when the identity was made, `changed`, `missing` now, or `new` since. */
  readonly state: 'same' | 'changed' | 'missing' | 'new';
}

/** A partition in the store that may be this machine's older self. */
export interface AdoptableMachine {
  readonly machine: MachineUuid;
  readonly host: string;
  readonly logs: number;
  readonly lastSeen: number | null;
  readonly matching: number;
  readonly of: number;
}

export interface IdentityCard {
  /** Null before `identity.create`. */
  readonly machine: {
    readonly uuid: MachineUuid;
    readonly host: string;
    readonly platform: string;
    readonly platformVersion: string;
    readonly model: string;
    /** As the file has it: ISO 8601. */
    readonly created: string;
    readonly path: string;
  } | null;
  readonly components: readonly IdentityComponent[];
  readonly previous: readonly {
    readonly machine: MachineUuid;
    readonly until: string;
    readonly reason: string;
  }[];
  /** The machine answers to another host name than its identity says. */
  readonly hostnameNow: string | null;
  /** Another install writes with the same UUID. */
  readonly clone: {
    readonly host: string;
    readonly lastSeen: number | null;
    readonly model: string;
    /** It is another data folder of this computer: nothing is wrong, but one of the two needs a UUID of its own. */
    readonly sameComputer: boolean;
  } | null;
  readonly adoptable: readonly AdoptableMachine[];
  /** The person, from `.claude/identity.json` and `.claude/users.json`. */
  readonly person: {
    readonly user: string;
    readonly fullName: string;
    readonly role: string | null;
    readonly source: string;
  } | null;
  readonly personProblem: AppError | null;
  /** Probes that failed, in words. */
  readonly problems: readonly string[];
}

export interface OperationList {
  readonly running: readonly Operation[];
  /** Newest first; at most 200 are kept. */
  readonly finished: readonly FinishedOperation[];
}

/** A call that started work: watch `operation.progress` and `operation.done` for this id. */
export interface Started {
  readonly operation: string;
}

export interface MachineList {
  readonly machines: readonly MachineRow[];
  readonly version: number;
}

export interface DayCounts {
  readonly days: readonly DayCount[];
}

/** What became of a link: opened by the shell, or allowed and left to the page (a browser opens its own links). */
export interface LinkOpening {
  readonly openedBy: 'shell' | 'page';
  /** The address as it was checked, in its normal form. */
  readonly url: string;
}

/** A notice that the system refused to show, or that belongs to the window: the page shows it as a toast. */
export interface Notice {
  readonly id: string;
  readonly tone: 'info' | 'success' | 'warning' | 'error';
  readonly title: string;
  readonly body: string;
  /** A hash (route.ts) that a click opens. */
  readonly route: string | null;
}

/** What a label stands for: several values where the log was edited so that nobody can tell which of them it is. */
export interface RevealedLabel {
  readonly values: readonly { readonly id: string; readonly value: string }[];
}
