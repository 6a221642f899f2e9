import type { AppError } from '../app-error.ts';
import type { Author } from '../domain/author.ts';
import type { CalendarDate } from '../domain/ids.ts';

/** An agent of this machine that Session Log knows how to connect. */
export interface AgentView {
  readonly agent: 'claude-code';
  readonly name: string;
  /** Where its settings are, absolute. */
  readonly folder: string;
  /** True when it has been used here. */
  readonly isFound: boolean;
  /** `broken`: what is installed cannot start, or its settings cannot be read. */
  readonly state: 'connected' | 'partly' | 'not-connected' | 'broken';
  readonly problem: AppError | null;
}

/** What connecting or disconnecting an agent changes, or did. */
export interface AgentChange {
  readonly files: readonly {
    readonly path: string;
    readonly action: 'created' | 'changed' | 'unchanged' | 'removed' | 'kept';
    /** Lines with `-`, `+` or a space in front. */
    readonly diff: string;
  }[];
  readonly agent: AgentView;
}

/** What the welcome begins with. */
export interface SetupView {
  /** Who writes here; null while nobody said it. */
  readonly author: Author | null;
  /** What git says of the person: to be confirmed. Unknown parts are empty. */
  readonly proposal: Author;
  readonly agents: readonly AgentView[];
}

/** A git work tree that holds session logs already. */
export interface NearbyTreeView {
  readonly root: string;
  readonly name: string;
  readonly logs: number;
  /** Where they lie, relative to the root. */
  readonly folders: readonly string[];
  /** True when registering the tree lists logs of it. */
  readonly isListable: boolean;
  /** Those of the folders that no workspace lists: their logs have to be copied to be seen. */
  readonly unlisted: readonly string[];
  /** Copies of its logs in the data folder that can be taken away again without touching git. */
  readonly copied: number;
  readonly isRegistered: boolean;
  readonly identity: 'there' | 'wanted' | 'none';
}

export interface NearbyView {
  readonly trees: readonly NearbyTreeView[];
  /** False when the search ended early: there may be more. */
  readonly isComplete: boolean;
}

/** What copying the logs of a repository into the data folder would do, or did. Lists are cut; the counts are not. */
export interface LogCopy {
  readonly workspace: string;
  readonly folders: readonly string[];
  /** Where they go, absolute. */
  readonly target: string;
  /** Logs that are copied, and some of their names there. */
  readonly logs: number;
  readonly names: readonly string[];
  /** Null when there is nothing to copy. */
  readonly days: { readonly first: CalendarDate; readonly last: CalendarDate } | null;
  /** Copied by an earlier run. */
  readonly already: number;
  /** Logs that name no machine, and who committed them. */
  readonly unnamed: { readonly logs: number; readonly authors: readonly string[] };
  /** Logs of other machines, which those copy themselves. */
  readonly elsewhere: readonly { readonly machine: string; readonly logs: number }[];
  /** Files that no log can be made of. */
  readonly refused: readonly { readonly path: string; readonly problem: string }[];
  /** Files about logs, such as a README: they are none. */
  readonly passedOver: number;
  /** True when the person ended it before everything was copied. */
  readonly isStopped: boolean;
}

/** Copies that were taken away again. */
export interface LogCopyUndone {
  readonly removed: number;
  /** Changed since, so they stay; the first of them. */
  readonly kept: readonly string[];
}
