import { type AppError, stopped, type Answer } from '../../../shared/app-error.ts';
import { shortHash } from '../../../shared/domain/short-hash.ts';
import type { TextPackRef } from '../../../shared/domain/log-entry.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import { localDay } from '../logs/describe-log.ts';
import { TEXT_PACK_NAME } from '../store/layout.ts';
import type { OwnText, PublishedTexts, RunOptions, ShardTexts, SyncDeps } from '../sync/sync-deps.ts';
import { checkOwnPacks, listOwnPacks } from './check-own-packs.ts';
import {
  keepOwnPacks,
  packedText,
  readOwnPacks,
  renewGenerations,
  seqOf,
  type FreeName,
  type OwnPack,
  type OwnPacks,
} from './own-packs.ts';
import { FULL_PACK, MERGED_LIMIT } from './pack-limits.ts';
import { planPacks, type PackGroup } from './plan-packs.ts';
import { beginPack, packLog, writeOver, writePack, type BegunPack } from './write-pack.ts';

export type PublishDeps = Pick<
  SyncDeps,
  'files' | 'paths' | 'store' | 'layout' | 'self' | 'bytes' | 'clock' | 'logger'
>;
type Options = Pick<RunOptions, 'signal' | 'onProgress'>;

/** Logs read from disk at once: with their pack, the memory that publishing takes. */
const READ_AT_ONCE = 8;
const EMPTIED_AT_ONCE = 8;

/** Publishes the text of this machine's logs as packs, and maintains them. */
export function createShardTexts(deps: PublishDeps): ShardTexts {
  return {
    publish: (logs, named, options) => publishTexts(deps, logs, named, options),
    check: (options) => checkOwnPacks(deps, options),
    startOver: (options) => startOver(deps, options),
    emptyRetired: (options) => emptyRetired(deps, options),
    restored: (generations) => renewGenerations(deps, generations),
  };
}

async function publishTexts(
  deps: PublishDeps,
  logs: Iterable<OwnText>,
  named: string | null,
  options: Options,
): Promise<PublishedTexts> {
  const opened = await openOwnPacks(deps, options);
  // Without the record nothing can be named: the next push rebuilds the packs, or finds them.
  if (!opened.ok) return { refs: [], digest: digestOf([]), error: opened.error };
  const own = opened.value;
  if (named === digestOf(own.packs)) {
    own.free.push(...own.retired);
    own.retired = [];
  }
  const groups = planPacks(own, logs, localDay(deps.clock.now()));
  const progress = { done: 0, total: groups.reduce((sum, group) => sum + group.logs.length, 0) };
  let error: AppError | null = null;
  for (const group of groups) {
    const written = await writeGroup(deps, own, group, options, progress);
    if (written.ok) continue;
    error = written.error;
    break;
  }
  if (groups.length > 0 && error === null) error = await emptyFree(deps, own, options);
  if (error !== null) deps.logger.warn('text packs are not complete', { code: error.code });
  return { refs: own.packs.map(refOf), digest: digestOf(own.packs), error };
}

async function startOver(deps: PublishDeps, options: Options): Answer<void> {
  const own = await openOwnPacks(deps, options);
  if (!own.ok) return own;
  retire(own.value, own.value.packs);
  own.value.logs.clear();
  return await keepOwnPacks(deps, own.value);
}

async function emptyRetired(deps: PublishDeps, options: Options): Answer<void> {
  const own = await openOwnPacks(deps, options);
  if (!own.ok) return own;
  own.value.free.push(...own.value.retired);
  own.value.retired = [];
  const failure = await emptyFree(deps, own.value, options);
  return failure === null ? ok(undefined) : err(failure);
}

/** The published state. Without our record, the head may name any object there. */
async function openOwnPacks(deps: PublishDeps, options: Options): Answer<OwnPacks> {
  const own = await readOwnPacks(deps);
  if (!own.ok || own.value !== null) return own as Result<OwnPacks, AppError>;
  const listed = await listOwnPacks(deps, options);
  if (!listed.ok) return listed;
  const retired = [...listed.value.packs].map(([name, { generation, size }]): FreeName => ({
    name,
    generation,
    isEmpty: size === 0,
  }));
  return ok({ packs: [], retired, free: [], logs: new Map(), seq: 0 });
}

/** Writes a group's packs, each recorded once stored: a stopped run resumes after the last one. */
async function writeGroup(
  deps: PublishDeps,
  own: OwnPacks,
  group: PackGroup,
  options: Options,
  progress: { done: number; readonly total: number },
): Answer<void> {
  let part = beginPack(deps);
  const writePart = async (): Answer<void> => {
    const seq = part.days.length > 0 ? await storePart(deps, own, group, part, options) : ok(0);
    if (!seq.ok) return seq;
    for (const { path, sha256, isText } of part.logs)
      own.logs.set(path, packedText(isText ? seq.value : 0, sha256));
    part = beginPack(deps);
    return await keepOwnPacks(deps, own);
  };
  for (let at = 0; at < group.logs.length; at += READ_AT_ONCE) {
    if (options.signal?.aborted) return err(stopped('The push was stopped.'));
    const some = group.logs.slice(at, at + READ_AT_ONCE);
    for (const packed of await Promise.all(some.map((log) => packLog(deps, log)))) {
      progress.done++;
      if (packed === null) continue;
      part.add(packed);
      const written = part.text < FULL_PACK ? ok(undefined) : await writePart();
      if (!written.ok) return written;
    }
    await part.compress();
    options.onProgress?.({ phase: 'publish', ...progress, bytes: 0 });
  }
  const last = part.logs.length > 0 ? await writePart() : ok(undefined);
  if (!last.ok || group.replaces.length === 0) return last;
  retire(own, group.replaces);
  return await keepOwnPacks(deps, own);
}

async function storePart(
  deps: PublishDeps,
  own: OwnPacks,
  group: PackGroup,
  texts: BegunPack,
  options: Options,
): Answer<number> {
  const name = own.free[0] ?? newName(own);
  const seq = own.seq + 1;
  const merged = group.isMerge ? group.replaces.map(({ sha256 }) => sha256) : [];
  const { stretch } = group;
  const facts = { seq, stretch, merged: merged.length > MERGED_LIMIT ? [] : merged };
  const pack = await writePack(deps, name, texts, facts, options);
  if (!pack.ok) return pack;
  own.free = own.free.filter((free) => free !== name);
  own.packs.push(pack.value);
  own.seq = seq;
  return ok(seq);
}

function newName(own: OwnPacks): FreeName {
  const numbers = [...own.packs, ...own.retired, ...own.free].map(({ name }) =>
    Number(TEXT_PACK_NAME.test(name) ? name.slice('pack-'.length).split('.', 1)[0] : 0),
  );
  return {
    name: `pack-${Math.max(0, ...numbers) + 1}.jsonl.gz`,
    generation: '0',
    isEmpty: true,
  };
}

/** Replaced packs go when the next head is stored; logs that were not rewritten are in no pack any more. */
function retire(own: OwnPacks, replaced: readonly OwnPack[]): void {
  const seqs = new Set(replaced.map(({ seq }) => seq));
  own.packs = own.packs.filter(({ seq }) => !seqs.has(seq));
  own.retired.push(...replaced.map(({ name, generation }) => ({ name, generation, isEmpty: false })));
  for (const [path, packed] of own.logs) if (seqs.has(seqOf(packed))) own.logs.delete(path);
}

/**
 * A store has no delete, on purpose. So the next packs reuse what no head names, and the rest of it is emptied.
 * @returns why it could not be
 */
async function emptyFree(deps: PublishDeps, own: OwnPacks, options: Options): Promise<AppError | null> {
  const full = own.free.filter(({ isEmpty }) => !isEmpty);
  if (full.length === 0) return null;
  let failure: AppError | null = null;
  await runLimited(full, EMPTIED_AT_ONCE, options.signal, async (name) => {
    const emptied = await writeOver(deps, name, new Uint8Array(), options);
    if (!emptied.ok) failure ??= emptied.error;
    else
      own.free = own.free.map((free) =>
        free === name ? { name: name.name, generation: emptied.value.generation, isEmpty: true } : free,
      );
    return emptied.ok;
  });
  const kept = await keepOwnPacks(deps, own);
  return failure ?? (kept.ok ? null : kept.error);
}

function refOf({ name, from, to, logs, size, text, sha256, merged }: OwnPack): TextPackRef {
  return { name, from, to, logs, size, text, sha256, merged };
}

function digestOf(packs: readonly OwnPack[]): string {
  return shortHash(packs.map(({ name, sha256 }) => `${name} ${sha256}`).join('\n'));
}
