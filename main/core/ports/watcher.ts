/** Created, changed or removed files. Hints, not facts: listeners check for themselves. */
export interface FileChanges {
  /** Absolute paths, each once; null when there were too many, or when only a comparison noticed a change. */
  readonly paths: readonly string[] | null;
}

export interface WatchRequest {
  /** Absolute path of the folder, watched recursively. */
  readonly folder: string;
  /** Absolute paths below it to ignore. */
  readonly ignore: readonly string[];
  readonly onChange: (changes: FileChanges) => void;
}

export interface Watch {
  /** `events`: from the system. `scan`: it has none (no native module, no inotify watches left), so folders are compared periodically. */
  readonly by: 'events' | 'scan';
  /** Ends it; no call of `onChange` follows. */
  close(): Promise<void>;
}

/**
 * Watches for file changes. Never fails: where the system reports none, folders are compared every few minutes, and also beside events,
 * because every system loses some.
 */
export interface Watcher {
  watch(request: WatchRequest): Promise<Watch>;
}
