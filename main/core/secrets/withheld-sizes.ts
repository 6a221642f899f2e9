import * as v from 'valibot';
import { parseJson } from '../../../shared/json.ts';
import { takeTurns } from '../concurrency/take-turns.ts';
import type { Files, FoundFile } from '../ports/files.ts';

/** Facts about a log with withheld values. */
export interface WithheldSize {
  /** Of the file. */
  readonly size: number;
  /** Whole epoch milliseconds. */
  readonly mtime: number;
  /** Bytes as pushed. */
  readonly leaves: number;
  /** SHA-256 as pushed. */
  readonly sha256: string;
  /** Whether the values are kept. */
  readonly isKept: boolean;
}

/**
 * Logs whose pushed size differs from the local one, so that a scan of the folder need not read them. A journal in `state/`; if it is lost,
 * those logs are read once more. Several processes may append.
 */
export interface WithheldSizes {
  of(file: string): Promise<WithheldSize | undefined>;
  /** @param size null when nothing is withheld */
  note(file: string, size: WithheldSize | null): Promise<void>;
  /** A folder's files with their pushed sizes. */
  asTheyLeave(folder: string, found: readonly FoundFile[]): Promise<readonly FoundFile[]>;
}

const line = v.tuple([
  v.string(),
  v.nullable(v.tuple([v.number(), v.number(), v.number(), v.string(), v.boolean()])),
]);
/** Obsolete lines allowed before the journal is rewritten. */
const SLACK = 500;

/** The journal as it was read, or added to, last. */
interface Journal {
  /** Size and time of the file. */
  at: { readonly size: number; readonly mtimeMs: number } | null;
  readonly sizes: Map<string, WithheldSize>;
  lines: number;
}

/** @param journal absolute path of the journal */
export function createWithheldSizes(files: Files, journal: string): WithheldSizes {
  let known: Journal | null = null;
  const inTurn = takeTurns(1);
  const stat = async (): Promise<Journal['at']> => {
    const facts = await files.stat(journal);
    return facts.ok && facts.value !== null ? facts.value : null;
  };
  const load = async (): Promise<Journal> => {
    const at = await stat();
    if (known !== null && known.at?.size === at?.size && known.at?.mtimeMs === at?.mtimeMs) return known;
    const content = at === null ? null : await files.read(journal);
    return (known = { at, ...readJournal(content?.ok ? content.value : null) });
  };
  return {
    of: async (file) => (await load()).sizes.get(file),
    // One after another: what was added by nobody else need not be read again.
    note: async (file, size) => {
      // What another process added since only counts while the file is as it was then.
      if (size === null && known !== null && !known.sizes.has(file)) return;
      await inTurn(async () => {
        const before = await load();
        if (same(before.sizes.get(file), size)) return;
        if (size === null) before.sizes.delete(file);
        else before.sizes.set(file, size);
        before.lines++;
        const isLong = before.lines > 2 * before.sizes.size + SLACK;
        const text = isLong
          ? [...before.sizes].map(([name, one]) => lineOf(name, one))
          : [lineOf(file, size)];
        const bytes = new TextEncoder().encode(text.join(''));
        // A failed write only costs time.
        const written = await (isLong ? files.replace(journal, bytes) : files.append(journal, bytes));
        const expected = bytes.length + (isLong ? 0 : (before.at?.size ?? 0));
        if (isLong) before.lines = text.length;
        const after = await stat();
        if (written.ok && after?.size === expected) before.at = after;
        else known = null;
      });
    },
    asTheyLeave: async (folder, found) => {
      const { sizes } = await load();
      if (sizes.size === 0) return found;
      return found.map((file) => {
        const one = sizes.get(`${folder}/${file.path}`);
        if (one?.size !== file.size || one.mtime !== Math.floor(file.mtimeMs)) return file;
        return { ...file, size: one.leaves };
      });
    },
  };
}

function readJournal(content: Uint8Array | null): Omit<Journal, 'at'> {
  const sizes = new Map<string, WithheldSize>();
  let lines = 0;
  for (const one of new TextDecoder().decode(content ?? new Uint8Array()).split('\n')) {
    const parsed = v.safeParse(line, parseJson(one));
    if (!parsed.success) continue;
    lines++;
    const [file, facts] = parsed.output;
    if (facts === null) sizes.delete(file);
    else {
      const [size, mtime, leaves, sha256, isKept] = facts;
      sizes.set(file, { size, mtime, leaves, sha256, isKept });
    }
  }
  return { sizes, lines };
}

function lineOf(file: string, one: WithheldSize | null): string {
  return `${JSON.stringify([file, one && [one.size, one.mtime, one.leaves, one.sha256, one.isKept]])}\n`;
}

function same(known: WithheldSize | undefined, size: WithheldSize | null): boolean {
  if (known === undefined || size === null) return known === undefined && size === null;
  return lineOf('', known) === lineOf('', size);
}
