import { appError, type AppError } from '../../../shared/app-error.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Files } from '../ports/files.ts';
import { inFolder } from '../files/folder-path.ts';

export interface KeepDeps {
  readonly files: Files;
  readonly bytes: Pick<Bytes, 'sha256'>;
  /** Folder of such texts, absolute. */
  readonly folder: string;
}

/**
 * Keeps the text of a failed save, so that a long log need not be written again, and adds its path to the failure. Named by content:
 * repeating the same failing save keeps one copy.
 * @param text the bytes as they came
 * @returns the failure, with `details.keptAt`; if that could not be written either, `details.keptAt` is null and the caller must show the
 * text itself
 */
export async function keepText(deps: KeepDeps, text: Uint8Array, failure: AppError): Promise<AppError> {
  const path = inFolder(deps.folder, `${deps.bytes.sha256(text).slice(0, 16)}.md`);
  const kept = await deps.files.create(path, text);
  const keptAt = kept.ok ? path : null;
  const where = kept.ok
    ? ` Your text is kept in ${path}; save it with --file.`
    : ' Your text could not be kept on disk either; it follows on standard error.';
  return appError(failure.code, failure.message, failure.remedy + where, {
    transient: failure.transient,
    ...(failure.action === undefined ? {} : { action: failure.action }),
    details: { ...failure.details, keptAt },
  });
}
