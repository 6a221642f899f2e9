import type { Answer } from '../../../shared/app-error.ts';
import type { NoteRow } from '../../../shared/domain/log-query.ts';
import { ok } from '../../../shared/result.ts';
import type { LogIndex } from '../ports/log-index.ts';
import { freeHash, wordsOf } from './same-note.ts';
import { writtenBy, type Reader } from './reader.ts';

/**
 * Lists what a reader wrote to others, with who has read it where and when, newest first. A note in several logs is listed once, with all
 * receipts; other words with its hash are listed separately.
 * @param sha256 over the UTF-8 form, lower-case hexadecimal
 */
export async function sentNotes(
  index: Pick<LogIndex, 'notes'>,
  author: Reader,
  sha256: (text: string) => string,
): Answer<readonly NoteRow[]> {
  const rows = await index.notes();
  if (!rows.ok) return rows;
  const sent = new Map<string, NoteRow>();
  const taken = new Set<string>();
  for (const row of rows.value) {
    if (!writtenBy(row.from, author)) continue;
    const words = wordsOf(row, row.hash);
    const before = sent.get(words);
    const hash = before?.hash ?? freeHash(row.hash, row.machine, taken, sha256);
    taken.add(hash);
    const key = (receipt: NoteRow['receipts'][number]): string => `${receipt.machine} ${receipt.reader}`;
    const receipts = new Map(
      [...(before?.receipts ?? []), ...row.receipts].map((receipt) => [key(receipt), receipt]),
    );
    sent.set(words, {
      ...(before ?? row),
      hash,
      receipts: [...receipts.values()].toSorted((a, b) => a.at - b.at),
    });
  }
  return ok([...sent.values()]);
}
