import type { AppError } from '../../../shared/app-error.ts';
import { mapOk, type Result } from '../../../shared/result.ts';
import { readMarks } from '../pending/marks-file.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** Ids of the sessions with logs forgotten on this machine: automatic runs do not recreate them. */
export async function forgottenSessions(
  sync: Pick<SyncDeps, 'files' | 'paths'>,
): Promise<Result<ReadonlySet<string>, AppError>> {
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
