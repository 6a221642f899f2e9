import * as v from 'valibot';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { TextPackRef } from '../../../shared/domain/log-entry.ts';
import { shortHash } from '../../../shared/domain/short-hash.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { MIB, readState, stateObject } from '../files/state-file.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** A stored pack of this machine's own logs. */
export interface OwnPack extends TextPackRef {
  readonly generation: string;
  /** Pack number: of two with a log, the higher has the newer text. */
  readonly seq: number;
  /** The day it was made, or the range (`YYYY-MM`) of the packs merged into it. */
  readonly stretch: string;
}

/** One of our objects that no pack uses, now or soon. */
export interface FreeName {
  readonly name: string;
  readonly generation: string;
  readonly isEmpty: boolean;
}

/**
 * What this machine has published of its logs' text. Regenerable: if missing or damaged, all packs are rebuilt. One per store, tenant and
 * machine, like the ledger.
 */
export interface OwnPacks {
  /** Oldest first: what the next head names. */
  packs: OwnPack[];
  /** Replaced, but named by the stored head: unchanged until another head is. */
  retired: FreeName[];
  /** Named by no head any more: to be reused, or emptied. */
  free: FreeName[];
  /** Where each log's newest text is, as {@link packedText}: one short string a log, because there may be tens of thousands. */
  logs: Map<LogPath, string>;
  /** The `seq` of the last pack. */
  seq: number;
}

/** Characters written at a time. */
const PIECE = 64 * 1024;
/** Hexadecimal digits that tell the texts of one log apart. */
const DIGITS = 24;

/**
 * @param seq of the pack; 0 for a log in none, because it is no text
 * @param sha256 of the log
 */
export function packedText(seq: number, sha256: string): string {
  return `${seq} ${sha256.slice(0, DIGITS)}`;
}

/** The `seq` of a {@link packedText}. */
export function seqOf(packed: string): number {
  return Number(packed.slice(0, packed.indexOf(' ')));
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const freeName = v.object({ name: v.string(), generation: v.string(), isEmpty: v.boolean() });
const FORMAT = {
  maxBytes: 64 * MIB,
  schema: stateObject({
    seq: count,
    packs: v.array(
      v.object({
        name: v.string(),
        from: v.string(),
        to: v.string(),
        logs: count,
        size: count,
        text: count,
        sha256: v.string(),
        merged: v.array(v.string()),
        generation: v.string(),
        seq: count,
        stretch: v.string(),
      }),
    ),
    retired: v.array(freeName),
    free: v.array(freeName),
    // Lines of a path, a tab and where its text is; once a record.
    logs: v.union([v.string(), v.record(v.string(), v.tuple([v.string(), count]))]),
  }),
};

type Deps = Pick<SyncDeps, 'files' | 'paths' | 'store' | 'layout' | 'self' | 'logger'>;

/** @returns null when missing or unreadable */
export async function readOwnPacks(deps: Deps): Answer<OwnPacks | null> {
  const read = await readState(deps.files, fileOf(deps), FORMAT, deps.logger);
  if (!read.ok || read.value === null) return read as Result<null, AppError>;
  const { packs, retired, free, logs, seq } = read.value;
  return ok({
    packs: packs as unknown as OwnPack[],
    retired,
    free,
    logs: typeof logs === 'string' ? readLines(logs) : ofRecord(logs),
    seq,
  });
}

/** Stores what is published. What was not stored is found by its object, and rewritten. */
export async function keepOwnPacks(deps: Deps, own: OwnPacks): Answer<void> {
  return await deps.files.replaceFrom(fileOf(deps), written(own), async () => ok(undefined));
}

/** As JSON, in small pieces: that of all logs would be in memory several times, for each pack. */
async function* written({ logs, seq, ...facts }: OwnPacks): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = `${JSON.stringify({ schema: 1, ...facts }).slice(0, -1)},"logs":"`;
  let separator = '';
  for (const [path, packed] of logs) {
    text += JSON.stringify(`${separator}${path}\t${packed}`).slice(1, -1);
    separator = '\n';
    if (text.length < PIECE) continue;
    yield encoder.encode(text);
    text = '';
  }
  yield encoder.encode(`${text}","seq":${seq}}\n`);
}

function readLines(text: string): OwnPacks['logs'] {
  const logs: OwnPacks['logs'] = new Map();
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const tab = text.lastIndexOf('\t', end);
    if (tab > start) logs.set(text.slice(start, tab) as LogPath, text.slice(tab + 1, end));
    start = end + 1;
  }
  return logs;
}

function ofRecord(logs: Readonly<Record<string, readonly [sha256: string, seq: number]>>): OwnPacks['logs'] {
  return new Map(
    Object.entries(logs).map(([path, [sha256, seq]]) => [path as LogPath, packedText(seq, sha256)]),
  );
}

/** See {@link ShardTexts.restored}. */
export async function renewGenerations(deps: Deps, generations: ReadonlyMap<string, string>): Answer<void> {
  const read = await readOwnPacks(deps);
  if (!read.ok || read.value === null) return read.ok ? ok(undefined) : read;
  const renewed = <T extends FreeName | OwnPack>(one: T): T => ({
    ...one,
    generation: generations.get(one.name) ?? one.generation,
  });
  const { packs, retired, free, ...rest } = read.value;
  return await keepOwnPacks(deps, {
    ...rest,
    packs: packs.map(renewed),
    retired: retired.map(renewed),
    free: free.map(renewed),
  });
}

function fileOf({ paths, store, layout, self }: Deps): string {
  return `${paths.state}/text-packs-${shortHash(`${store.url}\n${layout.tenant}\n${self.uuid}`)}.json`;
}
