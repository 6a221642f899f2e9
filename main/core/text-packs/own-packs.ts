import * as v from 'valibot';
import type { AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { TextPackRef } from '../../../shared/domain/log-entry.ts';
import { shortHash } from '../../../shared/domain/short-hash.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { MIB, readState, stateObject, writeState } from '../files/state-file.ts';
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
  /** The log's digest, and the `seq` of the pack with its newest text; 0 for a log in none, because it is no text. */
  logs: Map<LogPath, readonly [sha256: string, seq: number]>;
  /** The `seq` of the last pack. */
  seq: number;
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
    logs: v.record(v.string(), v.tuple([v.string(), count])),
  }),
};

type Deps = Pick<SyncDeps, 'files' | 'paths' | 'store' | 'layout' | 'self' | 'logger'>;

/** @returns null when missing or unreadable */
export async function readOwnPacks(deps: Deps): Promise<Result<OwnPacks | null, AppError>> {
  const read = await readState(deps.files, fileOf(deps), FORMAT, deps.logger);
  if (!read.ok || read.value === null) return read as Result<null, AppError>;
  const { packs, retired, free, logs, seq } = read.value;
  return ok({
    packs: packs as unknown as OwnPack[],
    retired,
    free,
    logs: new Map(Object.entries(logs)) as unknown as OwnPacks['logs'],
    seq,
  });
}

/** Stores what is published. What was not stored is found by its object, and rewritten. */
export async function keepOwnPacks(deps: Deps, own: OwnPacks): Promise<Result<void, AppError>> {
  return await writeState(deps.files, fileOf(deps), {
    schema: 1,
    ...own,
    logs: Object.fromEntries(own.logs),
  });
}

/** See {@link ShardTexts.restored}. */
export async function renewGenerations(
  deps: Deps,
  generations: ReadonlyMap<string, string>,
): Promise<Result<void, AppError>> {
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
