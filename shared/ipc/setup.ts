import type { AppError } from '../app-error.ts';
import type { Author } from '../domain/author.ts';
import type { CalendarDate } from '../domain/ids.ts';

/** An agent on this machine that Session Log can connect. */
export interface AgentView {
  readonly agent: 'claude-code';
  readonly name: string;
  /** Its settings folder, absolute. */
  readonly folder: string;
  /** True when it has been used here. */
  readonly isFound: boolean;
  /** `broken`: what is installed cannot start, or its settings cannot be read. */
  readonly state: 'connected' | 'partly' | 'not-connected' | 'broken';
  readonly problem: AppError | null;
}

/** What connecting or disconnecting an agent changes, or changed. */
export interface AgentChange {
  readonly files: readonly {
    readonly path: string;
    readonly action: 'created' | 'changed' | 'unchanged' | 'removed' | 'kept';
    /** Lines prefixed with `-`, `+` or a space. */
    readonly diff: string;
  }[];
  readonly agent: AgentView;
}

/** The initial state of the welcome. */
export interface SetupView {
  /** The author on this machine; null until set. */
  readonly author: Author | null;
  /** The author according to git, to be confirmed. Unknown parts are empty. */
  readonly proposal: Author;
  readonly agents: readonly AgentView[];
}

/** A git work tree near the person's other code that has session logs. */
export interface NearbyTree {
  /** Absolute. */
  readonly root: string;
  readonly name: string;
  /** Markdown files in log folders, up to a limit. */
  readonly logs: number;
  /** Their folders, relative to the root. */
  readonly folders: readonly string[];
  /** Whether registering the tree lists its logs. */
  readonly isListable: boolean;
  /** Folders that no workspace lists: their logs must be copied or moved to be visible. */
  readonly unlisted: readonly string[];
  /** The tree's identity: `wanted` when it lists its people and has no identity.json for this machine. */
  readonly identity: 'there' | 'wanted' | 'none';
}

/** What a page shows of it. */
export interface NearbyTreeView extends NearbyTree {
  /** Copies of its logs in the data folder that can be removed without touching git. */
  readonly copied: number;
  readonly isRegistered: boolean;
}

export interface NearbyView {
  readonly trees: readonly NearbyTreeView[];
  /** False when the search ended early: there may be more. */
  readonly isComplete: boolean;
}

/** What copying a repository's logs into the data folder would do, or did. Lists are truncated; counts are not. */
export interface LogCopy {
  readonly workspace: string;
  readonly folders: readonly string[];
  /** Target folder, absolute. */
  readonly target: string;
  /** Number of copied logs, and some of their names there. */
  readonly logs: number;
  readonly names: readonly string[];
  /** Null when there is nothing to copy. */
  readonly days: { readonly first: CalendarDate; readonly last: CalendarDate } | null;
  /** Copied by an earlier run. */
  readonly already: number;
  /** Logs that name no machine, and who committed them. */
  readonly unnamed: { readonly logs: number; readonly authors: readonly string[] };
  /** Logs of other machines, which copy them themselves. */
  readonly elsewhere: readonly { readonly machine: string; readonly logs: number }[];
  /** Files that cannot become logs. */
  readonly refused: readonly { readonly path: string; readonly problem: string }[];
  /** Files about logs, such as a README: not logs themselves. */
  readonly passedOver: number;
  /** True when the person stopped it before everything was copied. */
  readonly isStopped: boolean;
}

/** Copies that were removed again. */
export interface LogCopyUndone {
  readonly removed: number;
  /** Kept because they have changed since; the first of them. */
  readonly kept: readonly string[];
}
