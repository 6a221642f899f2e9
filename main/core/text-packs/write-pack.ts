import { joinBytes } from '../../../shared/join-bytes.ts';
import { fail, type Answer } from '../../../shared/app-error.ts';
import type { CalendarDate, LogPath } from '../../../shared/domain/ids.ts';
import { SEARCHABLE_BYTES, searchableText } from '../../../shared/domain/searchable-text.ts';
import { ok } from '../../../shared/result.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { inMemory } from '../store/in-memory.ts';
import type { OwnText, RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { PLAIN } from '../store/stored-facts.ts';
import type { FreeName, OwnPack } from './own-packs.ts';
import { packHeader, packLine } from './pack-format.ts';

export type WriteDeps = Pick<SyncDeps, 'files' | 'paths' | 'store' | 'layout' | 'self' | 'bytes'>;

/** A hundredth larger than with zlib's default, in two thirds of its time. */
const PACKING = 5;

/** One log's part of a pack. */
export interface PackedLog {
  readonly path: LogPath;
  /** Of the bytes read: the file may have grown since its push. */
  readonly sha256: string;
  readonly date: CalendarDate;
  /** Null for non-text, or more than a pack takes. */
  readonly line: Uint8Array | null;
}

/** @returns null when unreadable now: the next push retries */
export async function packLog(deps: WriteDeps, log: OwnText): Promise<PackedLog | null> {
  const file = `${deps.paths.sessionLogs}/${log.path}`;
  const read = await deps.files.readHead(file, SEARCHABLE_BYTES, { leaves: log.sha256 });
  if (!read.ok || read.value === null) return null;
  const bytes = read.value;
  const isWhole = bytes.length < SEARCHABLE_BYTES;
  const { path, date } = log;
  const sha256 = isWhole ? await digestOf(deps, log, bytes) : log.sha256;
  const found = searchableText(bytes, isWhole ? bytes.length : Math.max(log.size, bytes.length));
  const line = found === null ? null : packLine({ path, sha256, date, ...found });
  return { path, sha256, date, line };
}

/** The digest of the bytes read; the log's own if only labels differ. */
async function digestOf({ files, paths, bytes }: WriteDeps, log: OwnText, read: Uint8Array): Promise<string> {
  const digest = bytes.sha256(read);
  if (digest === log.sha256) return digest;
  const facts = await files.stat(`${paths.sessionLogs}/${log.path}`);
  return facts.ok && facts.value?.size === log.size ? log.sha256 : digest;
}

/** A pack in the making. It is compressed while its next logs are read, so that it is never in memory as text. */
export interface BegunPack {
  /** Bytes of the lines so far. */
  readonly text: number;
  /** Everything added, also what has no line. */
  readonly logs: readonly (Pick<PackedLog, 'path' | 'sha256'> & { readonly isText: boolean })[];
  /** The days of the logs with a line. */
  readonly days: readonly CalendarDate[];
  add(log: PackedLog): void;
  /** Compresses what was added. @returns when what was added before is compressed */
  compress(): Promise<void>;
  /** @returns the whole pack, compressed */
  close(): Promise<Uint8Array>;
}

/** Begins a pack of this machine. */
export function beginPack({ self, bytes }: Pick<WriteDeps, 'self' | 'bytes'>): BegunPack {
  const header = packHeader(self.uuid);
  let lines = [header];
  let text = header.length;
  const logs: BegunPack['logs'][number][] = [];
  const days: CalendarDate[] = [];
  const zip = bytes.gzipParts(PACKING);
  let compressing = Promise.resolve();
  const compress = async (): Promise<void> => {
    await compressing;
    if (lines.length > 0) compressing = zip.add(joinBytes(lines));
    lines = [];
  };
  return {
    get text() {
      return text;
    },
    logs,
    days,
    add: ({ path, sha256, date, line }) => {
      logs.push({ path, sha256, isText: line !== null });
      if (line === null) return;
      days.push(date);
      lines.push(line);
      text += line.length;
    },
    compress,
    close: async () => {
      await compress();
      await compressing;
      return await zip.end();
    },
  };
}

/**
 * Uploads one pack.
 * @param name a free name; its old object is overwritten
 * @param facts the pack's facts besides its bytes
 */
export async function writePack(
  deps: WriteDeps,
  name: FreeName,
  pack: BegunPack,
  facts: Pick<OwnPack, 'seq' | 'stretch' | 'merged'>,
  options: Pick<RunOptions, 'signal'>,
): Answer<OwnPack> {
  const packed = await pack.close();
  const sha256 = deps.bytes.sha256(packed);
  const written = await writeOver(deps, name, packed, options);
  if (!written.ok) return written;
  const days = pack.days.toSorted();
  return ok({
    name: name.name,
    from: days[0] as CalendarDate,
    to: days.at(-1) as CalendarDate,
    logs: days.length,
    size: packed.length,
    text: pack.text,
    sha256,
    ...facts,
    generation: written.value.generation,
  });
}

/** A run may have died between a write and recording it, so the object may be unknown to us: no head names it. */
const ROUNDS = 4;

/** Writes one of our objects that no head names. */
export async function writeOver(
  deps: WriteDeps,
  { name, generation }: FreeName,
  bytes: Uint8Array,
  { signal }: Pick<RunOptions, 'signal'>,
): Answer<ObjectInfo> {
  const options = { signal };
  const object = deps.layout.textPack(deps.self.uuid, name);
  let expect = generation;
  for (let round = 0; round < ROUNDS; round++) {
    const put = await deps.store.put(object, inMemory(bytes), {
      ...options,
      ifGenerationMatch: expect,
      contentType: 'application/gzip',
      metadata: { schema: '1', codec: PLAIN, writer: deps.self.nonce },
    });
    if (put.ok || put.error.code !== 'precondition') return put;
    const live = await deps.store.head(object, options);
    if (!live.ok) return live;
    expect = live.value?.generation ?? '0';
  }
  return fail(
    'precondition',
    'The text of this machine\u2019s logs keeps changing in the store.',
    'Run `session-log doctor`; another program writes this machine\u2019s part of the index.',
  );
}
