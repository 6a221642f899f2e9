import * as v from 'valibot';
import type { Files } from '../../ports/files.ts';

/** Far more than a person ever has; the oldest are forgotten first. */
const REMEMBERED = 500;
const MOST_BYTES = 1024 * 1024;

/** A problem that was announced: who reports it, and in which words. */
export interface AnnouncedProblem {
  readonly source: string;
  readonly message: string;
}

const schema = v.object({
  problems: v.record(v.string(), v.object({ source: v.string(), message: v.string() })),
});

/** Reads which problems were announced already; a missing or damaged file is none: at worst one is announced again. */
export async function readAnnounced(
  files: Files,
  path: string,
): Promise<ReadonlyMap<string, AnnouncedProblem>> {
  const read = await files.read(path);
  if (!read.ok || read.value === null || read.value.length > MOST_BYTES) return new Map();
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder().decode(read.value)));
    return new Map(parsed.success ? Object.entries(parsed.output.problems) : []);
  } catch {
    return new Map();
  }
}

/** Keeps which problems were announced. Best effort. */
export async function writeAnnounced(
  files: Files,
  path: string,
  problems: ReadonlyMap<string, AnnouncedProblem>,
): Promise<void> {
  const kept = [...problems].slice(-REMEMBERED);
  const text = JSON.stringify({ schema: 1, problems: Object.fromEntries(kept) });
  await files.replace(path, new TextEncoder().encode(text));
}
