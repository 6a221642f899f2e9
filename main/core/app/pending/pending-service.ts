import { type AppError, fail, type Answer } from '../../../../shared/app-error.ts';
import type { Result } from '../../../../shared/result.ts';
import { listNews, markLooked } from '../../news/list-news.ts';
import type { Reader } from '../../notes/reader.ts';
import { listPending, markTasks } from '../../pending/pending-tasks.ts';
import { findReader } from '../../workflows/find-reader.ts';
import type { AppCore } from '../app-core.ts';
import type { PendingService } from '../app-service.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';

export interface PendingServiceParts {
  readonly present: PresentCore;
  readonly bus: Bus;
}

/** Open tasks and news for this machine's reader. The search room keeps the texts current. */
export function createPendingService({ present, bus }: PendingServiceParts): PendingService {
  const withReader = <T>(run: (core: AppCore, reader: Reader) => Answer<T>): Answer<T> =>
    present.use(async (core) => {
      const { sync, settings, systemUser, paths } = core;
      const reader = await findReader({ files: sync.files, settings, systemUser }, paths.home);
      return reader.ok ? run(core, reader.value) : reader;
    });
  const marking = <T>(run: (core: AppCore, reader: Reader) => Answer<T>): Answer<T> =>
    withReader(async (core, reader) => {
      const marked = await run(core, reader);
      if (!marked.ok) return busyAsIo(marked);
      void bus.emit('marks.changed', null);
      return marked;
    });
  return {
    list: (input) => withReader((core, reader) => listPending(core.search, reader, input)),
    mark: ({ tasks, state }) =>
      marking(({ sync, paths }, reader) => markTasks({ ...sync, paths }, reader, tasks, state)),
    news: () =>
      withReader(({ sync, search, paths }, reader) =>
        listNews(
          { sync, search: search.search, notes: { files: sync.files, clock: sync.clock, paths } },
          reader,
        ),
      ),
    looked: (look) => marking(({ sync, paths }, reader) => markLooked({ ...sync, paths }, reader, look)),
  };
}

/** The lock is held for milliseconds; ten seconds mean a disk fault, not a deferral. */
function busyAsIo(failed: Result<never, AppError>): Result<never, AppError> {
  if (failed.ok || failed.error.code !== 'lock-held') return failed;
  return fail('io', 'The marks are in use by another program and were not changed.', 'Try again.', {
    transient: true,
  });
}
