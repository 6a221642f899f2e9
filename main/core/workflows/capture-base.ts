import { knownAuthor, type Author } from '../../../shared/domain/author.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { proposeAuthor } from '../author/author.ts';
import type { Identity } from '../author/author-file.ts';
import type { ManagedSettings } from '../capture/agent-settings.ts';
import type { Withholding } from '../capture/log-words.ts';
import type { Git } from '../ports/git.ts';
import type { TranscriptSource } from '../ports/transcript-source.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import type { DataPaths } from '../files/data-paths.ts';
import type { ListDeps } from './list-sessions.ts';
import type { SweepDeps } from './sweep-sessions.ts';

/** Agents' transcripts on this machine. */
export interface TranscriptsHere {
  /**
   * One source per agent, loaded on the first call.
   * @param roots more agent folders, beside the usual ones
   * @param workspaces registered ones: some agents leave their sessions there
   * @param listOnly leaves out what only parsing needs: then nothing may be parsed
   */
  sources(
    roots: readonly string[],
    workspaces: readonly string[],
    listOnly?: boolean,
  ): Promise<readonly TranscriptSource[]>;
  readonly managed: ManagedSettings;
  readonly withhold: Withholding;
}

/** What an interface adds to capture, list and restore sessions. */
export interface CaptureBase {
  readonly sync: SyncDeps;
  readonly settings: Pick<Settings, 'app' | 'capture' | 'author' | 'git'>;
  readonly systemUser: string;
  readonly transcripts: TranscriptsHere;
  readonly paths: Pick<
    DataPaths,
    'home' | 'settings' | 'sessionLogs' | 'transcripts' | 'captures' | 'captureLock'
  >;
}

/**
 * Builds the dependencies of the session workflows.
 * @param git asked for the person's name only where none is set
 * @param listOnly for a list without a budget for titles: no transcript may be parsed
 */
export async function captureDeps(
  { sync, settings, systemUser, transcripts, paths }: CaptureBase,
  git: Git,
  listOnly = false,
): Promise<SweepDeps & ListDeps> {
  return {
    files: sync.files,
    bytes: sync.bytes,
    locks: sync.locks,
    clock: sync.clock,
    logger: sync.logger,
    settings,
    paths,
    sources: await transcripts.sources(settings.capture.roots, settings.git.workspaces, listOnly),
    managed: transcripts.managed,
    withhold: transcripts.withhold,
    machine: sync.self.uuid,
    logs: async () => (await import('./written-sessions.ts')).logsOfSessions(sync),
    stored: async () => (await import('./stored-sessions.ts')).storedSessions(sync),
    ...(sync.copies ? { copies: sync.copies } : {}),
    // A run that needs no authors must not load the index of this disk.
    written: async () => (await import('./written-sessions.ts')).writtenSessions(sync),
    forgotten: async () => (await import('./forgotten-sessions.ts')).forgottenSessions(sync),
    async author() {
      const said = knownAuthor(settings.author) ?? (await proposeAuthor(git, paths.home));
      return identityOf(said, systemUser, sync.self.hostname, paths.settings);
    },
  };
}

/** A captured log has no signer: where no person is named, it uses the system user's name. */
function identityOf(author: Author, systemUser: string, machine: string, path: string): Identity {
  const isNamed = author.user !== '' && author.name !== '';
  return {
    user: isNamed ? author.user : systemUser,
    fullName: isNamed ? author.name : systemUser,
    email: author.email,
    role: null,
    machine,
    path,
    registry: null,
    vaultPath: null,
  };
}
