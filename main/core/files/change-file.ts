import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';

const ATTEMPTS = 5;

/**
 * Changes a file of the workspace without losing anybody's words: reads it, makes the new content, checks that the file still holds what
 * was read, replaces it as a whole. Against other saves the caller holds the save lock; the check is for editors, which take no locks.
 * @param mode permission bits when the file does not exist yet; an existing file keeps its own
 * @param change returns the new content, null for nothing to do; called again when the file changed meanwhile
 * @returns true when something was written; `attention` when the file changes at every attempt
 */
export async function changeFile(
  files: Files,
  path: string,
  mode: number,
  change: (existing: Uint8Array | null) => Uint8Array | null,
): Answer<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await files.read(path);
    if (!before.ok) return before;
    const bytes = change(before.value);
    if (bytes === null) return ok(false);
    if (before.value === null) {
      const made = await files.create(path, bytes, { mode });
      if (!made.ok) return made;
      if (made.value === 'created') return ok(true);
      continue;
    }
    const facts = await files.stat(path);
    if (!facts.ok) return facts;
    const again = await files.read(path);
    if (!again.ok) return again;
    if (!sameBytes(before.value, again.value)) continue;
    const kept = facts.value === null ? mode : facts.value.mode & 0o777;
    const replaced = await files.replace(path, bytes, { mode: kept });
    return replaced.ok ? ok(true) : replaced;
  }
  return fail(
    'attention',
    `${path} keeps being changed by another program.`,
    'Close the program that writes it and repeat.',
    { transient: true, details: { path } },
  );
}

/** Compares as text of one byte per character, which is many times faster than a cold loop over bytes. */
export function sameBytes(one: Uint8Array, other: Uint8Array | null): boolean {
  if (other === null || one.length !== other.length) return false;
  const latin1 = new TextDecoder('latin1');
  return latin1.decode(one) === latin1.decode(other);
}
