import { appError, type AppError, fail } from '../../../shared/app-error.ts';
import type { LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { factsOfObject } from '../store/stored-facts.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** A downloaded log: the store's facts, and its digest as verified. */
export interface Landed {
  readonly info: ObjectInfo;
  readonly sha256: string;
  readonly size: number;
}

/**
 * Downloads one log to a file: checksum of the object, digest of the log, and only then the rename.
 * @param target absolute path of the file to create or replace
 * @param expected digest in the index, with its generation; a newer generation is verified by its own metadata
 * @returns `not-found` when the store does not have it; `corrupt` when a digest does not match (nothing was written)
 */
export async function downloadLog(
  deps: Pick<SyncDeps, 'store' | 'files' | 'layout' | 'bytes'>,
  log: { readonly machine: MachineUuid; readonly path: LogPath },
  target: string,
  expected: { readonly sha256: string; readonly size: number; readonly generation: string } | null,
  mode: number,
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<Landed, AppError>> {
  const download = await deps.store.getStream(deps.layout.log(log.machine, log.path), {
    signal: options.signal,
  });
  if (!download.ok) return download;
  if (download.value === null) {
    return fail(
      'not-found',
      `${log.path} of machine ${log.machine} is listed, but the store does not have it.`,
      'Run `session-log sync --index`; if it stays so, run `session-log sync --full` on that machine.',
    );
  }
  const { info, chunks, done } = download.value;
  const digest = deps.bytes.sha256Stream();
  let size = 0;
  const digested = async function* (): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      digest.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  let sha256 = '';
  const commit = async (): Promise<Result<void, AppError>> => {
    const arrived = await done;
    if (!arrived.ok) return arrived;
    sha256 = digest.hex();
    const facts = factsOfObject(info);
    // What a member sealed or proved verifies itself, but so does each earlier one of that name. Logs grow: a shorter one was restored by
    // somebody.
    const isProved = info.metadata['codec'] === 'age' || info.metadata['facts'] !== undefined;
    if (isProved && expected !== null && size < expected.size) return err(putBack(log));
    const wanted =
      expected !== null && expected.generation === info.generation ? expected.sha256 : facts.sha256;
    if (wanted === null || wanted === sha256) return ok(undefined);
    return fail(
      'corrupt',
      `${log.path} of machine ${log.machine} is not what its index says (SHA-256 differs). It was not kept.`,
      'Run `session-log verify`; on the machine that wrote it `session-log sync --full` stores it again.',
    );
  };
  const written = await deps.files.replaceFrom(target, digested(), commit, { mode });
  if (!written.ok) return written;
  return ok({ info, sha256, size });
}

function putBack({ machine, path }: { readonly machine: MachineUuid; readonly path: LogPath }): AppError {
  return appError(
    'corrupt',
    `The store has an earlier version of ${path} of machine ${machine} than its index says. It was not kept.`,
    'Run `session-log sync --index` and pull it again; if it stays so, run `session-log sync --full` on that machine.',
  );
}
