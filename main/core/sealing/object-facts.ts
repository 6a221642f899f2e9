import * as v from 'valibot';
import type { Bytes } from '../ports/bytes.ts';

/** Facts sealed beside an object's bytes, so that two objects cannot be swapped and nobody outside sees what a digest would reveal. */
export interface ObjectFacts {
  readonly name: string;
  /** Of the bytes before sealing. */
  readonly sha256: string;
  readonly size: number;
  /** The engine's metadata of the object. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The sealed object itself: bytes and CRC32C (base64). Only in the facts beside the object, since it cannot contain them. */
  readonly stored?: { readonly size: number; readonly crc32c: string } | undefined;
}

const schema = v.object({
  name: v.string(),
  sha256: v.string(),
  size: v.number(),
  metadata: v.record(v.string(), v.string()),
  stored: v.optional(v.object({ size: v.number(), crc32c: v.string() })),
});

/** Encrypts facts; only members can read and make them. */
export function lockFacts(bytes: Pick<Bytes, 'lock'>, factsKey: string, facts: ObjectFacts): string {
  return bytes.lock(factsKey, JSON.stringify(facts));
}

/** Decrypts {@link lockFacts}; null if no member made it. */
export function unlockFacts(
  bytes: Pick<Bytes, 'unlock'>,
  factsKey: string,
  text: string,
): ObjectFacts | null {
  const json = bytes.unlock(factsKey, text);
  if (json === null) return null;
  try {
    const parsed = v.safeParse(schema, JSON.parse(json));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** A version kept beside a log was copied inside the store, with the log's name in it. */
export function isNameOf(facts: Pick<ObjectFacts, 'name'>, object: string): boolean {
  return (
    object === facts.name ||
    /^\.gen-\d+$/.test(object.startsWith(facts.name) ? object.slice(facts.name.length) : '')
  );
}
