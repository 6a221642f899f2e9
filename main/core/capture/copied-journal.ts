import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { MIB, peekState, stateObject, writeState } from '../files/state-file.ts';
import type { Files } from '../ports/files.ts';
import { parsePlace, placeName, type CopyPlace } from './copy-place.ts';

/**
 * `transcripts/copied.txt`: one line per copying of a session, so that a push with a hundred thousand sessions checks only those. If it is
 * missing or has become shorter, a push checks all of them.
 */
function journalPath(transcripts: string): string {
  return inFolder(transcripts, 'copied.txt');
}

/** Call before changing anything in a copy: an extra line costs one check. */
export function noteCopied(
  files: Pick<Files, 'append'>,
  transcripts: string,
  place: CopyPlace,
): Answer<void> {
  return files.append(journalPath(transcripts), new TextEncoder().encode(`${placeName(place)}\n`));
}

/** State of journal and ledger when the store had every copy of this disk. */
const SETTLED = {
  schema: stateObject({ journal: v.number(), ledger: v.number(), inStore: v.number() }),
  maxBytes: MIB,
};

/** Possible changes since the store had every copy. */
export interface CopiedSince {
  readonly inStore: number;
  readonly places: readonly CopyPlace[];
}

/** Most bytes of lines read; beyond that, everything is checked. */
const MOST_READ = 8 * MIB;

/** @param ledger the ledger file @returns null when unknown: everything must be checked */
export async function copiedSince(
  files: Files,
  transcripts: string,
  ledger: string,
): Answer<CopiedSince | null> {
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

/** Records that the store has every copy of this disk. @param journal its size before the copies were checked, from {@link journalSize} */
export async function keepSettled(
  files: Files,
  transcripts: string,
  ledger: string,
  { journal, inStore }: { readonly journal: number; readonly inStore: number },
): Answer<void> {
  const sizes = await sizesOf(files, transcripts, ledger);
  if (!sizes.ok) return sizes;
  return writeState(files, settledPath(ledger), { schema: 1, journal, ledger: sizes.value.ledger, inStore });
}

/** The journal's size, in bytes. */
export async function journalSize(files: Files, transcripts: string): Answer<number> {
  const facts = await files.stat(journalPath(transcripts));
  return facts.ok ? ok(facts.value?.size ?? 0) : facts;
}

async function sizesOf(
  files: Files,
  transcripts: string,
  ledger: string,
): Answer<{ readonly journal: number; readonly ledger: number }> {
  const journal = await journalSize(files, transcripts);
  if (!journal.ok) return journal;
  const facts = await files.stat(ledger);
  return facts.ok ? ok({ journal: journal.value, ledger: facts.value?.size ?? 0 }) : facts;
}

function settledPath(ledger: string): string {
  return ledger.replace(/\.jsonl$/, '.settled');
}
