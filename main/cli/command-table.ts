import type { Register } from './run-cli.ts';

/** A command and where its code is. */
export interface CommandEntry {
  /** The name first, then other names for it. */
  readonly names: readonly [string, ...string[]];
  readonly load: () => Promise<Register>;
}

/**
 * Every command of `session-log`, in the order of its help. Each is a chunk of its own that is loaded only when it is called, because
 * agents' hooks and scripts start the program often: loading all of them takes several times as long as `node -e 0`.
 */
export const COMMANDS: readonly CommandEntry[] = [
  { names: ['setup'], load: async () => (await import('./commands/setup.ts')).registerSetup },
  { names: ['status'], load: async () => (await import('./commands/status.ts')).registerStatus },
  { names: ['list', 'ls'], load: async () => (await import('./commands/list.ts')).registerList },
  { names: ['search'], load: async () => (await import('./commands/search.ts')).registerSearch },
  { names: ['pending'], load: async () => (await import('./commands/pending.ts')).registerPending },
  { names: ['since'], load: async () => (await import('./commands/since.ts')).registerSince },
  { names: ['show'], load: async () => (await import('./commands/show.ts')).registerShow },
  { names: ['machines'], load: async () => (await import('./commands/machines.ts')).registerMachines },
  { names: ['sync'], load: async () => (await import('./commands/sync.ts')).registerSync },
  { names: ['browse'], load: async () => (await import('./commands/browse.ts')).registerBrowse },
  { names: ['save'], load: async () => (await import('./commands/save.ts')).registerSave },
  { names: ['git-sync'], load: async () => (await import('./commands/git-sync.ts')).registerGitSync },
  { names: ['notes'], load: async () => (await import('./commands/notes.ts')).registerNotes },
  { names: ['lint'], load: async () => (await import('./commands/lint.ts')).registerLint },
  { names: ['whoami'], load: async () => (await import('./commands/whoami.ts')).registerWhoami },
  { names: ['hooks'], load: async () => (await import('./commands/hooks.ts')).registerHooks },
  { names: ['mcp'], load: async () => (await import('./commands/mcp.ts')).registerMcp },
  { names: ['schedule'], load: async () => (await import('./commands/schedule.ts')).registerSchedule },
  { names: ['restore'], load: async () => (await import('./commands/restore.ts')).registerRestore },
  { names: ['verify'], load: async () => (await import('./commands/verify.ts')).registerVerify },
  { names: ['doctor'], load: async () => (await import('./commands/doctor.ts')).registerDoctor },
  { names: ['init'], load: async () => (await import('./commands/init.ts')).registerInit },
  { names: ['machine'], load: async () => (await import('./commands/machine.ts')).registerMachine },
  { names: ['config'], load: async () => (await import('./commands/config.ts')).registerConfig },
  { names: ['migrate'], load: async () => (await import('./commands/migrate.ts')).registerMigrate },
  { names: ['lock'], load: async () => (await import('./commands/lock.ts')).registerLock },
  { names: ['completion'], load: async () => (await import('./commands/completion.ts')).registerCompletion },
  { names: ['man'], load: async () => (await import('./commands/man.ts')).registerMan },
  { names: ['uninstall'], load: async () => (await import('./commands/uninstall.ts')).registerUninstall },
  { names: ['demo'], load: async () => (await import('./commands/demo.ts')).registerDemo },
];

/**
 * The registrations that a command line needs: that of the command it names, or all of them where it names none (help, a typing
 * error that deserves a suggestion).
 * @param words what follows the name of the program
 */
export async function registrationsFor(words: readonly string[]): Promise<readonly Register[]> {
  const [first] = words;
  if (words.length === 1 && (first === '--version' || first === '-V')) return [];
  const named = COMMANDS.filter(({ names }) => first !== undefined && names.includes(first));
  return Promise.all((named.length > 0 ? named : COMMANDS).map(({ load }) => load()));
}
