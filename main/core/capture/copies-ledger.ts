import type { Answer } from '../../../shared/app-error.ts';
import { shortHash } from '../../../shared/domain/short-hash.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { parsePlace, placeName, type CopyPlace } from './copy-place.ts';

/** This machine's record of a session's stored copy. */
export interface CopyRow {
  readonly place: CopyPlace;
  /** Pieces up to this number are stored, or were left out because a newer version holds more. */
  readonly through: number;
  /** Bytes of the stored ones. */
  readonly bytes: number;
  /** Size of `copy.jsonl` when everything in it was stored, in bytes; 0 while something is missing. */
  readonly record: number;
}

/**
 * The stored copies, so that a push with nothing new makes no request and a list shows where a session is safe. A journal in `state/`, one
 * per store, tenant and machine, one line per step of a session. Never the truth: if it is lost, a listing tells the same.
 */
export interface CopiesLedger {
  /** By {@link placeName}. */
  readonly rows: ReadonlyMap<string, CopyRow>;
  record(row: CopyRow): void;
  /** Writes new records. Cheap when there are none. */
  flush(): Answer<void>;
}

/** Path of the ledger for this store, tenant and machine. */
export function copiesLedgerPath({
  paths,
  store,
  layout,
  self,
}: Pick<SyncDeps, 'store' | 'layout' | 'self'> & { readonly paths: { readonly state: string } }): string {
  return `${paths.state}/copies-${shortHash(`${store.url}\n${layout.tenant}\n${self.uuid}`)}.jsonl`;
}

const LINE = /^([^\t]+)\t(\d{1,12})\t(\d{1,15})\t(\d{1,12})$/;
/** Obsolete lines allowed before the file is rewritten. */
const SLACK = 256;

/** Opens a ledger; skips invalid lines, which costs a request to the store. */
export async function openCopiesLedger(files: Files, path: string): Answer<CopiesLedger> {
  const content = await files.read(path);
  if (!content.ok) return content;
  const text = content.value === null ? '' : new TextDecoder().decode(content.value);
  const rows = new Map<string, CopyRow>();
  let lines = 0;
  for (const line of text.split('\n')) {
    const row = decode(line);
    if (row === null) continue;
    lines++;
    rows.set(placeName(row.place), row);
  }
  let pending: string[] = [];
  // A torn tail must not swallow the first added line.
  let prefix = text === '' || text.endsWith('\n') ? '' : '\n';
  return ok({
    rows,
    record(row) {
      rows.set(placeName(row.place), row);
      pending.push(encode(row));
      lines++;
    },
    async flush() {
      if (pending.length === 0) return ok(undefined);
      const isLong = lines > 2 * rows.size + SLACK;
      const batch = isLong ? [...rows.values()].map(encode) : pending;
      const bytes = new TextEncoder().encode(`${isLong ? '' : prefix}${batch.join('\n')}\n`);
      const written = isLong
        ? await files.replace(path, bytes)
        : await files.append(path, bytes, { sync: true });
      if (!written.ok) return written;
      pending = [];
      prefix = '';
      if (isLong) lines = rows.size;
      return written;
    },
  });
}

/** Whether the store has a whole copy. @param size of its `copy.jsonl`, bytes */
export function isStored(row: CopyRow | undefined, size: number): boolean {
  return row !== undefined && size > 0 && row.record === size;
}

function encode({ place, through, bytes, record }: CopyRow): string {
  return `${placeName(place)}\t${through}\t${bytes}\t${record}`;
}

function decode(line: string): CopyRow | null {
  const [, name = '', through, bytes, record] = LINE.exec(line) ?? [];
  const place = parsePlace(name);
  if (place === null) return null;
  return { place, through: Number(through), bytes: Number(bytes), record: Number(record) };
}
