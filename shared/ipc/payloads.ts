import type { AppError } from '../app-error.ts';
import type { NoteCommit } from '../domain/note-banner.ts';
import type { LogId, MachineUuid } from '../domain/ids.ts';
import type { DayCount, LogGroup, LogRow, MachineRow, NoteRow } from '../domain/log-query.ts';
import type { Settings } from '../domain/settings.ts';
import type { FinishedOperation, Operation } from './operation.ts';

/** Capabilities of the shell around the page. The page hides what is unsupported instead of offering a button that fails. */
export interface Capabilities {
  /** Desktop notifications and the badge. */
  readonly notifications: boolean;
  /** Reveal a file in the file manager. */
  readonly reveal: boolean;
  readonly openInEditor: boolean;
  /** A native dialog to choose a file or folder; without it a path is typed. */
  readonly pickPaths: boolean;
  readonly launchAtLogin: boolean;
  readonly updates: boolean;
  readonly quit: boolean;
  /** Whether this system reports that a network is metered. */
  readonly metered: boolean;
}

/** Constant while the app runs. */
export interface AppInfo {
  readonly version: string;
  readonly shell: 'desktop' | 'browser';
  readonly platform: 'darwin' | 'win32' | 'linux';
  readonly capabilities: Capabilities;
  /** This machine; null until its identity is created. */
  readonly machine: { readonly uuid: MachineUuid; readonly host: string } | null;
  /** The reader here: notes are for one of these names. */
  readonly reader: { readonly user: string; readonly fullName: string | null } | null;
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
  /** IANA name of the zone in which times are shown. */
  readonly timeZone: string;
  /** Runtime versions, for a bug report. */
  readonly runtime: Readonly<Record<string, string>>;
}

/** The command `session-log`, as this program would install it. */
export interface CommandLineState {
  /** `old`: its launcher starts the app at an earlier location; `gone`: what it starts is missing; `foreign`: another program has its path. */
  readonly state: 'installed' | 'absent' | 'old' | 'gone' | 'foreign';
  /** Absolute path of the command, or where it would be. */
  readonly path: string;
  /** Whether a terminal finds it by name. */
  readonly onPath: boolean;
  /** Who installed it: the app (which can remove it), a system package, npm, or a clone with only its build. */
  readonly by: 'app' | 'system' | 'npm' | 'source';
  readonly version: string;
}

export interface LogGroups {
  readonly groups: readonly LogGroup[];
  readonly total: number;
  readonly version: number;
}

/** Where a session is available, fullest first. */
export interface LogCopies {
  readonly rows: readonly LogRow[];
}

/** The other machines of this person that can read the values kept here. */
export interface SharedWith {
  /** This machine's key, to be named on another. */
  readonly key: string;
  /** Keys of machines that can read them. */
  readonly with: readonly string[];
}

/** Lines that only one of two versions of a log has. */
export interface OnlyInOne {
  readonly lines: number;
  /** Their beginning. */
  readonly text: string;
  /** True when `text` is not all of them. */
  readonly more: boolean;
}

/** What an own log and its backup in the store do not share. */
export interface LogDifference {
  readonly inBackup: OnlyInOne;
  readonly here: OnlyInOne;
}

/** A chunk of a log's text. */
export interface LogStretch {
  readonly state: 'here';
  readonly row: LogRow;
  /** Decoded from UTF-8; invalid bytes become U+FFFD. A chunk never splits a character. */
  readonly text: string;
  /** Byte offset of `text` in the log. */
  readonly offset: number;
  /** Number of bytes `text` stands for. */
  readonly length: number;
  /** Current size of the whole log in bytes. */
  readonly size: number;
  /** Where the next chunk starts; null at the end. */
  readonly next: number | null;
  /** Changes with the file's content: chunks with different tags are not one text. */
  readonly tag: string;
  /** The file that was read, absolute: a session's fullest copy may be elsewhere than its row says. */
  readonly file: string;
}

/** The log is known, but its bytes are only in the store: pull it first. */
export interface LogNotPulled {
  readonly state: 'not-pulled';
  readonly row: LogRow;
}

export type LogRead = LogStretch | LogNotPulled;

/** A note as shown in the inbox. */
export interface InboxNote extends NoteRow {
  readonly log: LogId;
  /** For this machine's reader. Notes the reader wrote are `sent`. */
  readonly state: 'unread' | 'read' | 'done' | 'sent' | 'other';
  /** When the reader read or finished it, epoch milliseconds. */
  readonly stateAt: number | null;
  /** True when its author's name has come from other machines before, but never from this one. */
  readonly newSender?: boolean;
  /** The commit that brought it by git, which knows no machine: `machine` is then this one. */
  readonly commit?: NoteCommit;
}

export interface NotesPage {
  readonly notes: readonly InboxNote[];
  /** Total matching notes. */
  readonly total: number;
  readonly unread: number;
}

export interface SettingsView {
  readonly settings: Settings;
  /** Absolute path of settings.json. */
  readonly path: string;
  /** The problem with an unreadable file: the values shown are then defaults, and saving is refused. */
  readonly problem: AppError | null;
  /** True when the settings from before the problem are available (`settings.recover`). */
  readonly hasLastGood: boolean;
  /** Workspaces that are listed because logs were saved or synced there, without being registered; absolute. */
  readonly alsoListed: readonly string[];
}

export interface SettingsImport extends SettingsView {
  /** Values in the file that were ignored, in words. */
  readonly leftOut: readonly string[];
}

export interface SettingsExport {
  readonly fileName: string;
  /** The settings as JSON, including the paths of credential files but never credentials. */
  readonly text: string;
  /** Where the shell saved it after asking; null when the page must offer the download itself. */
  readonly savedTo: string | null;
}

export type StoreTestStep = 'address' | 'credentials' | 'reach' | 'list' | 'write';

/** The steps of a store test, in order; nothing after the first failure was tried. */
export interface StoreTest {
  readonly ok: boolean;
  readonly url: string;
  readonly steps: readonly {
    readonly step: StoreTestStep;
    readonly state: 'ok' | 'failed' | 'skipped';
    /** Duration in milliseconds. */
    readonly ms: number;
    readonly error: AppError | null;
  }[];
  /** The account the store sees, if it reports one. */
  readonly account: string | null;
  readonly sameDisk: boolean;
  /** Number of machines with partitions in the store; null when they could not be listed. */
  readonly machines: number | null;
}

/** One hardware component of the identity, without any raw value. */
export interface IdentityComponent {
  readonly name: string;
  /** `same` as when the identity was created, `changed`, now `missing`, or `new` since. */
  readonly state: 'same' | 'changed' | 'missing' | 'new';
}

/** A partition in the store that may be this machine's former one. */
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
    /** As in the file: ISO 8601. */
    readonly created: string;
    readonly path: string;
  } | null;
  readonly components: readonly IdentityComponent[];
  readonly previous: readonly {
    readonly machine: MachineUuid;
    readonly until: string;
    readonly reason: string;
  }[];
  /** The current host name, where it differs from the identity's. */
  readonly hostnameNow: string | null;
  /** Another install writes with the same UUID. */
  readonly clone: {
    readonly host: string;
    readonly lastSeen: number | null;
    readonly model: string;
    /** It is another data folder of this computer: nothing is wrong, but one of them needs its own UUID. */
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
  /** Newest first, at most 200. */
  readonly finished: readonly FinishedOperation[];
}

/** Returned by calls that start work: watch `operation.progress` and `operation.done` for this id. */
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

/** The result for a link: opened by the shell, or allowed and left to the page (a browser opens its own links). */
export interface LinkOpening {
  readonly openedBy: 'shell' | 'page';
  /** The checked address, normalized. */
  readonly url: string;
}

/** A notice the system refused to show, or that belongs in the window: the page shows it as a toast. */
export interface Notice {
  readonly id: string;
  readonly tone: 'info' | 'success' | 'warning' | 'error';
  readonly title: string;
  readonly body: string;
  /** A hash (route.ts) opened on click. */
  readonly route: string | null;
}

/** The value behind a label: several if the log was edited and the right one is ambiguous. */
export interface RevealedLabel {
  readonly values: readonly { readonly id: string; readonly value: string }[];
}
