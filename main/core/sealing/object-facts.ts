import * as v from 'valibot';
import type { Bytes } from '../ports/bytes.ts';

/** What is sealed beside the bytes of an object, so that two objects cannot be exchanged and nobody outside sees what a digest would tell. */
export interface ObjectFacts {
  readonly name: string;
  /** Of the bytes before they were sealed. */
  readonly sha256: string;
  readonly size: number;
  /** What the engine wrote beside the object. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The object itself, sealed: bytes and CRC32C (base64). Only where it stands beside the object, since it cannot be in it. */
  readonly stored?: { readonly size: number; readonly crc32c: string } | undefined;
}

const schema = v.object({
  name: v.string(),
  sha256: v.string(),
  size: v.number(),
  metadata: v.record(v.string(), v.string()),
  stored: v.optional(v.object({ size: v.number(), crc32c: v.string() })),
});

/** Facts as a text that only members can read and make. */
export function lockFacts(bytes: Pick<Bytes, 'lock'>, factsKey: string, facts: ObjectFacts): string {
  return bytes.lock(factsKey, JSON.stringify(facts));
}

/** Undoes {@link lockFacts}; null for what no member made. */
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

/** A version that was kept beside a log was copied inside the store, with the name of the log in it. */
export function isNameOf(facts: Pick<ObjectFacts, 'name'>, object: string): boolean {
  return (
    object === facts.name ||
    /^\.gen-\d+$/.test(object.startsWith(facts.name) ? object.slice(facts.name.length) : '')
  );
}
