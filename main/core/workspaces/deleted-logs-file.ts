import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { logPathProblem } from '../../../shared/domain/log-path.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { knownOf, MIB, recallState, stateObject, writeState } from '../files/state-file.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** A log that git has deleted or moved, and the last commit with it. */
export interface DeletedLog {
  readonly path: LogPath;
  /** Full name. */
  readonly commit: string;
  /** When its file last changed, epoch milliseconds. */
  readonly mtime: number;
}

type FileDeps = Pick<SyncDeps, 'files' | 'logger' | 'paths'>;

const deletedLog = v.object({
  path: v.custom<LogPath>((path) => typeof path === 'string' && logPathProblem(path) === null),
  commit: v.pipe(v.string(), v.regex(/^[0-9a-f]{40,64}$/)),
  mtime: v.pipe(v.number(), v.safeInteger()),
});
const FORMAT = {
  maxBytes: 64 * MIB,
  schema: stateObject({ workspaces: v.record(v.string(), knownOf<DeletedLog>(deletedLog)) }),
};

/**
 * Reads the record of a workspace's logs deleted by git, for a rebuilt index: nothing else lists former logs.
 * @param root absolute
 */
export async function recallDeleted(deps: FileDeps, root: string): Promise<readonly DeletedLog[]> {
  return (await readAll(deps))[root] ?? [];
}

/**
 * Stores which logs git has deleted in a workspace. Simultaneous writers agree about one workspace; what one loses of another returns with
 * the next change there.
 */
export async function keepDeleted(deps: FileDeps, root: string, logs: readonly DeletedLog[]): Answer<void> {
  const { [root]: before = [], ...others } = await readAll(deps);
  if (JSON.stringify(before) === JSON.stringify(logs)) return ok(undefined);
  const workspaces = logs.length === 0 ? others : { ...others, [root]: logs };
  return writeState(deps.files, pathOf(deps), { schema: 1, workspaces });
}

async function readAll(deps: FileDeps): Promise<Readonly<Record<string, readonly DeletedLog[]>>> {
  return (await recallState(deps.files, pathOf(deps), FORMAT, deps.logger))?.workspaces ?? {};
}

function pathOf({ paths }: FileDeps): string {
  return inFolder(paths.state, 'deleted-logs.json');
}
