import type { AppError } from '../app-error.ts';
import type { Author } from '../domain/author.ts';

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
  /** True when registering the tree lists them; others have to be migrated. */
  readonly isListable: boolean;
  readonly isRegistered: boolean;
  readonly identity: 'there' | 'wanted' | 'none';
}

export interface NearbyView {
  readonly trees: readonly NearbyTreeView[];
  /** False when the search ended early: there may be more. */
  readonly isComplete: boolean;
}
