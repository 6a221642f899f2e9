import * as v from 'valibot';
import { stateObject, peekState, writeState, type StateFormat } from '../files/state-file.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { FileFacts, Files, FoundFile } from '../ports/files.ts';

interface Settled {
  /** The ledger that knew all of the folder, by its {@link ledgerMark}. */
  readonly ledger: string;
  /** The folder, by its {@link fingerprintOf}. */
  readonly folder: string;
}

const SETTLED: StateFormat<Settled> = {
  schema: stateObject({ ledger: v.string(), folder: v.string() }),
  maxBytes: 1024,
};

/** Stamps the ledger's file; take it before reading: another process's write in between makes the next stamp differ. */
export async function ledgerMark(files: Files, ledger: string): Promise<string | null> {
  const facts = await files.stat(ledger);
  return facts.ok && facts.value !== null ? describe(facts.value) : null;
}

/**
 * Reads the folder's fingerprint from when the ledger last knew all of it, so that `status` need not parse ten thousand rows to find that
 * nothing changed. Beside the ledger; regenerable.
 * @param ledger path of the ledger
 * @param mark from {@link ledgerMark}
 * @returns the fingerprint of the folder; null when there is none, or the ledger was written since
 */
export async function readSettled(files: Files, ledger: string, mark: string): Promise<string | null> {
  const settled = await peekState(files, settledFile(ledger), SETTLED);
  return settled.ok && settled.value?.ledger === mark ? settled.value.folder : null;
}

/**
 * Records that the ledger with this mark knows every log of the folder. A failed write only costs time.
 * @param folder {@link fingerprintOf} the folder, taken before it was compared with the ledger
 */
export async function keepSettled(files: Files, ledger: string, mark: string, folder: string): Promise<void> {
  await writeState(files, settledFile(ledger), { schema: 1, ledger: mark, folder });
}

/** Digests the path, size and time of every log of a scan. @returns SHA-256, hexadecimal */
export function fingerprintOf(found: readonly FoundFile[], bytes: Pick<Bytes, 'sha256'>): string {
  const lines = found.map(({ path, size, mtimeMs }) => `${path}\0${size}\0${mtimeMs}`);
  return bytes.sha256(new TextEncoder().encode(lines.join('\0')));
}

function settledFile(ledger: string): string {
  return ledger.replace(/\.jsonl$/, '.settled');
}

function describe({ ino, size, mtimeMs }: FileFacts): string {
  return `${ino} ${size} ${mtimeMs}`;
}
