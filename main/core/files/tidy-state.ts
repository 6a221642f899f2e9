import { TEMPORARY_AGE_MS } from '../../../shared/domain/temporary-name.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { inFolder } from './folder-path.ts';
import { keptAsideSince } from './state-file.ts';

/** How long a damaged state file is kept, milliseconds: enough time to investigate. */
export const KEPT_MS = 30 * 86_400_000;

/**
 * Cleans folders that are ours alone: removes temporary files of killed writers, and damaged state files kept for {@link KEPT_MS}. Best
 * effort: what cannot be removed stays for the next time.
 * @param state `state/`, absolute
 * @param cache copies of other machines' logs, absolute
 */
export async function tidyState(
  { files, clock }: { readonly files: Files; readonly clock: Pick<Clock, 'now'> },
  state: string,
  cache: string,
): Promise<void> {
  for (const folder of [state, cache]) await files.sweepTemporary(folder, TEMPORARY_AGE_MS);
  const names = await files.names(state);
  if (!names.ok) return;
  for (const name of names.value) {
    const changed = keptAsideSince(name);
    if (changed === null) continue;
    const path = inFolder(state, name);
    const facts = await files.stat(path);
    if (!facts.ok || facts.value === null) continue;
    // Renaming keeps a file's time. The first check sets it to now, from which the days count.
    const { mtimeMs } = facts.value;
    if (Math.floor(mtimeMs / 1000) * 1000 === changed) await files.setTime(path, clock.now());
    else if (clock.now() - mtimeMs > KEPT_MS) await files.remove(path);
  }
}
