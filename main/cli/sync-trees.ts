import type { AppError } from '../../shared/app-error.ts';
import { ok, type Result } from '../../shared/result.ts';
import { openGitTools } from '../compose/git-tools.ts';
import type { Desk } from '../compose/open-desk.ts';
import { gitSync } from '../core/git-sync/git-sync.ts';
import type { GitSyncRequest } from '../core/git-sync/git-sync-deps.ts';
import type { GitSyncReport } from '../core/git-sync/report.ts';
import { loadIdentity } from '../core/machine/load-identity.ts';
import { collectArrivedNotes } from '../core/notes/collect-arrived.ts';
import type { InboxItem } from '../core/notes/inbox.ts';
import type { Identity } from '../core/author/author-file.ts';
import type { CliContext } from './cli-context.ts';
import { gitProgress } from './git-progress.ts';

export interface TreesRequest {
  /** Root of the work tree. */
  readonly workspace: string;
  /** `vault_path` of identity.json; the setting `git.vault` goes before it. */
  readonly vault: string | null;
  /** The vault that a command was told, before both; `''` for none. */
  readonly vaultNamed?: string;
  /** Who commits, from identity.json. */
  readonly author: Pick<Identity, 'user' | 'fullName' | 'email' | 'machine'>;
  /** See `GitSyncRequest.own`. */
  readonly own: GitSyncRequest['own'];
  /** Milliseconds to wait for another sync of the work tree. */
  readonly waitMs: number;
}

/** A sync of the trees and the notes it brought for the author, newest first; show them, then mark them read. */
export interface TreesSynced {
  readonly report: GitSyncReport;
  readonly notes: readonly InboxItem[];
}

/** Syncs the work tree and then the vault, for commands. Says on standard error for whom it waits and, on a terminal, how far it is. */
export async function syncTrees(
  context: CliContext,
  desk: Desk,
  request: TreesRequest,
): Promise<Result<TreesSynced, AppError>> {
  const { author } = request;
  const machine = await loadIdentity(desk.files, desk.paths.machineId);
  const vault = request.vaultNamed ?? (desk.settings.git.vault || request.vault);
  const notes: InboxItem[] = [];
  const progress = gitProgress(context);
  const report = await gitSync(
    {
      ...desk,
      git: openGitTools().git,
      hooks: {
        collectNotes: async (arrived) => {
          const found = await collectArrivedNotes(
            desk,
            { user: author.user, fullName: author.fullName },
            arrived,
          );
          if (found.ok) notes.push(...found.value);
          return found;
        },
      },
    },
    {
      workspace: request.workspace,
      ...(vault ? { vault } : {}),
      own: request.own,
      identity: {
        name: author.fullName,
        email: author.email,
        user: author.user,
        machine: machine.ok ? machine.value.machine_uuid : '',
        host: author.machine,
      },
      waitMs: request.waitMs,
      signal: context.signal,
      onProgress: progress.onProgress,
    },
  );
  progress.clear();
  return report.ok ? ok({ report: report.value, notes }) : report;
}
