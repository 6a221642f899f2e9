/** Remedies that no machine of a test can bring about; the parser has tried their commands (e2e/gates/commands-exist.test.ts). */
export const NOT_HERE: readonly (readonly [file: RegExp, why: string])[] = [
  [
    /repair-identity|load-identity|commands\/doctor/,
    'needs other hardware: here a damaged identity is restored without a word',
  ],
  [/claim-partition/, 'needs another program that writes into the partition during a run'],
  [/machine-keys/, 'what needs the key of a machine makes its identity first'],
  [/store-errors/, 'needs a store whose bytes change during a run'],
  [/sealing-errors/, 'needs somebody without a key who may write to the store (main/core/sealing)'],
  [/capture\/restore-copy|sweep-sessions/, 'needs copies of a gigabyte, or an agent without a folder'],
  [/compose\/demo-folder/, 'needs a demo that is running'],
  [/migrate\//, 'is tried where migrations are (main/core/migrate)'],
  [/hold-secrets/, 'needs a repository that anyone can read (main/core/git-sync/public-remote.test.ts)'],
  [/zoned-time|domain\/ids/, 'is said inside the sentence of another failure'],
  [/search-text|pending-text/, 'needs a search that was interrupted'],
  [/commands\/forget/, 'is for the machine that wrote the log (main/core/workflows/forget.test.ts)'],
  [/news-text|brief-text|brief-example|notes-tool/, 'says what else there is to see'],
  [/commands\/(?:setup|store)|cli\/session-log-/, 'names a command that runs on, or describes one'],
];
