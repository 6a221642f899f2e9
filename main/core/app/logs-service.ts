import { appError, type AppError } from '../../../shared/app-error.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import { parseLogId } from '../../../shared/domain/log-path.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import type { LogRead } from '../../../shared/ipc/payloads.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import { readLog } from '../logs/read-log.ts';
import { refreshLocal } from '../logs/refresh-local.ts';
import type { FileManager } from '../ports/file-manager.ts';
import { inFolder } from '../save/folder-path.ts';
import { cachePath } from '../sync/cache.ts';
import type { AppCore } from './app-core.ts';
import type { LogsService } from './app-service.ts';
import type { CoreHolder } from './core-holder.ts';
import { cutStretch, STRETCH } from './read-stretch.ts';
import type { SyncRuns } from './sync-runs.ts';
import { findWorkspaceLog } from './workspace-log.ts';

export interface LogsServiceParts {
  readonly holder: CoreHolder;
  readonly runs: SyncRuns;
  readonly fileManager: FileManager;
}

/** Looking at logs over the index and this disk. */
export function createLogsService({ holder, runs, fileManager }: LogsServiceParts): LogsService {
  return {
    page: (query) => holder.use((core) => core.sync.index.page(query)),
    groups: (query) =>
      holder.use(async ({ sync }) => {
        const groups = await sync.index.groups(query);
        if (!groups.ok) return groups;
        const total = groups.value.reduce((sum, group) => sum + group.logs, 0);
        return mapOk(await sync.index.version(), (version) => ({ groups: groups.value, total, version }));
      }),
    days: ({ machines, from, to }) =>
      holder.use(async ({ sync }) => {
        const query = {
          ...(machines === undefined ? {} : { machines }),
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        };
        return mapOk(await sync.index.days(query), (days) => ({ days }));
      }),
    facets: () => holder.use((core) => core.sync.index.facets()),
    copies: ({ id }) =>
      holder.use(async ({ sync }) => mapOk(await sync.index.copies(id), (rows) => ({ rows }))),
    row: ({ id }) => holder.use((core) => rowOf(core, id)),
    read: ({ id, offset, length }) =>
      holder.use((core) => readStretch(core, id, offset ?? 0, length ?? STRETCH)),
    pull(request) {
      const selection = 'ids' in request ? { ids: request.ids } : request.query;
      const only = 'ids' in request && request.ids.length === 1 ? (request.ids[0] ?? null) : null;
      const path = only === null ? null : parseLogId(only);
      const subject = path?.ok ? path.value.path : null;
      return Promise.resolve(ok({ operation: runs.pull(selection, 'person', subject).id }));
    },
    reveal: ({ id }) =>
      holder.use(async (core) => {
        const path = await pathOf(core, id);
        return path.ok ? fileManager.reveal(path.value) : path;
      }),
    openInEditor: ({ id, line }) =>
      holder.use(async (core) => {
        const path = await pathOf(core, id);
        return path.ok ? fileManager.edit(path.value, core.settings.app.editor, line) : path;
      }),
  };
}

async function rowOf(core: AppCore, id: LogId): Promise<Result<LogRow | null, AppError>> {
  const row = await core.sync.index.row(id);
  if (!row.ok || row.value !== null) return row;
  return mapOk(await findWorkspaceLog(core, id), (found) => found?.row ?? null);
}

async function readStretch(
  core: AppCore,
  id: LogId,
  offset: number,
  length: number,
): Promise<Result<LogRead, AppError>> {
  const found = await readAnywhere(core, id);
  if (!found.ok) {
    const row = found.error.details?.['inStore'] === undefined ? ok(null) : await core.sync.index.row(id);
    if (row.ok && row.value !== null && row.value.machine !== core.sync.self.uuid)
      return ok({ state: 'not-pulled', row: row.value });
    return found;
  }
  const { row, bytes, tag } = found.value;
  return ok({ state: 'here', row, ...cutStretch(bytes, offset, length), tag });
}

interface Found {
  readonly row: LogRow;
  readonly bytes: Uint8Array;
  readonly tag: string;
}

async function readAnywhere(core: AppCore, id: LogId): Promise<Result<Found, AppError>> {
  const own = isOwn(core, id);
  let read = await readLog(core.sync, id);
  if (!read.ok && read.error.code === 'not-found' && own) {
    const elsewhere = await findWorkspaceLog(core, id);
    if (!elsewhere.ok) return elsewhere;
    if (elsewhere.value !== null) return ok({ ...elsewhere.value, tag: elsewhere.value.row.sha256 });
    // Written a moment ago: the disk has it, the index not yet.
    if (read.error.details?.['inStore'] === undefined) {
      const refreshed = await refreshLocal(core.sync);
      if (!refreshed.ok) return refreshed;
      read = await readLog(core.sync, id);
    }
  }
  if (!read.ok) return read;
  const { row, bytes } = read.value;
  if (!own) return ok({ row, bytes, tag: `${row.sha256}-${bytes.length}` });
  const facts = await core.sync.files.stat(`${core.paths.sessionLogs}/${row.path}`);
  const time = facts.ok && facts.value ? `${facts.value.ino}-${facts.value.mtimeMs}` : row.sha256;
  return ok({ row, bytes, tag: `${time}-${bytes.length}` });
}

/** Where the file is on this machine. */
async function pathOf(core: AppCore, id: LogId): Promise<Result<string, AppError>> {
  const parsed = parseLogId(id);
  if (!parsed.ok) return parsed;
  const { machine, path } = parsed.value;
  const own = machine === core.sync.self.uuid;
  const [file, folder] = own
    ? [inFolder(core.paths.sessionLogs, path), core.paths.sessionLogs]
    : [cachePath(core.sync, machine, path), core.paths.cache];
  const facts = await core.sync.files.stat(file);
  if (!facts.ok) return facts;
  if (facts.value?.kind === 'file' && (await core.sync.files.isWithin(file, folder))) return ok(file);
  const elsewhere = await findWorkspaceLog(core, id);
  if (!elsewhere.ok) return elsewhere;
  if (elsewhere.value !== null) return ok(elsewhere.value.path);
  return err(
    appError(
      'not-found',
      `${path} is not on this machine.`,
      own ? `Take it back from the store: session-log restore "${path}"` : 'Pull it first.',
    ),
  );
}

function isOwn(core: AppCore, id: LogId): boolean {
  return id.startsWith(`${core.sync.self.uuid}/`);
}
