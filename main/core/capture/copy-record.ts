import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { parseJson } from '../../../shared/json.ts';
import { inFolder } from '../files/folder-path.ts';
import type { Files } from '../ports/files.ts';
import type { TranscriptFile } from '../ports/transcript-source.ts';
import { RECORD } from './copy-place.ts';

/** One piece of a session's file, as recorded in `copy.jsonl` beside the pieces. */
export interface CopiedPiece {
  /** The file's name from its source: relative to the root, `/`-separated. */
  readonly file: string;
  /** The file name of the pieces before this one, if the agent has moved the file since. */
  readonly was?: string | undefined;
  /** Its root, absolute. */
  readonly root: string;
  /** From its source, see `TranscriptFile`. */
  readonly role: TranscriptFile['role'];
  readonly subagent: string | null;
  /** Increments when the file was truncated or replaced: earlier copies stay unchanged. From 0. */
  readonly version: number;
  /** Bytes of this version when it was copied: until they are complete, the version before it is the copy. Absent for the first version. */
  readonly whole?: number | undefined;
  /** Offset in the file, and length. */
  readonly from: number;
  readonly length: number;
  /** Of those bytes, hex. */
  readonly sha256: string;
  /** Digests of the first and last bytes of the file up to this piece's end, see `EDGE`. */
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

/** Two million pieces; a larger file is not ours. */
const RECORD_BYTES = 512 * 1024 * 1024;

/** Reads all pieces of a session's copy in order of creation; skips lines torn by a crash. */
export async function readCopy(files: Files, folder: string): Answer<readonly CopiedPiece[]> {
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

/** Records a durable piece. The leading line break separates it from a torn line. */
export function recordPiece(files: Files, folder: string, piece: CopiedPiece): Answer<void> {
  const line = new TextEncoder().encode(`\n${JSON.stringify(piece)}\n`);
  return files.append(inFolder(folder, RECORD), line, { sync: true });
}

type Pieces = [CopiedPiece, ...CopiedPiece[]];

/** A copy's content for one file. */
export interface CopiedFile extends Pick<CopiedPiece, 'role' | 'subagent'> {
  readonly file: string;
  /** Its last root, absolute. */
  readonly root: string;
  readonly version: number;
  /** Bytes of the file. */
  readonly size: number;
  /** In order, without gaps. */
  readonly pieces: readonly [CopiedPiece, ...CopiedPiece[]];
  /** Parts of a newer version whose copying was interrupted; null for none. */
  readonly begun: Omit<CopiedFile, 'begun'> | null;
}

/** Finds the newest whole version of each file in a copy. Ignores pieces that do not follow the one before. */
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

/** The next piece's name. A written but unrecorded piece is overwritten. */
export function nextPieceName(pieces: readonly CopiedPiece[]): string {
  const last = pieces.reduce((most, { piece }) => Math.max(most, Number.parseInt(piece, 10)), 0);
  return `${String(last + 1).padStart(6, '0')}.gz`;
}
