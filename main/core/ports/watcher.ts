/** Files that came, changed or went. Hints, not truth: a listener looks for itself what is there. */
export interface FileChanges {
  /** Absolute paths, each once; null when too much happened to tell, or when only a comparison found out that something did. */
  readonly paths: readonly string[] | null;
}

export interface WatchRequest {
  /** Absolute path of the folder, watched with everything below it. */
  readonly folder: string;
  /** Absolute paths below it that are of no interest. */
  readonly ignore: readonly string[];
  readonly onChange: (changes: FileChanges) => void;
}

export interface Watch {
  /** `events`: the system tells. `scan`: it does not (no native module, no inotify watches left), so folders are compared now and then. */
  readonly by: 'events' | 'scan';
  /** Ends it; no call of `onChange` follows. */
  close(): Promise<void>;
}

/**
 * Notices changes of files. Never fails: where the system cannot tell, folders are compared every few minutes, and beside events as well,
 * because every system loses some.
 */
export interface Watcher {
  watch(request: WatchRequest): Promise<Watch>;
}
