import { fail, type Answer } from '../../../shared/app-error.ts';
import { decodeLog } from '../../../shared/domain/decode-log.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import { parseLogId } from '../../../shared/domain/log-path.ts';
import type { LogDifference, OnlyInOne } from '../../../shared/ipc/payloads.ts';
import { ok } from '../../../shared/result.ts';
import { lineDifference } from '../../../shared/domain/line-difference.ts';
import { INDEXED_BYTES } from '../ports/search-index.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** Lines and characters of a passage that are shown. */
const [LINES, CHARACTERS] = [60, 6_000];

/**
 * Shows what an own log and its backup do not share, before a person decides which of them stays. Both are compared as they leave this
 * machine, so secrets are labels wherever labels are made.
 * @returns `usage` for another machine's log; `not-found` without a backup; failures of the store
 */
export async function compareBackup(
  sync: Pick<SyncDeps, 'store' | 'layout' | 'files' | 'paths' | 'self' | 'leaving'>,
  id: LogId,
): Answer<LogDifference> {
  const log = parseLogId(id);
  if (!log.ok) return log;
  const { machine, path } = log.value;
  if (machine !== sync.self.uuid)
    return fail('usage', `${path} belongs to another machine.`, 'Compare it on its machine.');
  const stored = await sync.store.get(sync.layout.log(machine, path), { limit: INDEXED_BYTES });
  if (!stored.ok) return stored;
  if (stored.value === null)
    return fail('not-found', `${path} has no backup.`, 'Run `session-log sync --push`.');
  const backup = await sync.leaving(stored.value.bytes);
  if (!backup.ok) return backup;
  const here = await sync.files.readHead(`${sync.paths.sessionLogs}/${path}`, INDEXED_BYTES);
  if (!here.ok) return here;
  const { before, after } = lineDifference(
    decodeLog(backup.value),
    decodeLog(here.value ?? new Uint8Array()),
  );
  return ok({ inBackup: passageOf(before), here: passageOf(after) });
}

function passageOf(lines: readonly string[]): OnlyInOne {
  const text = lines.slice(0, LINES).join('\n').slice(0, CHARACTERS);
  return { lines: lines.length, text, more: text.length < lines.join('\n').length };
}
