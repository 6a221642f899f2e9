import { createLineReader, type ReadLine } from '../reading/line-reader.ts';
import { readFile } from '../reading/read-file.ts';
import { fields, text } from '../reading/values.ts';

/** Enough of a subagent's file for its first line to name the session. */
const HEAD = 1 << 20;

/**
 * Determines the session of a subagent file beside the sessions, where older versions put it: only its first line names it. Read once per
 * file and cached, because that line never changes.
 */
export function createOlderSubagents(): (path: string, size: number) => Promise<string | null> {
  const known = new Map<string, string | null>();
  return async (path, size) => {
    const before = known.get(path);
    if (before !== undefined || size === 0) return before ?? null;
    const session = await sessionOf(path);
    known.set(path, session);
    return session;
  };
}

async function sessionOf(path: string): Promise<string | null> {
  let found: string | null = null;
  let read = 0;
  const reader = createLineReader(0);
  const take = ({ value }: ReadLine): void => {
    found ??= text(fields(value)['sessionId']);
  };
  try {
    for await (const bytes of readFile(path)) {
      reader.push(bytes, take);
      read += bytes.length;
      if (found !== null || read > HEAD) return found;
    }
  } catch {
    return null;
  }
  reader.end(take);
  return found;
}
