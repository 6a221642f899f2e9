import { join } from 'node:path';

import { err, ok } from '../../../shared/result.ts';
import type { Result } from '../../../shared/result.ts';
import { attempt } from './lock-fs.ts';
import type { FsFailure } from './lock-fs.ts';
import type { LockSite } from './lock-site.ts';
import { formatOwnerNote } from './owner-note.ts';
import { formatRecordName } from './record-name.ts';

/** T: a folder beside the lock that already contains our record, ready to be renamed to the lock's name. */
export interface SideFolder {
  readonly path: string;
  /** Our record's name, which is our token. */
  readonly record: string;
}

const TRIES = 3;

/**
 * Step A0: a fresh generation in a side folder. No fsync: after a power cut the boot id differs, so whatever survives
 * is dead.
 */
export async function makeSideFolder(
  site: LockSite,
  command: string,
): Promise<Result<SideFolder, FsFailure>> {
  const { fs, nonce, clock, hostname, who } = site.deps;
  const note = formatOwnerNote({ host: hostname, pid: site.self.pid, since: clock.wall(), command, who });
  let failure: FsFailure = { code: 'EEXIST', message: 'no free name' };
  for (let n = 0; n < TRIES; n++) {
    const fresh = nonce();
    const side: SideFolder = {
      path: join(site.folder, `${site.sidePrefix}${fresh}`),
      record: formatRecordName(site.self, fresh),
    };
    const made = await attempt(fs.mkdir(side.path));
    const written = made.ok ? await attempt(fs.writeNew(join(side.path, side.record), note)) : made;
    if (written.ok) return ok(side);
    failure = written.error;
    if (made.ok) await dropSideFolder(site, side);
    // EEXIST: the first reply was lost on a network. ENOENT after a good mkdir: somebody swept the folder. Neither
    // name was ever in the lock, so another try with a new one is as good as the first.
    const again = failure.code === 'EEXIST' || (made.ok && failure.code === 'ENOENT');
    if (!again) break;
  }
  return err(failure);
}

/** Removes our own side folder; what cannot be removed is litter that a later holder sweeps. */
export async function dropSideFolder(site: LockSite, side: SideFolder): Promise<void> {
  await attempt(site.deps.fs.unlink(join(side.path, side.record)));
  await attempt(site.deps.fs.rmdir(side.path));
}
