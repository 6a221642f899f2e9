import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { addMarks, readMarks } from '../pending/marks-file.ts';
import type { StoreBase } from './store-base.ts';

/**
 * Shares what a person marked as no secret among their machines: marks made here go out with the next push, and those made on others are
 * imported. Only digests travel; who can compute one has the value already. The end of a run that pulled the index. Best effort: a failure
 * here is retried by the next run, and fails none.
 */
export async function shareNotSecrets(base: StoreBase): Promise<void> {
  const done = await share(base);
  if (!done.ok) base.sync.logger.warn('what is no secret could not be shared', { code: done.error.code });
}

async function share({ sync, paths, settings, systemUser, secrets }: StoreBase): Answer<void> {
  const person = settings.author.user === '' ? systemUser : settings.author.user;
  if (secrets === undefined || person === '') return ok(undefined);
  const [known, others, own] = await Promise.all([
    secrets.notSecrets.digests(),
    sync.index.marks(),
    readMarks(sync),
  ]);
  if (!others.ok) return others;
  if (!own.ok) return own;
  const theirs = others.value.flatMap((mark) =>
    mark.kind === 'harmless' && mark.reader === person && !known.has(mark.digest) ? [mark.digest] : [],
  );
  for (const digest of new Set(theirs)) {
    const marked = await secrets.notSecrets.mark(digest, false);
    if (!marked.ok) return marked;
  }
  const told = new Set(own.value.flatMap((mark) => (mark.kind === 'harmless' ? [mark.digest] : [])));
  const fresh = [...known].filter((digest) => !told.has(digest));
  if (fresh.length === 0) return ok(undefined);
  const { files, locks, clock } = sync;
  const deps = { files, locks, clock, paths: { marks: sync.paths.marks, notesLock: paths.notesLock } };
  const at = clock.now();
  return await addMarks(
    deps,
    fresh.map((digest) => ({ kind: 'harmless', reader: person, at, digest })),
  );
}
