import type { Register } from './run-cli.ts';

/** A command and its module. */
export interface CommandEntry {
  /** The name first, then aliases. */
  readonly names: readonly [string, ...string[]];
  /** Its heading in the help. */
  readonly group: string;
  readonly load: () => Promise<Register>;
}

/**
 * Every command of `session-log`, in help order. Each is a separate chunk loaded only when called, because agents' hooks and scripts
 * start the program often: loading all of them takes several times as long as `node -e 0`.
 */
export const COMMANDS: readonly CommandEntry[] = [
  { group: 'Start', names: ['setup'], load: async () => (await import('./commands/setup.ts')).registerSetup },
  { group: 'Start', names: ['demo'], load: async () => (await import('./commands/demo.ts')).registerDemo },
  {
    group: 'Find and read',
    names: ['status'],
    load: async () => (await import('./commands/status.ts')).registerStatus,
  },
  {
    group: 'Find and read',
    names: ['list', 'ls'],
    load: async () => (await import('./commands/list.ts')).registerList,
  },
  {
    group: 'Find and read',
    names: ['search'],
    load: async () => (await import('./commands/search.ts')).registerSearch,
  },
  {
    group: 'Find and read',
    names: ['pending'],
    load: async () => (await import('./commands/pending.ts')).registerPending,
  },
  {
    group: 'Find and read',
    names: ['since'],
    load: async () => (await import('./commands/since.ts')).registerSince,
  },
  {
    group: 'Find and read',
    names: ['show'],
    load: async () => (await import('./commands/show.ts')).registerShow,
  },
  {
    group: 'Find and read',
    names: ['sessions'],
    load: async () => (await import('./commands/sessions.ts')).registerSessions,
  },
  {
    group: 'Find and read',
    names: ['machines'],
    load: async () => (await import('./commands/machines.ts')).registerMachines,
  },
  {
    group: 'Find and read',
    names: ['browse'],
    load: async () => (await import('./commands/browse.ts')).registerBrowse,
  },
  {
    group: 'Find and read',
    names: ['notes'],
    load: async () => (await import('./commands/notes.ts')).registerNotes,
  },
  {
    group: 'Save and sync',
    names: ['save'],
    load: async () => (await import('./commands/save.ts')).registerSave,
  },
  {
    group: 'Save and sync',
    names: ['sync'],
    load: async () => (await import('./commands/sync.ts')).registerSync,
  },
  {
    group: 'Save and sync',
    names: ['secrets'],
    load: async () => (await import('./commands/secrets.ts')).registerSecrets,
  },
  {
    group: 'Save and sync',
    names: ['forget'],
    load: async () => (await import('./commands/forget.ts')).registerForget,
  },
  {
    group: 'Save and sync',
    names: ['git-sync'],
    load: async () => (await import('./commands/git-sync.ts')).registerGitSync,
  },
  {
    group: 'Save and sync',
    names: ['restore'],
    load: async () => (await import('./commands/restore.ts')).registerRestore,
  },
  {
    group: 'Save and sync',
    names: ['lint'],
    load: async () => (await import('./commands/lint.ts')).registerLint,
  },
  {
    group: 'Save and sync',
    names: ['migrate'],
    load: async () => (await import('./commands/migrate.ts')).registerMigrate,
  },
  {
    group: 'Keys and who can read',
    names: ['store'],
    load: async () => (await import('./commands/store.ts')).registerStore,
  },
  {
    group: 'Keys and who can read',
    names: ['invite'],
    load: async () => (await import('./commands/invite.ts')).registerInvite,
  },
  {
    group: 'Keys and who can read',
    names: ['audit'],
    load: async () => (await import('./commands/audit.ts')).registerAudit,
  },
  {
    group: 'Keys and who can read',
    names: ['drill'],
    load: async () => (await import('./commands/drill.ts')).registerDrill,
  },
  {
    group: 'Keys and who can read',
    names: ['recover'],
    load: async () => (await import('./commands/recover.ts')).registerRecover,
  },
  {
    group: 'Set up',
    names: ['whoami'],
    load: async () => (await import('./commands/whoami.ts')).registerWhoami,
  },
  {
    group: 'Set up',
    names: ['hooks'],
    load: async () => (await import('./commands/hooks.ts')).registerHooks,
  },
  { group: 'Set up', names: ['mcp'], load: async () => (await import('./commands/mcp.ts')).registerMcp },
  {
    group: 'Set up',
    names: ['schedule'],
    load: async () => (await import('./commands/schedule.ts')).registerSchedule,
  },
  {
    group: 'Set up',
    names: ['config'],
    load: async () => (await import('./commands/config.ts')).registerConfig,
  },
  {
    group: 'Check and repair',
    names: ['doctor'],
    load: async () => (await import('./commands/doctor.ts')).registerDoctor,
  },
  {
    group: 'Check and repair',
    names: ['verify'],
    load: async () => (await import('./commands/verify.ts')).registerVerify,
  },
  {
    group: 'Check and repair',
    names: ['machine'],
    load: async () => (await import('./commands/machine.ts')).registerMachine,
  },
  {
    group: 'Check and repair',
    names: ['init'],
    load: async () => (await import('./commands/init.ts')).registerInit,
  },
  {
    group: 'Check and repair',
    names: ['lock'],
    load: async () => (await import('./commands/lock.ts')).registerLock,
  },
  {
    group: 'Check and repair',
    names: ['uninstall'],
    load: async () => (await import('./commands/uninstall.ts')).registerUninstall,
  },
  {
    group: 'For the shell',
    names: ['completion'],
    load: async () => (await import('./commands/completion.ts')).registerCompletion,
  },
  {
    group: 'For the shell',
    names: ['man'],
    load: async () => (await import('./commands/man.ts')).registerMan,
  },
];

/**
 * Returns the registrations a command line needs: that of the command it names, or all of them if it names none (help, a typo
 * that deserves a suggestion).
 * @param words after the program's name
 */
export async function registrationsFor(words: readonly string[]): Promise<readonly Register[]> {
  const [first] = words;
  if (words.length === 1 && (first === '--version' || first === '-V')) return [];
  const named = COMMANDS.filter(({ names }) => first !== undefined && names.includes(first));
  return Promise.all((named.length > 0 ? named : COMMANDS).map(({ load }) => load()));
}
