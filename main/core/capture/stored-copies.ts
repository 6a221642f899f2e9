import * as v from 'valibot';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { parseJson } from '../../../shared/json.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { factsOfObject, logMetadata } from '../store/stored-facts.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { listPages } from '../store/list-pages.ts';
import { parsePlace, placeName, type CopyPlace } from './copy-place.ts';
import { pieceSchema, type CopiedPiece } from './copy-record.ts';
import { PIECE_BYTES } from './safe-copy.ts';

/** A stored piece. */
export interface StoredPiece {
  /** As in `copy.jsonl` when it was pushed. */
  readonly record: CopiedPiece;
  readonly info: ObjectInfo;
  /** True when the stored bytes differ from the pushed ones. */
  readonly isDamaged: boolean;
}

/** The stored content of one session. */
export interface StoredSession {
  readonly place: CopyPlace;
  /** In the order of their numbers. */
  readonly pieces: readonly StoredPiece[];
}

type Deps = Pick<SyncDeps, 'store' | 'layout' | 'self'>;

/** `000012.gz`, or `000012-2.gz` if that number has another piece: from a data folder restored from a backup. */
const PIECE_NAME = /^(\d{6,12})(?:-([1-9]))?\.gz$/;
/** More than a piece of random bytes takes. */
const PACKED_LIMIT = PIECE_BYTES + 64 * 1024;

/** The number of a piece, which orders them. */
export function numberOf({ piece }: Pick<CopiedPiece, 'piece'>): number {
  return Number.parseInt(piece, 10);
}

/** A stored piece's name. @param twin counts from 0 where other pieces have the name */
export function objectOf({ layout, self }: Deps, place: CopyPlace, piece: string, twin: number): string {
  const name = twin === 0 ? piece : piece.replace(/\.gz$/, `-${twin}.gz`);
  return `${layout.copies(self.uuid)}${placeName(place)}/${name}`;
}

/**
 * A piece's metadata: its line of `copy.jsonl`, so that a machine that lost that knows what the piece is.
 * @returns null when it does not fit beside an object
 */
export function pieceMetadata(
  record: CopiedPiece,
  packed: { readonly size: number; readonly crc32c: number; readonly sha256: string },
  writer: string,
  now: number,
): Readonly<Record<string, string>> | null {
  const line = JSON.stringify(record).replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (line.length > MOST_RECORD) return null;
  return { ...logMetadata({ ...packed, mtime: now }, writer), piece: line };
}

/** Metadata is 8 KiB at most, and sealed a third longer. */
const MOST_RECORD = 5_000;

/** Parses an object. @returns null for one not from our program */
function readPiece(info: ObjectInfo, name: string): StoredPiece | null {
  const match = PIECE_NAME.exec(name);
  const record = v.safeParse(pieceSchema, parseJson(info.metadata['piece'] ?? ''));
  if (match === null || !record.success) return null;
  const { piece, length, stored } = record.output;
  if (piece !== `${match[1]}.gz` || length > PIECE_BYTES || stored > PACKED_LIMIT) return null;
  const facts = factsOfObject(info);
  return { record: record.output, info, isDamaged: facts.damaged || facts.size !== stored };
}

/** A listed object that is no piece. */
export interface Strange {
  readonly name: string;
}

/**
 * Lists this machine's stored sessions, one after another, so that memory does not grow with them.
 * @param below only sessions whose place begins with this
 */
export async function* storedSessions(
  deps: Deps,
  below: string,
  { signal }: Pick<RunOptions, 'signal'>,
): AsyncGenerator<Result<StoredSession | Strange, AppError>> {
  const prefix = deps.layout.copies(deps.self.uuid);
  let open: { name: string; place: CopyPlace; pieces: StoredPiece[] } | null = null;
  for await (const page of listPages(deps.store, `${prefix}${below}`, { signal })) {
    if (!page.ok) {
      yield page;
      return;
    }
    for (const info of page.value) {
      const path = info.name.slice(prefix.length);
      const name = path.slice(0, path.lastIndexOf('/'));
      const place = parsePlace(name);
      const piece = readPiece(info, path.slice(name.length + 1));
      if (place === null || piece === null) {
        yield ok({ name: info.name });
        continue;
      }
      if (open !== null && open.name !== name) {
        yield ok({ place: open.place, pieces: open.pieces });
        open = null;
      }
      open ??= { name, place, pieces: [] };
      open.pieces.push(piece);
    }
  }
  if (open !== null) yield ok({ place: open.place, pieces: open.pieces });
}

/** Lists a session's stored pieces. */
export async function storedPieces(
  deps: Deps,
  place: CopyPlace,
  options: Pick<RunOptions, 'signal'>,
): Answer<readonly StoredPiece[]> {
  const pieces: StoredPiece[] = [];
  for await (const found of storedSessions(deps, `${placeName(place)}/`, options)) {
    if (!found.ok) return found;
    if ('pieces' in found.value) pieces.push(...found.value.pieces);
  }
  return ok(pieces);
}

/** The stored piece with the same bytes of the same file; intact ones before damaged ones. */
export function sameIn(stored: readonly StoredPiece[], piece: CopiedPiece): StoredPiece | undefined {
  const same = stored.filter(
    ({ record }) =>
      record.sha256 === piece.sha256 &&
      record.from === piece.from &&
      record.version === piece.version &&
      record.file === piece.file,
  );
  return same.find(({ isDamaged }) => !isDamaged) ?? same[0];
}
