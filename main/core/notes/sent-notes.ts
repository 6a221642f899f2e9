import type { AppError } from '../../../shared/app-error.ts';
import type { NoteRow } from '../../../shared/domain/log-query.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { LogIndex } from '../ports/log-index.ts';
import { writtenBy, type Reader } from './reader.ts';

/**
 * What a reader wrote to others, with who has read it where and when, newest first. A note that stands in several logs is listed once, with the
 * receipts of all.
 */
export async function sentNotes(
  index: Pick<LogIndex, 'notes'>,
  author: Reader,
): Promise<Result<readonly NoteRow[], AppError>> {
  const rows = await index.notes();
  if (!rows.ok) return rows;
  const sent = new Map<string, NoteRow>();
  for (const row of rows.value) {
    if (!writtenBy(row.from, author)) continue;
    const before = sent.get(row.hash);
    const key = (receipt: NoteRow['receipts'][number]): string => `${receipt.machine} ${receipt.reader}`;
    const receipts = new Map(
      [...(before?.receipts ?? []), ...row.receipts].map((receipt) => [key(receipt), receipt]),
    );
    sent.set(row.hash, {
      ...(before ?? row),
      receipts: [...receipts.values()].toSorted((a, b) => a.at - b.at),
    });
  }
  return ok([...sent.values()]);
}
