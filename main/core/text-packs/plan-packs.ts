import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { addTo } from '../../../shared/group-by.ts';
import { stretchOf } from '../store/stretch.ts';
import type { OwnText } from '../sync/sync-deps.ts';
import { packedText, seqOf, type OwnPack, type OwnPacks } from './own-packs.ts';
import { DAY_PACKS, FULL_PACK } from './pack-limits.ts';

/** Packs to be written in place of others: as many as the logs' text fills. */
export interface PackGroup {
  /** As in {@link OwnPack}. */
  readonly stretch: string;
  /** Sorted by path. */
  readonly logs: readonly OwnText[];
  /** What they replace. */
  readonly replaces: readonly OwnPack[];
  /** True when no log is new: all are in what is replaced. */
  readonly isMerge: boolean;
}

/** This many new logs at once are no day's work but a store without packs: they join others of their time. */
const BACKLOG = 200;

/**
 * Plans the packs to write: one of today for what is new, and, if there is any, finished ones merged by their ranges ({@link stretchOf}),
 * like index segments. A log goes into the newest pack that has it; deleted logs are dropped from rewritten packs. Pure.
 * @param today by this machine's clock
 * @returns nothing when every log that is here is in a pack
 */
export function planPacks(own: OwnPacks, logs: Iterable<OwnText>, today: CalendarDate): readonly PackGroup[] {
  const seqs = new Set(own.packs.map(({ seq }) => seq)).add(0);
  const fresh: OwnText[] = [];
  const live = new Map<number, number>();
  for (const log of logs) {
    const seq = log.isGone ? 0 : packIn(own, log);
    if (seq === null || !seqs.has(seq)) fresh.push(log);
    else live.set(seq, (live.get(seq) ?? 0) + 1);
  }
  if (fresh.length === 0) return [];
  const plan = new Map<string, Mutable>();
  const groupOf = (stretch: string): Mutable => {
    const group = plan.get(stretch) ?? { logs: [], replaces: [], isMerge: true };
    plan.set(stretch, group);
    return group;
  };
  const merged = new Map<number, Mutable>();
  for (const [stretch, packs] of mergeable(own.packs, live, today)) {
    const group = groupOf(stretch);
    group.replaces.push(...packs);
    for (const { seq } of packs) merged.set(seq, group);
  }
  for (const log of merged.size > 0 ? logs : [])
    if (!log.isGone) merged.get(packIn(own, log) ?? 0)?.logs.push(log);
  const isBacklog = fresh.length > BACKLOG;
  for (const log of fresh) {
    const group = groupOf(isBacklog ? stretchOfLog(log.date, today) : today);
    group.logs.push(log);
    group.isMerge = false;
  }
  const groups = [...plan].map(([stretch, group]) => ({ stretch, ...group }));
  for (const { logs: list } of groups) list.sort((a, b) => (a.path < b.path ? -1 : 1));
  return groups.sort((a, b) => (a.stretch < b.stretch ? -1 : 1));
}

interface Mutable {
  readonly logs: OwnText[];
  readonly replaces: OwnPack[];
  isMerge: boolean;
}

/** The number of the pack with a log's text as it is now; 0 if it is no text, null if that is unknown. */
function packIn({ logs }: OwnPacks, { path, sha256 }: OwnText): number | null {
  const packed = logs.get(path);
  const seq = packed === undefined ? null : seqOf(packed);
  return seq !== null && packed === packedText(seq, sha256) ? seq : null;
}

/** Packs to be merged, by range; today's is always rewritten. */
function mergeable(
  packs: readonly OwnPack[],
  held: ReadonlyMap<number, number>,
  today: CalendarDate,
): ReadonlyMap<string, readonly OwnPack[]> {
  const byStretch = new Map<string, OwnPack[]>();
  const days = packs.filter((pack) => isDay(pack.stretch) && pack.stretch !== today && !isOver(pack, today));
  const together = days.length > DAY_PACKS;
  for (const pack of packs) {
    const { stretch } = pack;
    const live = held.get(pack.seq) ?? 0;
    const isApart = isDay(stretch) && !isOver(pack, today) && (stretch === today || !together);
    // One without any current text goes as soon as possible.
    const key = live === 0 ? today : isApart ? stretch : monthsOf(stretch, today);
    // A full pack is kept while all of it is current: rewriting gains nothing.
    const isFull = pack.text > FULL_PACK / 2 && live === pack.logs;
    if (!isFull) addTo(byStretch, key, pack);
  }
  const current = monthsOf(today, today);
  return new Map(
    [...byStretch].filter(([key, list]) => {
      if (key === today) return true;
      // The month's pack absorbs its days only when there are too many of them.
      if (key === current && !together) return false;
      return list.length > 1 || list.some((pack) => isDay(pack.stretch) && !isDay(key));
    }),
  );
}

function isDay(stretch: string): boolean {
  return stretch.length === 10;
}

/** Whether its month is over; a future one, from a wrong clock, is not, and is merged with the current month. */
function isOver({ stretch }: OwnPack, today: CalendarDate): boolean {
  return stretch.slice(0, 7) < today.slice(0, 7);
}

/** The range of months a pack finally belongs to; the current month for future ones. */
function monthsOf(stretch: string, today: CalendarDate): string {
  const [month, current] = [stretch.slice(0, 7), today.slice(0, 7)];
  return month >= current ? current : stretchOf(month, current);
}

function stretchOfLog(date: CalendarDate, today: CalendarDate): string {
  return date.slice(0, 7) >= today.slice(0, 7) ? today : monthsOf(date, today);
}
