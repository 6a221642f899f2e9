import { isTemporaryLog, TEMPORARY_AGE_MS } from '../../../shared/domain/temporary-name.ts';
import { inFolder, parentOf } from '../files/folder-path.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';

/**
 * Removes killed saves' temporary files beside a log just saved, once they are a day old. Best effort.
 * @param file the log, absolute
 */
export async function dropLeftParts(
  { files, clock }: { readonly files: Files; readonly clock: Clock },
  file: string,
): Promise<void> {
  const folder = parentOf(file);
  const names = folder === null ? null : await files.names(folder);
  if (folder === null || !names?.ok) return;
  for (const name of names.value) {
    if (!isTemporaryLog(name)) continue;
    const left = inFolder(folder, name);
    const facts = await files.stat(left);
    if (!facts.ok || facts.value?.kind !== 'file') continue;
    if (clock.now() - facts.value.mtimeMs > TEMPORARY_AGE_MS) await files.remove(left);
  }
}
