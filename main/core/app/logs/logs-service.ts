import { asUtf8 } from '../../../../shared/domain/decode-log.ts';
import type { Answer } from '../../../../shared/app-error.ts';
import type { LogId } from '../../../../shared/domain/ids.ts';
import { parseLogId } from '../../../../shared/domain/log-path.ts';
import type { LogRow } from '../../../../shared/domain/log-query.ts';
import type { LogRead } from '../../../../shared/ipc/payloads.ts';
import type { ParsedInput } from '../../../../shared/ipc/contract.ts';
import { mapOk, ok } from '../../../../shared/result.ts';
import { findCopies } from '../../logs/copies-on-disk.ts';
import { locateLog, readLog } from '../../logs/read-log.ts';
import { lineInFile, WHOLE_FILE } from '../../logs/session-entries.ts';
import { compareBackup } from '../../workflows/compare-backup.ts';
import { refreshLocal } from '../../workflows/refresh-local.ts';
import type { FileManager } from '../../ports/file-manager.ts';
import type { AppCore } from '../app-core.ts';
import type { LogsService } from '../app-service.ts';
import type { PresentCore } from '../present-core.ts';
import { cutStretch, STRETCH } from './read-stretch.ts';
import type { SyncRuns } from '../operations/sync-runs.ts';

export interface LogsServiceParts {
  readonly present: PresentCore;
  readonly runs: SyncRuns;
  readonly fileManager: FileManager;
}

/** Reads logs from the index and this disk. */
export function createLogsService({ present, runs, fileManager }: LogsServiceParts): LogsService {
  return {
    page: (query) => present.use((core) => core.sync.index.page(query)),
    groups: (query) =>
      present.use(async ({ sync }) => {
        const groups = await sync.index.groups(query);
        if (!groups.ok) return groups;
        const total = groups.value.reduce((sum, group) => sum + group.logs, 0);
        return mapOk(await sync.index.version(), (version) => ({ groups: groups.value, total, version }));
      }),
    days: ({ machines, from, to }) =>
      present.use(async ({ sync }) => {
        const query = {
          ...(machines === undefined ? {} : { machines }),
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        };
        return mapOk(await sync.index.days(query), (days) => ({ days }));
      }),
    facets: () => present.use((core) => core.sync.index.facets()),
    copies: ({ id }) =>
      present.use(async ({ sync }) => mapOk(await sync.index.copies(id), (rows) => ({ rows }))),
    compare: ({ id }) => present.use((core) => compareBackup(core.sync, id)),
    row: ({ id }) => present.use((core) => rowOf(core, id)),
    read: (input) => present.use((core) => readStretch(core, input)),
    pull(request) {
      const selection = 'ids' in request ? { ids: request.ids } : request.query;
      const only = 'ids' in request && request.ids.length === 1 ? (request.ids[0] ?? null) : null;
      const path = only === null ? null : parseLogId(only);
      const subject = path?.ok ? path.value.path : null;
      return Promise.resolve(ok({ operation: runs.pull(selection, 'person', subject).id }));
    },
    reveal: ({ id }) =>
      present.use(async (core) => {
        const found = await lookingTwice(core, id, () => locateLog(core.sync, id));
        return found.ok ? fileManager.reveal(found.value.file) : found;
      }),
    openInEditor: ({ id, line }) =>
      present.use(async (core) => {
        const found = await lookingTwice(core, id, () => locateLog(core.sync, id));
        if (!found.ok) return found;
        const { file, stretches } = found.value;
        // Lines are counted as the reader shows them.
        const at =
          line === undefined && stretches === WHOLE_FILE ? undefined : lineInFile(stretches, line ?? 1);
        return fileManager.edit(file, core.settings.app.editor, at);
      }),
  };
}

/** A log written a moment ago is on disk but not yet indexed. */
async function lookingTwice<T>(
  core: AppCore,
  id: LogId,
  look: () => Answer<T>,
  isThere: (value: T) => boolean = () => true,
): Answer<T> {
  const first = await look();
  const known = first.ok ? isThere(first.value) : first.error.details?.['inStore'] !== undefined;
  if (known || !id.startsWith(`${core.sync.self.uuid}/`)) return first;
  if (!first.ok && first.error.code !== 'not-found') return first;
  const refreshed = await refreshLocal(core.sync);
  return refreshed.ok ? look() : refreshed;
}

function rowOf(core: AppCore, id: LogId): Answer<LogRow | null> {
  const look = async (): Answer<LogRow | null> => {
    const found = await findCopies(core.sync, id);
    if (found.ok) return ok(found.value.row);
    return found.error.code === 'not-found' ? ok(null) : found;
  };
  return lookingTwice(core, id, look, (row) => row !== null);
}

async function readStretch(
  core: AppCore,
  { id, offset = 0, length = STRETCH, exact = false }: ParsedInput<'logs.read'>,
): Answer<LogRead> {
  const read = await lookingTwice(core, id, () => readLog(core.sync, id, { exact }));
  if (!read.ok) {
    const { inStore, machine } = read.error.details ?? {};
    const row = inStore !== true || machine === core.sync.self.uuid ? ok(null) : await rowOf(core, id);
    if (row.ok && row.value !== null) return ok({ state: 'not-pulled', row: row.value });
    return read;
  }
  const { row, bytes, file } = read.value;
  const facts = await core.sync.files.stat(file);
  const time = facts.ok && facts.value ? `${facts.value.ino}-${facts.value.mtimeMs}` : row.sha256;
  return ok({
    state: 'here',
    row,
    ...cutStretch(asUtf8(bytes), offset, length),
    tag: `${time}-${bytes.length}`,
    file,
  });
}
