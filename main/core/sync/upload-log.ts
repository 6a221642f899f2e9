import { type AppError, fail } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { ByteSourceChanged } from '../ports/byte-source.ts';
import type { Measured } from '../ports/files.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { claimPartition } from './claim-partition.ts';
import { describeLog, type DescribeDeps } from '../logs/describe-log.ts';
import { healing, relate } from './inspect-changes.ts';
import { ledgerRow, type LedgerRow } from '../ledger/ledger.ts';
import { ofOwnFile } from './own-file-error.ts';
import type { PushOperation } from './plan-push.ts';
import { factsOfObject, logMetadata, type StoredFacts } from '../store/stored-facts.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

type Upload = Extract<PushOperation, { kind: 'upload' }>;

export type UploadOutcome =
  | { readonly kind: 'stored'; readonly row: LedgerRow; readonly sent: number; readonly kept: string | null }
  /** The file vanished after the scan. */
  | { readonly kind: 'vanished' }
  /** The stored version proved longer. */
  | { readonly kind: 'cut'; readonly stored: StoredFacts };

/** A precondition may fail once for a reply lost long ago, once for our own other process; more means another writer. */
const ROUNDS = 4;

/** Uploads one log under its precondition. A failed precondition means "unknown": look, compare, and decide again by what is there. */
export async function uploadLog(
  deps: SyncDeps,
  operation: Upload,
  options: RunOptions,
): Promise<Result<UploadOutcome, AppError>> {
  let next: Upload = operation;
  let beside: string | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const measured = await deps.files.measure(`${deps.paths.sessionLogs}/${next.path}`, {
      signal: options.signal,
    });
    if (!measured.ok) return err(ofOwnFile(measured.error));
    if (measured.value === null) return ok({ kind: 'vanished' });
    const kept = await keepStored(deps, next, options);
    if (kept.ok) beside = kept.value ?? beside;
    const written = kept.ok ? await putLog(deps, next, measured.value, options) : kept;
    if (written.ok)
      return ok({
        kind: 'stored',
        row: await rowOf(deps, next.path, measured.value, written.value),
        sent: measured.value.size,
        kept: beside,
      });
    if (written.error.code !== 'precondition') return written;

    const claim = await claimPartition(deps, options.signal);
    if (!claim.ok) return claim;
    const again = await decideAgain(deps, next, options);
    if (!again.ok) return again;
    if (again.value.kind !== 'upload') return ok(again.value);
    next = again.value;
  }
  return fail(
    'precondition',
    `${next.path} keeps changing in the store while it is pushed.`,
    'Run `session-log doctor`; another program writes this machine\u2019s partition.',
  );
}

/** Reads the store's state and plans this log again. */
async function decideAgain(
  deps: SyncDeps,
  upload: Upload,
  options: RunOptions,
): Promise<Result<UploadOutcome | Upload, AppError>> {
  const info = await deps.store.head(deps.layout.log(deps.self.uuid, upload.path), {
    signal: options.signal,
  });
  if (!info.ok) return info;
  if (info.value === null) return ok({ ...upload, reason: 'new', expect: '0', stored: null });
  const stored = factsOfObject(info.value);
  const now = await relate(deps, upload.path, stored, options);
  if (!now.ok) return now;
  const { measured } = now.value;
  const relation = healing(now.value.relation, stored.damaged);
  if (relation === 'vanished' || measured === null) return ok({ kind: 'vanished' });
  if (relation === 'same')
    return ok({
      kind: 'stored',
      row: await rowOf(deps, upload.path, measured, info.value),
      sent: 0,
      kept: null,
    });
  if (relation === 'cut' && upload.reason !== 'forced') return ok({ kind: 'cut', stored });
  return ok({
    ...upload,
    reason: relation === 'cut' ? 'forced' : relation,
    expect: stored.generation,
    stored,
  });
}

/** Before an edited log replaces the stored one, or a good one a damaged one, keeps the stored one beside it by a copy inside the store. */
async function keepStored(
  deps: SyncDeps,
  upload: Upload,
  options: RunOptions,
): Promise<Result<string | null, AppError>> {
  if (upload.reason === 'new' || upload.reason === 'grown') return ok(null);
  const path = upload.reason === 'renamed' ? (upload.instead?.path ?? upload.path) : upload.path;
  const name = deps.layout.log(deps.self.uuid, path);
  const target = deps.layout.kept(deps.self.uuid, path, upload.expect);
  const copied = await deps.store.copy({ name, generation: upload.expect }, target, {
    ifGenerationMatch: '0',
    signal: options.signal,
  });
  if (copied.ok) return ok(target);
  // A store that verifies copies cannot copy bytes with a wrong checksum; everything that should be there is here.
  if (upload.reason === 'damaged' && copied.error.code === 'corrupt') return ok(null);
  // The generation is no longer live: the same answer as a precondition on the write itself.
  return copied.error.code === 'not-found' ? err({ ...copied.error, code: 'precondition' }) : copied;
}

async function putLog(
  deps: SyncDeps,
  upload: Upload,
  measured: Measured,
  options: RunOptions,
): Promise<Result<ObjectInfo, AppError>> {
  const facts = {
    size: measured.size,
    crc32c: measured.crc32c,
    sha256: measured.sha256,
    mtime: Math.floor(measured.mtimeMs),
  };
  try {
    return await deps.store.put(deps.layout.log(deps.self.uuid, upload.path), measured.source, {
      ifGenerationMatch: upload.expect,
      contentType: 'text/markdown; charset=utf-8',
      metadata: logMetadata(facts, deps.self.nonce),
      signal: options.signal,
    });
  } catch (thrown) {
    if (!(thrown instanceof ByteSourceChanged)) throw thrown;
    return fail(
      'io',
      `${upload.path} was cut or replaced while it was read.`,
      'It is pushed by the next sync.',
      { transient: true },
    );
  }
}

/** The ledger row for a log whose bytes match `info`. */
export async function rowOf(
  deps: DescribeDeps,
  path: LogPath,
  measured: Measured,
  info: ObjectInfo,
): Promise<LedgerRow> {
  const entry = await describeLog(deps, path, measured, {
    size: info.size,
    crc32c: info.crc32c,
    generation: info.generation,
  });
  return ledgerRow(entry, measured.crc32c);
}
