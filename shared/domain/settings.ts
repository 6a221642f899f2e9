import type { Author } from './author.ts';

/** How a registered workspace is synced automatically. */
export interface WorkspaceSchedule {
  /** `notes`: fetch, read the notes, change nothing; `logs`: commit own logs, integrate and push as well. */
  readonly mode: 'off' | 'notes' | 'logs';
  /** Interval in minutes. */
  readonly minutes: 15 | 30 | 60;
}

/** For a workspace without a schedule. */
export const BY_HAND: WorkspaceSchedule = { mode: 'off', minutes: 30 };

/** How much of other machines' log text is pulled for search: all of it, the last so many months, or none. */
export type TeamSearch = 'all' | 'off' | `${number}`;

/** At most 999 months. */
export function isTeamSearch(value: unknown): value is TeamSearch {
  return typeof value === 'string' && /^(?:all|off|[1-9]\d{0,2})$/.test(value);
}

/** settings.json: what a person chose. Shared by the app (electron-store) and the CLI (conf). */
export interface Settings {
  readonly schema: 1;
  /** Who writes here, wherever a workspace has no identity.json; empty until it is set. */
  readonly author: Author;
  readonly store: {
    /** `gs://bucket[/prefix]`, `file:///folder`, or empty for the built-in folder store inside the data folder. */
    readonly url: string;
    readonly tenant: string;
    /** Path of a service-account or other credential file; empty for Application Default Credentials. */
    readonly credentials: string;
    /** Service account to impersonate; empty for none. */
    readonly impersonate: string;
    /** Base URL of another server that implements the JSON API (tests, private gateways); empty for Google's. */
    readonly endpoint: string;
    /** Whether a sealed store shows digests instead of the paths of this machine's logs. Fixed by its first push there. */
    readonly sealedNames: boolean;
  };
  readonly git: {
    /** Registered workspaces, absolute paths. */
    readonly workspaces: readonly string[];
    /** The second work tree, synced the same way; empty for none. */
    readonly vault: string;
    readonly lockWaitSeconds: number;
    /** Command line that compiles a wiki article; empty for the built-in refresh. */
    readonly wikiCommand: string;
    readonly wikiTimeoutSeconds: number;
    /** Workspaces whose logs are committed with the secrets in them, absolute paths: repositories only their owner reads. */
    readonly withSecrets: readonly string[];
    /** Whether to ask first if a remote of those workspaces is publicly readable; secrets stay uncommitted then. */
    readonly askIfPublic: boolean;
    /** What the app does automatically with registered workspaces, by absolute path; others are synced manually only. */
    readonly schedule: Readonly<Record<string, WorkspaceSchedule>>;
  };
  readonly schedule: {
    readonly push: 'on-change' | 'daily' | 'manual';
    /** Whether the app checks for logs and notes of other machines automatically, every 10 to 15 minutes. */
    readonly index: 'auto' | 'manual';
    readonly full: 'weekly' | 'manual';
    readonly pauseOnBattery: boolean;
    readonly pauseOnMetered: boolean;
  };
  readonly save: {
    /** What a save in a workspace writes to the data folder, to be pushed to the store: its daily entry, or the whole log too. */
    readonly toStore: 'summary' | 'whole';
  };
  readonly search: {
    readonly team: TeamSearch;
    /** Whether search on this machine covers Credentials & Secrets: in its own logs, or nowhere. */
    readonly credentials: 'own' | 'never';
  };
  readonly sync: {
    /** Globs over the paths of logs that never leave this machine: `clients/acme/**`. */
    readonly stayHere: readonly string[];
  };
  readonly secrets: {
    /** Whether apparent secrets are replaced by a label in what is pushed to the store: only if it is not sealed, always, or never. */
    readonly withhold: 'plain-store' | 'always' | 'never';
  };
  readonly agents: {
    /** Whether an agent's session starts with the last sessions of its project. */
    readonly brief: boolean;
  };
  readonly capture: {
    /** What is made from agents' transcripts: logs and safe copies, copies only, or nothing until a person opts in. */
    readonly mode: 'off' | 'rescue' | 'on';
    /** How long a session must be quiet before its log is made, in minutes. */
    readonly quietMinutes: number;
    /** Additional agent folders besides the usual ones (another account's `.claude`), absolute. */
    readonly roots: readonly string[];
    /** Folders whose sessions are neither copied nor made into logs, absolute. */
    readonly never: readonly string[];
    /** Maximum disk space of safe copies, in gigabytes. */
    readonly diskLimit: number;
    /** Whether safe copies, which are whole transcripts, go to the store: only a sealed one, any, even in the clear, or none. */
    readonly copiesToStore: 'sealed' | 'always' | 'never';
  };
  readonly notifications: {
    readonly notes: boolean;
    readonly problems: boolean;
    /** `HH:MM-HH:MM` in `timeZone`; empty for none. */
    readonly quietHours: string;
  };
  readonly app: {
    readonly launchAtLogin: boolean;
    readonly theme: 'system' | 'light' | 'dark';
    /** IANA name for headings and quiet hours; empty for the machine's own. */
    readonly timeZone: string;
    readonly updateChannel: 'off' | 'stable' | 'beta';
    readonly updateFeed: string;
    /** Command line of the editor for "open in editor"; empty for the system's. */
    readonly editor: string;
    readonly firstRunDone: boolean;
  };
}

export const DEFAULT_SETTINGS: Settings = {
  schema: 1,
  author: { user: '', name: '', email: '' },
  store: { url: '', tenant: 'default', credentials: '', impersonate: '', endpoint: '', sealedNames: false },
  git: {
    workspaces: [],
    vault: '',
    lockWaitSeconds: 120,
    wikiCommand: '',
    wikiTimeoutSeconds: 300,
    withSecrets: [],
    askIfPublic: false,
    schedule: {},
  },
  schedule: {
    push: 'on-change',
    index: 'auto',
    full: 'weekly',
    pauseOnBattery: false,
    pauseOnMetered: false,
  },
  save: { toStore: 'summary' },
  search: { team: '24', credentials: 'never' },
  sync: { stayHere: [] },
  secrets: { withhold: 'plain-store' },
  agents: { brief: false },
  capture: { mode: 'off', quietMinutes: 10, roots: [], never: [], diskLimit: 5, copiesToStore: 'sealed' },
  notifications: { notes: true, problems: true, quietHours: '' },
  app: {
    launchAtLogin: false,
    theme: 'system',
    timeZone: '',
    updateChannel: 'off',
    updateFeed: '',
    editor: '',
    firstRunDone: false,
  },
};
