import * as v from 'valibot';
import { ERROR_CODES } from '../../../../shared/app-error.ts';
import type { FinishedOperation } from '../../../../shared/ipc/operation.ts';
import { knownOf, MIB, recallState, stateObject, writeState } from '../../files/state-file.ts';
import type { Files } from '../../ports/files.ts';
import type { Logger } from '../../ports/logger.ts';

/** Most operations in `operations.list`. */
export const KEPT_OPERATIONS = 200;
export const KEPT_MS = 14 * 24 * 60 * 60 * 1000;

const count = v.pipe(v.number(), v.minValue(0));
const text = v.string();
const error = v.looseObject({
  code: v.picklist(ERROR_CODES),
  message: text,
  remedy: text,
  transient: v.boolean(),
});
const deferral = v.object({
  who: text,
  host: text,
  pid: count,
  since: count,
  doing: text,
  retryAt: v.nullable(count),
});
const receipt = v.object({
  workspace: text,
  commit: v.nullable(v.object({ sha: text, subject: text })),
  author: text,
  pushed: v.nullable(v.object({ from: text, to: text, branch: text, remote: text })),
  files: v.array(
    v.object({
      path: text,
      kind: v.picklist(['created', 'appended', 'changed', 'removed']),
      linesAdded: count,
    }),
  ),
  wikiArticles: count,
  leftAlone: v.array(text),
});
const finished = v.object({
  id: text,
  kind: v.picklist([
    'push',
    'index',
    'pull',
    'full',
    'git-sync',
    'save',
    'restore',
    'capture',
    'seal',
    'unseal',
    'drill',
  ]),
  cause: v.picklist(['person', 'change', 'schedule', 'start', 'wake', 'online', 'hook', 'retry']),
  subject: v.nullable(text),
  startedAt: count,
  phase: v.picklist([
    'queued',
    'waiting-for-lock',
    'scanning',
    'listing',
    'comparing',
    'uploading',
    'downloading',
    'verifying',
    'indexing',
    'staging',
    'committing',
    'fetching',
    'integrating',
    'pushing',
    'reading-notes',
    'capturing',
    'sealing',
    'unsealing',
    'finishing',
  ]),
  done: count,
  total: v.nullable(count),
  bytesDone: count,
  bytesTotal: v.nullable(count),
  current: v.nullable(text),
  finishedAt: count,
  outcome: v.picklist(['done', 'partial', 'deferred', 'failed', 'cancelled']),
  summary: v.object({
    uploaded: count,
    downloaded: count,
    restored: count,
    unchanged: count,
    kept: count,
    bytesUp: count,
    bytesDown: count,
    notes: count,
    failed: v.array(v.object({ path: text, error })),
    failedTotal: count,
    receipts: v.array(receipt),
    captured: v.exactOptional(count),
    rescued: v.exactOptional(count),
    copies: v.exactOptional(count),
    sealed: v.exactOptional(count),
    unsealed: v.exactOptional(count),
    proved: v.exactOptional(count),
  }),
  error: v.nullable(error),
  deferral: v.nullable(deferral),
});

// A run can list a thousand failures.
const FORMAT = { schema: stateObject({ operations: knownOf(finished) }), maxBytes: 64 * MIB };

/** Reads `state/operations.json`: results of recent operations. Regenerable: without it the list starts empty. */
export async function readOperations(
  files: Files,
  path: string,
  logger: Pick<Logger, 'warn'>,
): Promise<readonly FinishedOperation[]> {
  return (await recallState(files, path, FORMAT, logger))?.operations ?? [];
}

/** Writes the list; a failure is logged and has no other effect. */
export async function writeOperations(
  files: Files,
  path: string,
  operations: readonly FinishedOperation[],
  logger: Pick<Logger, 'warn'>,
): Promise<void> {
  const written = await writeState(files, path, { schema: 1, operations });
  if (!written.ok) logger.warn('could not keep the list of operations', { code: written.error.code });
}
