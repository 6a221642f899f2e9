import * as v from 'valibot';
import type { Files, FoundFile } from '../ports/files.ts';

/** What is known of a log from which values are withheld. */
export interface WithheldSize {
  /** Of the file. */
  readonly size: number;
  /** Epoch milliseconds, whole. */
  readonly mtime: number;
  /** Bytes of what leaves. */
  readonly leaves: number;
  /** SHA-256 of what leaves. */
  readonly sha256: string;
  /** True when the values are kept. */
  readonly isKept: boolean;
}

/**
 * Which logs leave with another size than they have here, so that a look at the folder need not read them. A journal in `state/`; when it is
 * lost, those logs are read once more. Several processes may add to it.
 */
export interface WithheldSizes {
  of(file: string): Promise<WithheldSize | undefined>;
  /** @param size null when nothing is withheld any more */
  note(file: string, size: WithheldSize | null): Promise<void>;
  /** The files of a folder with the size of what leaves. */
  asTheyLeave(folder: string, found: readonly FoundFile[]): Promise<readonly FoundFile[]>;
}

const line = v.tuple([
  v.string(),
  v.nullable(v.tuple([v.number(), v.number(), v.number(), v.string(), v.boolean()])),
]);
/** Lines that may be of no use before the journal is written anew. */
const SLACK = 500;

/** @param journal absolute path of the journal */
export function createWithheldSizes(files: Files, journal: string): WithheldSizes {
  let read: { readonly at: string; readonly sizes: Map<string, WithheldSize>; lines: number } | null = null;
  const load = async (): Promise<NonNullable<typeof read>> => {
    const facts = await files.stat(journal);
    const at = facts.ok && facts.value !== null ? `${facts.value.size} ${facts.value.mtimeMs}` : '';
    if (read?.at === at) return read;
    const content = at === '' ? null : await files.read(journal);
    const text = content?.ok && content.value ? new TextDecoder().decode(content.value) : '';
    const sizes = new Map<string, WithheldSize>();
    let lines = 0;
    for (const one of text.split('\n')) {
      const parsed = v.safeParse(line, jsonOf(one));
      if (!parsed.success) continue;
      lines++;
      const [file, facts_] = parsed.output;
      if (facts_ === null) sizes.delete(file);
      else {
        const [size, mtime, leaves, sha256, isKept] = facts_;
        sizes.set(file, { size, mtime, leaves, sha256, isKept });
      }
    }
    return (read = { at, sizes, lines });
  };
  return {
    of: async (file) => (await load()).sizes.get(file),
    note: async (file, size) => {
      // Nothing is withheld of nearly all logs: whether that is news is told by what the last look at the folder read.
      if (size === null && read !== null && !read.sizes.has(file)) return;
      const { sizes, lines } = await load();
      if (same(sizes.get(file), size)) return;
      if (size === null) sizes.delete(file);
      else sizes.set(file, size);
      // That it cannot be written costs time alone.
      if (lines > 2 * sizes.size + SLACK)
        await files.replace(journal, bytesOf([...sizes].map(([name, one]) => lineOf(name, one))));
      else await files.append(journal, bytesOf([lineOf(file, size)]));
    },
    asTheyLeave: async (folder, found) => {
      const { sizes } = await load();
      if (sizes.size === 0) return found;
      return found.map((file) => {
        const known = sizes.get(`${folder}/${file.path}`);
        if (known?.size !== file.size || known.mtime !== Math.floor(file.mtimeMs)) return file;
        return { ...file, size: known.leaves };
      });
    },
  };
}

function lineOf(file: string, one: WithheldSize | null): string {
  return `${JSON.stringify([file, one && [one.size, one.mtime, one.leaves, one.sha256, one.isKept]])}\n`;
}

function bytesOf(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.join(''));
}

function same(known: WithheldSize | undefined, size: WithheldSize | null): boolean {
  if (known === undefined || size === null) return known === undefined && size === null;
  return lineOf('', known) === lineOf('', size);
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
