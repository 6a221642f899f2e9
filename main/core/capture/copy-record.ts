import * as v from 'valibot';
import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import type { Files } from '../ports/files.ts';
import type { TranscriptFile } from '../ports/transcript-source.ts';
import { RECORD } from './copy-place.ts';

/** One piece of a file of a session, as `copy.jsonl` beside the pieces records it. */
export interface CopiedPiece {
  /** Name of the file as its source gives it: relative to the root, `/`-separated. */
  readonly file: string;
  /** The name under which the pieces before this one were recorded, when the agent has moved the file since. */
  readonly was?: string | undefined;
  /** The root it lay under, absolute. */
  readonly root: string;
  /** As its source says, see `TranscriptFile`. */
  readonly role: TranscriptFile['role'];
  readonly subagent: string | null;
  /** Counts up when the file was cut or replaced: what was copied before stays as it is. From 0. */
  readonly version: number;
  /** Bytes that this version had when it was copied: until they are there, the version before it is the copy. Of the first version not written. */
  readonly whole?: number | undefined;
  /** First byte of the file that the piece holds, and how many. */
  readonly from: number;
  readonly length: number;
  /** Of those bytes, hex. */
  readonly sha256: string;
  /** Digests of the first and the last bytes of the file up to the end of this piece, see `EDGE`. */
  readonly head: string;
  readonly tail: string;
  /** File name of the piece, and its size in bytes. */
  readonly piece: string;
  readonly stored: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const fileName = v.pipe(v.string(), v.maxLength(4_096));
export const pieceSchema = v.object({
  file: fileName,
  was: v.optional(fileName),
  root: v.pipe(v.string(), v.maxLength(4_096)),
  role: v.picklist(['main', 'subagent', 'facts', 'sidecar', 'history']),
  subagent: v.nullable(v.pipe(v.string(), v.maxLength(300))),
  version: count,
  whole: v.optional(count),
  from: count,
  length: count,
  sha256: digest,
  head: digest,
  tail: digest,
  piece: v.pipe(v.string(), v.regex(/^\d{6,}\.gz$/)),
  stored: count,
});

/** Two million pieces; a larger file is none of ours. */
const RECORD_BYTES = 512 * 1024 * 1024;

/** All pieces of a session's copy in the order in which they were made; a line that a crash has torn is passed over. */
export async function readCopy(
  files: Files,
  folder: string,
): Promise<Result<readonly CopiedPiece[], AppError>> {
  const bytes = await files.readHead(inFolder(folder, RECORD), RECORD_BYTES);
  if (!bytes.ok) return bytes;
  const pieces: CopiedPiece[] = [];
  for (const line of new TextDecoder().decode(bytes.value ?? new Uint8Array()).split('\n')) {
    if (line === '') continue;
    const parsed = v.safeParse(pieceSchema, parseJson(line));
    if (parsed.success) pieces.push(parsed.output);
  }
  return ok(pieces);
}

/** Records a piece that is safe on the disk. The line break in front keeps it apart from a line that was torn. */
export function recordPiece(
  files: Files,
  folder: string,
  piece: CopiedPiece,
): Promise<Result<void, AppError>> {
  const line = new TextEncoder().encode(`\n${JSON.stringify(piece)}\n`);
  return files.append(inFolder(folder, RECORD), line, { sync: true });
}

type Pieces = [CopiedPiece, ...CopiedPiece[]];

/** What a copy holds of one file. */
export interface CopiedFile extends Pick<CopiedPiece, 'role' | 'subagent'> {
  readonly file: string;
  /** The root it lay under last, absolute. */
  readonly root: string;
  readonly version: number;
  /** Bytes of the file. */
  readonly size: number;
  /** In order, without a gap. */
  readonly pieces: readonly [CopiedPiece, ...CopiedPiece[]];
  /** What there is of a newer version whose copying was cut short; null for none. */
  readonly begun: Omit<CopiedFile, 'begun'> | null;
}

/** The newest whole version of each file of a copy. A piece that does not follow on the one before it is not part of any. */
export function copiedFiles(pieces: readonly CopiedPiece[]): readonly CopiedFile[] {
  const files = new Map<string, { readonly held: Pieces | null; readonly begun: Pieces | null }>();
  for (const piece of pieces) {
    const { held, begun } = files.get(piece.was ?? piece.file) ?? { held: null, begun: null };
    const newest = begun ?? held;
    const last = newest?.at(-1);
    const follows = last?.version === piece.version && last.from + last.length === piece.from;
    if (piece.was !== undefined) files.delete(piece.was);
    if (newest !== null && follows) newest.push(piece);
    else if (piece.from > 0 || piece.version <= (last?.version ?? -1)) continue;
    const now: Pieces = newest !== null && follows ? newest : [piece];
    const isWhole = held === null || now === held || piece.from + piece.length >= (piece.whole ?? 0);
    files.set(piece.file, isWhole ? { held: now, begun: null } : { held, begun: now });
  }
  return [...files.values()].flatMap(({ held, begun }) =>
    held === null ? [] : { ...copiedFile(held), begun: begun === null ? null : copiedFile(begun) },
  );
}

function copiedFile(pieces: Pieces): Omit<CopiedFile, 'begun'> {
  const { file, root, role, subagent, version, from, length } = pieces.at(-1) ?? pieces[0];
  return { file, root, role, subagent, version, size: from + length, pieces };
}

/** The name of the next piece. A piece that was written and not recorded is written over. */
export function nextPieceName(pieces: readonly CopiedPiece[]): string {
  const last = pieces.reduce((most, { piece }) => Math.max(most, Number.parseInt(piece, 10)), 0);
  return `${String(last + 1).padStart(6, '0')}.gz`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
