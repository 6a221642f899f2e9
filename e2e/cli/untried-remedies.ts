/** Remedies that no machine of a test can bring about; the parser has tried their commands (e2e/gates/commands-exist.test.ts). */
export const NOT_HERE: readonly (readonly [file: RegExp, why: string])[] = [
  [/adapters\/gcs\//, 'needs a bucket and its rights'],
  [/core\/timers\/|commands\/schedule/, 'needs the timers of the system'],
  [/folder-errors|prepare-data-folder/, 'needs a disk that fails, or another user'],
  [
    /upload-log|publish-shard|write-pack|adopt-identity|claim-partition/,
    'needs another program that writes into the partition during a run',
  ],
  [
    /repair-identity|load-identity/,
    'needs other hardware: here a damaged identity is restored without a word',
  ],
  [
    /sqlite|put-shard|index-engine/,
    'a damaged index is filled again without a word; the rest needs a damaged shard',
  ],
  [
    /fetch-shard|read-shard|download-log|pull-texts|fetch-pack|pack-format|damaged-texts|store-errors/,
    'is said of what another machine has published',
  ],
  [
    /command-line-findings|commands\/demo|demo-folder|commands\/doctor/,
    'needs an app that was removed, a demo, or other hardware',
  ],
  [/machine-keys/, 'what needs the key of a machine makes its identity first'],
  [/capture\/restore-copy|sweep-sessions/, 'needs copies of a gigabyte, or an agent without a folder'],
  [/sealing-errors/, 'needs somebody without a key who may write to the store (main/core/sealing)'],
  [/migrate\/|untrack/, 'is tried where migrations are (main/core/migrate)'],
  [/hold-secrets|kept-secrets/, 'is tried where secrets are (e2e/cli/secrets.test.ts)'],
  [/withholding-files/, 'needs a log of 256 MB'],
  [/write-in-editor/, 'needs an editor'],
  [/run-hook|settings\/change-settings|core\/app\//, 'is said in the app'],
  [/zoned-time|domain\/ids|who-works/, 'is said inside the sentence of another failure'],
  [/search-text|pending-text/, 'needs a search that was interrupted'],
  [/commands\/forget/, 'is for the machine that wrote the log (main/core/workflows/forget.test.ts)'],
  [/news-text|brief-text|brief-example|notes-tool/, 'says what else there is to see'],
  [
    /commands\/(?:hooks|setup|store)|setup-run|cli\/session-log-/,
    'closes what went well, or describes a command',
  ],
  [/lock-errors|lock\.ts|browse/, 'is tried with locks and pages (e2e/cli/lock.test.ts, e2e/web)'],
];
