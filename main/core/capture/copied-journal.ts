import * as v from 'valibot';
import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { MIB, peekState, stateObject, writeState } from '../files/state-file.ts';
import type { Files } from '../ports/files.ts';
import { parsePlace, placeName, type CopyPlace } from './copy-place.ts';

/**
 * `transcripts/copied.txt`: a line for each time that a session is copied, so that a push with a hundred thousand sessions looks at those alone.
 * Without it, or when it is shorter than it was, a push looks at all of them.
 */
function journalPath(transcripts: string): string {
  return inFolder(transcripts, 'copied.txt');
}

/** To be called before anything of a copy is changed: a line too many costs a look. */
export function noteCopied(
  files: Pick<Files, 'append'>,
  transcripts: string,
  place: CopyPlace,
): Promise<Result<void, AppError>> {
  return files.append(journalPath(transcripts), new TextEncoder().encode(`${placeName(place)}\n`));
}

/** How journal and ledger were when the store had every copy of this disk. */
const SETTLED = {
  schema: stateObject({ journal: v.number(), ledger: v.number(), inStore: v.number() }),
  maxBytes: MIB,
};

/** What may have changed since the store had every copy. */
export interface CopiedSince {
  readonly inStore: number;
  readonly places: readonly CopyPlace[];
}

/** Lines of so many bytes are read; more than that is a look at everything. */
const MOST_READ = 8 * MIB;

/** @param ledger the file of the ledger @returns null when nobody knows: everything has to be looked at */
export async function copiedSince(
  files: Files,
  transcripts: string,
  ledger: string,
): Promise<Result<CopiedSince | null, AppError>> {
  const settled = await peekState(files, settledPath(ledger), SETTLED);
  if (!settled.ok || settled.value === null) return ok(null);
  const sizes = await sizesOf(files, transcripts, ledger);
  if (!sizes.ok) return sizes;
  const { journal, inStore } = settled.value;
  const grown = sizes.value.journal - journal;
  if (settled.value.ledger !== sizes.value.ledger || grown < 0 || grown > MOST_READ) return ok(null);
  if (grown === 0) return ok({ inStore, places: [] });
  const bytes = await files.readRange(journalPath(transcripts), journal, grown);
  if (!bytes.ok) return bytes;
  const names = new Set(new TextDecoder().decode(bytes.value ?? new Uint8Array()).split('\n'));
  return ok({ inStore, places: [...names].flatMap((name) => parsePlace(name) ?? []) });
}

/** Keeps that the store has every copy of this disk. @param journal its size before the copies were looked at, from {@link journalSize} */
export async function keepSettled(
  files: Files,
  transcripts: string,
  ledger: string,
  { journal, inStore }: { readonly journal: number; readonly inStore: number },
): Promise<Result<void, AppError>> {
  const sizes = await sizesOf(files, transcripts, ledger);
  if (!sizes.ok) return sizes;
  return writeState(files, settledPath(ledger), { schema: 1, journal, ledger: sizes.value.ledger, inStore });
}

/** How long the journal is, in bytes. */
export async function journalSize(files: Files, transcripts: string): Promise<Result<number, AppError>> {
  const facts = await files.stat(journalPath(transcripts));
  return facts.ok ? ok(facts.value?.size ?? 0) : facts;
}

async function sizesOf(
  files: Files,
  transcripts: string,
  ledger: string,
): Promise<Result<{ readonly journal: number; readonly ledger: number }, AppError>> {
  const journal = await journalSize(files, transcripts);
  if (!journal.ok) return journal;
  const facts = await files.stat(ledger);
  return facts.ok ? ok({ journal: journal.value, ledger: facts.value?.size ?? 0 }) : facts;
}

function settledPath(ledger: string): string {
  return ledger.replace(/\.jsonl$/, '.settled');
}
