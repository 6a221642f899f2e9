import type { Answer } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { plural } from '../../../shared/format/amount.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { describeLog, NOT_STORED } from '../logs/describe-log.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { recallDeleted } from './deleted-logs-file.ts';
import { keepFromGit, type DeletedLogsDeps, type GoneLogs, type KeptLogs } from './deleted-logs.ts';
import {
  scanWorkspace,
  WORKSPACE_LOG_LIMIT,
  type WorkspaceFile,
  type WorkspaceScan,
} from './scan-workspace.ts';
import { forgetWorkspace } from './used-workspaces.ts';
import type { WorkspaceRoot } from './workspace-roots.ts';
import { putWorkspaceRows } from './workspace-rows.ts';

/** A notice about one workspace besides its rows. */
export interface WorkspaceNotice {
  /** Absolute. */
  readonly root: string;
  /** The text after the path and a colon: "it is not there; its logs are not listed". */
  readonly problem: string;
  /** Whether its rows are kept as they were. */
  readonly kept: boolean;
}

/** What refreshing needs. */
export type WorkspaceDeps = DeletedLogsDeps & Pick<SyncDeps, 'logger'>;

/** Milliseconds one refresh spends reading new logs; the next reads the rest. */
const READING_MS = 2_000;
const NAMED_FILES = 3;

/**
 * Updates the rows of the workspaces (registered or used before, and the one a command works in) from this disk: reads only logs whose size or time
 * changed, for at most two seconds. A log that git has deleted or moved keeps its row, with its commit. A missing workspace loses its rows,
 * one on an unresponsive disk keeps them.
 * @returns what a person may want to know, at most one notice per workspace
 */
export async function refreshWorkspaces(deps: WorkspaceDeps): Answer<readonly WorkspaceNotice[]> {
  const [wanted, listed] = await Promise.all([deps.surroundings.workspaces(), deps.index.workspaces()]);
  if (!listed.ok) return listed;
  const known = new Set(wanted.map(({ machine }) => machine));
  for (const machine of listed.value) {
    if (known.has(machine)) continue;
    const dropped = await deps.index.dropShard(machine);
    if (!dropped.ok) return dropped;
  }
  const stop = deps.clock.now() + READING_MS;
  const looks = await Promise.all(
    wanted.map(async (workspace) => ({ workspace, scan: await scanWorkspace(deps.files, workspace.root) })),
  );
  const notices: WorkspaceNotice[] = [];
  for (const { workspace, scan } of looks) {
    const notice = await bringIn(deps, workspace, scan, {
      stop,
      listed: listed.value.includes(workspace.machine),
    });
    if (!notice.ok) return notice;
    if (notice.value !== null) notices.push({ root: workspace.root, ...notice.value });
  }
  return ok(notices);
}

type Notice = Omit<WorkspaceNotice, 'root'> | null;

async function bringIn(
  deps: WorkspaceDeps,
  workspace: WorkspaceRoot,
  scan: WorkspaceScan,
  { stop, listed }: { readonly stop: number; readonly listed: boolean },
): Answer<Notice> {
  if (scan.kind === 'silent')
    return ok({ problem: `${scan.problem}; its logs are listed as they were`, kept: true });
  if (scan.kind === 'gone') {
    const dropped = listed ? await deps.index.dropShard(workspace.machine) : ok(undefined);
    if (!dropped.ok) return dropped;
    if (!workspace.isOnlyUsed)
      return ok({ problem: 'it is not there; its logs are not listed', kept: false });
    await forgetWorkspace(deps, workspace.root);
    return ok(null);
  }
  const before = listed ? await deps.index.entries(workspace.machine) : ok([]);
  if (!before.ok) return before;
  const { entries: here, unread, waiting } = await entriesOf(deps, workspace, scan.files, before.value, stop);
  const gone = await goneLogs(deps, workspace, { scan, here, before: before.value, listed, stop });
  const kept = await keepFromGit(deps, workspace, gone);
  if (!kept.ok) return kept;
  const entries = [...here, ...kept.value.entries];
  if (!sameEntries(entries, before.value)) {
    const put = await putWorkspaceRows(deps, workspace, entries);
    if (!put.ok) return put;
  }
  return ok(noticeOf([...scan.problems, ...unread], { waiting, above: scan.above.size, kept: kept.value }));
}

interface Look {
  readonly scan: Extract<WorkspaceScan, { kind: 'found' }>;
  readonly here: readonly LogEntry[];
  readonly before: readonly LogEntry[];
  readonly listed: boolean;
  readonly stop: number;
}

/** Former logs from the index; for a workspace not in it, from {@link recallDeleted}. */
async function goneLogs(
  deps: WorkspaceDeps,
  { root }: WorkspaceRoot,
  { scan, here, before, listed, stop }: Look,
): Promise<GoneLogs> {
  const onDisk = new Set(scan.files.map(({ path }) => path));
  const isGone = ({ path }: { readonly path: LogPath }): boolean =>
    !onDisk.has(path) && !scan.above.has(path);
  const known = new Set(before.filter(({ commit }) => commit === undefined).map(({ path }) => path));
  return {
    listed: before.filter(isGone),
    recalled: listed ? [] : (await recallDeleted(deps, root)).filter(isGone),
    here,
    fresh: new Set([...onDisk].filter((path) => !known.has(path))),
    room: WORKSPACE_LOG_LIMIT - here.length,
    stop,
  };
}

interface Described {
  readonly entries: readonly LogEntry[];
  readonly unread: readonly { readonly path: string; readonly problem: string }[];
  /** Logs left for the next refresh. */
  readonly waiting: number;
}

async function entriesOf(
  deps: WorkspaceDeps,
  { root }: WorkspaceRoot,
  files: readonly WorkspaceFile[],
  before: readonly LogEntry[],
  stop: number,
): Promise<Described> {
  const known = new Map(before.map((entry) => [entry.path, entry]));
  const entries: LogEntry[] = [];
  const changed: WorkspaceFile[] = [];
  for (const file of files) {
    const entry = known.get(file.path);
    if (entry !== undefined && isAsDescribed(entry, file)) entries.push(entry);
    else changed.push(file);
  }
  const unread: { path: string; problem: string }[] = [];
  let done = 0;
  await runLimited(changed, TRANSFERS, undefined, async ({ path }) => {
    if (deps.clock.now() > stop) return false;
    done++;
    const measured = await deps.files.measure(inFolder(root, path));
    if (!measured.ok) unread.push({ path, problem: measured.error.message });
    else if (measured.value !== null) entries.push(await describeLog(deps, path, measured.value, NOT_STORED));
    return true;
  });
  // Listed logs that were not re-read yet stay listed as they were.
  for (const { path } of changed.slice(done)) {
    const entry = known.get(path);
    if (entry) entries.push(entry);
  }
  return { entries, unread, waiting: changed.length - done };
}

/** One that was only in a commit is described again when its file is back. */
function isAsDescribed({ size, mtime, commit }: LogEntry, file: WorkspaceFile): boolean {
  return size === file.size && mtime === Math.floor(file.mtimeMs) && commit === undefined;
}

function sameEntries(entries: readonly LogEntry[], before: readonly LogEntry[]): boolean {
  if (entries.length !== before.length) return false;
  const known = new Map(before.map((entry) => [entry.path, entry]));
  return entries.every((entry) => {
    const other = known.get(entry.path);
    return (
      other !== undefined &&
      other.sha256 === entry.sha256 &&
      other.mtime === entry.mtime &&
      other.commit === entry.commit
    );
  });
}

function noticeOf(
  passedOver: readonly { readonly path: string; readonly problem: string }[],
  {
    waiting,
    above,
    kept,
  }: { readonly waiting: number; readonly above: number; readonly kept: Omit<KeptLogs, 'entries'> },
): Notice {
  const parts: string[] = [];
  const [first] = passedOver;
  if (first !== undefined) {
    const names = passedOver.slice(0, NAMED_FILES).map(({ path }) => path);
    const more = passedOver.length > NAMED_FILES ? ` and ${passedOver.length - NAMED_FILES} more` : '';
    parts.push(`${names.join(', ')}${more} could not be read (${first.problem})`);
  }
  const unread = waiting + kept.waiting;
  if (unread > 0)
    parts.push(`${plural(unread, 'log is', 'logs are')} not read yet, and the next look goes on`);
  if (kept.lost > 0)
    parts.push(
      `${plural(kept.lost, 'log')} that git had deleted ${kept.lost === 1 ? 'is' : 'are'} gone, because the history was rewritten`,
    );
  if (kept.problem !== null) parts.push(`git was not asked about logs that are gone (${kept.problem})`);
  if (above > 0) parts.push(`${plural(above, 'older log is', 'older logs are')} not listed`);
  return parts.length === 0 ? null : { problem: parts.join('; '), kept: false };
}
