import type { FileFacts, Files, FoundFile } from '../ports/files.ts';

/** Precedes the fingerprint, as one line of JSON. */
interface Head {
  readonly schema: 1;
  /** The ledger that knew all of it, by its {@link ledgerMark}. */
  readonly ledger: string;
}

const NEWLINE = 0x0a;

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
export async function readSettled(files: Files, ledger: string, mark: string): Promise<Uint8Array | null> {
  const content = await files.read(settledFile(ledger));
  if (!content.ok || content.value === null) return null;
  const start = content.value.indexOf(NEWLINE) + 1;
  const head = readHead(content.value.subarray(0, start));
  return head?.ledger === mark ? content.value.subarray(start) : null;
}

/**
 * Records that the ledger with this mark knows every log of the folder. A failed write only costs time.
 * @param fingerprint taken before the folder was compared with the ledger
 */
export async function keepSettled(
  files: Files,
  ledger: string,
  mark: string,
  fingerprint: Uint8Array,
): Promise<void> {
  const head = new TextEncoder().encode(`${JSON.stringify({ schema: 1, ledger: mark } satisfies Head)}\n`);
  const content = new Uint8Array(head.length + fingerprint.length);
  content.set(head);
  content.set(fingerprint, head.length);
  await files.replace(settledFile(ledger), content);
}

/** Makes a fingerprint of a scan that found only logs. */
export function fingerprintOf(found: readonly FoundFile[]): Uint8Array {
  let text = '';
  for (const { path, size, mtimeMs } of found) text += `${path}\0${size}\0${mtimeMs}\0`;
  return new TextEncoder().encode(text);
}

/** Compares as texts, which is immediate; a cold byte loop takes ten times as long in a program just started. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
  return a.length === b.length && text(a) === text(b);
}

function settledFile(ledger: string): string {
  return ledger.replace(/\.jsonl$/, '.settled');
}

function describe({ ino, size, mtimeMs }: FileFacts): string {
  return `${ino} ${size} ${mtimeMs}`;
}

function readHead(line: Uint8Array): Head | null {
  try {
    const head = JSON.parse(new TextDecoder().decode(line)) as Head | null;
    return head?.schema === 1 ? head : null;
  } catch {
    return null;
  }
}
