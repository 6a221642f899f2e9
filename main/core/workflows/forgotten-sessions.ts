import type { Answer } from '../../../shared/app-error.ts';
import { mapOk } from '../../../shared/result.ts';
import { readMarks } from '../pending/marks-file.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** Ids of the sessions with logs forgotten on this machine: automatic runs do not recreate them. */
export async function forgottenSessions(
  sync: Pick<SyncDeps, 'files' | 'paths'>,
): Answer<ReadonlySet<string>> {
  return mapOk(
    await readMarks(sync),
    (marks) =>
      new Set(
        marks.flatMap((mark) =>
          mark.kind === 'forget' && mark.what === 'log' && mark.session !== undefined ? [mark.session] : [],
        ),
      ),
  );
}
