import type { AppError } from '../../../shared/app-error.ts';
import { shortHash } from '../../../shared/domain/short-hash.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { parsePlace, placeName, type CopyPlace } from './copy-place.ts';

/** What this machine remembers of a session's copy in the store. */
export interface CopyRow {
  readonly place: CopyPlace;
  /** Pieces up to this number are in the store, or were left out of it because a newer version holds more. */
  readonly through: number;
  /** Bytes of those in the store. */
  readonly bytes: number;
  /** How long `copy.jsonl` was when all that it names was in the store, in bytes; 0 while something is missing. */
  readonly record: number;
}

/**
 * Which copies are in the store, so that a push with nothing new asks nobody and a list says where a session is safe. A journal in `state/`,
 * one for each store, tenant and machine, one line for each step of a session. Never the truth: when it is lost, a listing tells the same.
 */
export interface CopiesLedger {
  /** By {@link placeName}. */
  readonly rows: ReadonlyMap<string, CopyRow>;
  record(row: CopyRow): void;
  /** Writes what was recorded. Cheap when there is nothing. */
  flush(): Promise<Result<void, AppError>>;
}

/** Where the ledger of this store, tenant and machine is. */
export function copiesLedgerPath({
  paths,
  store,
  layout,
  self,
}: Pick<SyncDeps, 'store' | 'layout' | 'self'> & { readonly paths: { readonly state: string } }): string {
  return `${paths.state}/copies-${shortHash(`${store.url}\n${layout.tenant}\n${self.uuid}`)}.jsonl`;
}

const LINE = /^([^\t]+)\t(\d{1,12})\t(\d{1,15})\t(\d{1,12})$/;
/** Lines that tell nothing any more, before the file is written anew. */
const SLACK = 256;

/** Opens a ledger; lines that cannot be understood are passed over, which costs a look at the store. */
export async function openCopiesLedger(files: Files, path: string): Promise<Result<CopiesLedger, AppError>> {
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
  // A torn tail must not swallow the first line we add.
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

/** True when the store has all that a copy holds. @param size of its `copy.jsonl`, bytes */
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
