import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import { TEXT_PACK_NAME } from '../store/layout.ts';
import type { CheckedTexts, RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { listPages } from '../store/list-pages.ts';
import { keepOwnPacks, readOwnPacks, seqOf, type OwnPack, type OwnPacks } from './own-packs.ts';
import { SEALING_ROOM } from './pack-limits.ts';

type Deps = Pick<SyncDeps, 'files' | 'paths' | 'store' | 'layout' | 'self' | 'bytes' | 'logger'>;
type Options = Pick<RunOptions, 'signal'>;

const READ_AT_ONCE = 4;

/** Objects among this machine's packs. */
export interface ListedPacks {
  /** By name, as in a head. */
  readonly packs: ReadonlyMap<string, ObjectInfo>;
  /** Objects not from our program. */
  readonly foreign: readonly string[];
}

/** Lists this machine's stored packs, page by page. */
export async function listOwnPacks(
  deps: Pick<SyncDeps, 'store' | 'layout' | 'self'>,
  { signal }: Options,
): Answer<ListedPacks> {
  const prefix = deps.layout.texts(deps.self.uuid);
  const packs = new Map<string, ObjectInfo>();
  const foreign: string[] = [];
  for await (const page of listPages(deps.store, prefix, { signal })) {
    if (!page.ok) return page;
    for (const info of page.value) {
      const name = info.name.slice(prefix.length);
      if (TEXT_PACK_NAME.test(name)) packs.set(name, info);
      else foreign.push(info.name);
    }
  }
  return ok({ packs, foreign });
}

/**
 * Checks that this machine's packs are stored as published.
 * @param options `repair`: forgets the others, so that the next push rewrites them, and rechecks logs that were no text;
 * `deep`: reads the bytes, which a folder needs, since it only reports what was recorded
 */
export async function checkOwnPacks(
  deps: Deps,
  options: Options & { readonly repair?: boolean; readonly deep?: boolean },
): Answer<CheckedTexts> {
  const read = await readOwnPacks(deps);
  if (!read.ok) return read;
  if (read.value === null) return ok({ packs: 0, damaged: [] });
  const own = read.value;
  const listed = await listOwnPacks(deps, options);
  if (!listed.ok) return listed;
  const damaged: OwnPack[] = [];
  let stop: AppError | null = null;
  await runLimited(own.packs, READ_AT_ONCE, options.signal, async (pack) => {
    const info = listed.value.packs.get(pack.name);
    const isSame = info?.generation === pack.generation;
    const whole = isSame && options.deep ? await isWhole(deps, pack, options) : ok(isSame);
    if (!whole.ok) stop ??= whole.error;
    else if (!whole.value) damaged.push(pack);
    return whole.ok;
  });
  if (stop !== null) return { ok: false, error: stop };
  const checked = { packs: own.packs.length, damaged: damaged.map(({ name }) => name).sort() };
  if (!options.repair) return ok(checked);
  const changed = forget(own, damaged, listed.value.packs);
  const kept = changed ? await keepOwnPacks(deps, own) : ok(undefined);
  return kept.ok ? ok(checked) : kept;
}

async function isWhole(deps: Deps, pack: OwnPack, { signal }: Options): Answer<boolean> {
  const found = await deps.store.get(deps.layout.textPack(deps.self.uuid, pack.name), {
    limit: pack.size + SEALING_ROOM,
    signal,
  });
  if (!found.ok) return found.error.code === 'corrupt' ? ok(false) : found;
  if (found.value === null) return ok(false);
  return ok(deps.bytes.sha256(found.value.bytes) === pack.sha256);
}

/** @returns whether anything changed */
function forget(
  own: OwnPacks,
  damaged: readonly OwnPack[],
  listed: ReadonlyMap<string, ObjectInfo>,
): boolean {
  const seqs = new Set(damaged.map(({ seq }) => seq));
  own.packs = own.packs.filter(({ seq }) => !seqs.has(seq));
  const known = new Set([...own.packs, ...own.retired, ...own.free].map(({ name }) => name));
  // Damaged ones, and remains of a killed run: the head may still name them.
  const loose = [...listed].filter(([name]) => !known.has(name));
  own.retired.push(
    ...loose.map(([name, { generation, size }]) => ({ name, generation, isEmpty: size === 0 })),
  );
  let changed = seqs.size > 0 || loose.length > 0;
  for (const [path, packed] of own.logs) {
    const seq = seqOf(packed);
    if (seq !== 0 && !seqs.has(seq)) continue;
    own.logs.delete(path);
    changed = true;
  }
  return changed;
}
