import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { CallOptions, ListPage, ObjectInfo, ObjectStore } from '../ports/object-store.ts';

/** Lists objects page by page; a failure is the last. */
export async function* listPages(
  store: Pick<ObjectStore, 'list'>,
  prefix: string,
  options: CallOptions = {},
): AsyncGenerator<Result<readonly ObjectInfo[], AppError>> {
  let pageToken: string | undefined;
  do {
    const page: Result<ListPage, AppError> = await store.list(prefix, { ...options, pageToken });
    yield page.ok ? ok(page.value.objects) : page;
    if (!page.ok) return;
    pageToken = page.value.nextPageToken;
  } while (pageToken !== undefined);
}
