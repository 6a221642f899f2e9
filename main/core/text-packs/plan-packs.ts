import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { stretchOf } from '../store/stretch.ts';
import type { OwnText } from '../sync/sync-deps.ts';
import type { OwnPack, OwnPacks } from './own-packs.ts';
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
export function planPacks(
  own: OwnPacks,
  logs: readonly OwnText[],
  today: CalendarDate,
): readonly PackGroup[] {
  const present = logs.filter(({ isGone }) => !isGone);
  const seqs = new Set(own.packs.map(({ seq }) => seq)).add(0);
  const fresh = present.filter(({ path, sha256 }) => {
    const packed = own.logs.get(path);
    return packed?.[0] !== sha256 || !seqs.has(packed[1]);
  });
  if (fresh.length === 0) return [];
  const held = heldBy(own, present, new Set(fresh.map(({ path }) => path)));
  const plan = new Map<string, Mutable>();
  const groupOf = (stretch: string): Mutable => {
    const group = plan.get(stretch) ?? { logs: [], replaces: [], isMerge: true };
    plan.set(stretch, group);
    return group;
  };
  for (const [stretch, packs] of mergeable(own.packs, held, today)) {
    const group = groupOf(stretch);
    for (const pack of packs) {
      group.replaces.push(pack);
      group.logs.push(...(held.get(pack.seq) ?? []));
    }
  }
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

/** The logs with their newest text in each pack, by its number. */
function heldBy(
  own: OwnPacks,
  present: readonly OwnText[],
  fresh: ReadonlySet<string>,
): ReadonlyMap<number, readonly OwnText[]> {
  const held = new Map<number, OwnText[]>();
  for (const log of present) {
    const seq = own.logs.get(log.path)?.[1] ?? 0;
    if (seq === 0 || fresh.has(log.path)) continue;
    const list = held.get(seq);
    if (list) list.push(log);
    else held.set(seq, [log]);
  }
  return held;
}

/** Packs to be merged, by range; today's is always rewritten. */
function mergeable(
  packs: readonly OwnPack[],
  held: ReadonlyMap<number, readonly OwnText[]>,
  today: CalendarDate,
): ReadonlyMap<string, readonly OwnPack[]> {
  const byStretch = new Map<string, OwnPack[]>();
  const days = packs.filter((pack) => isDay(pack.stretch) && pack.stretch !== today && !isOver(pack, today));
  const together = days.length > DAY_PACKS;
  for (const pack of packs) {
    const { stretch } = pack;
    const live = held.get(pack.seq)?.length ?? 0;
    const isApart = isDay(stretch) && !isOver(pack, today) && (stretch === today || !together);
    // One without any current text goes as soon as possible.
    const key = live === 0 ? today : isApart ? stretch : monthsOf(stretch, today);
    // A full pack is kept while all of it is current: rewriting gains nothing.
    const isFull = pack.text > FULL_PACK / 2 && live === pack.logs;
    if (!isFull) byStretch.set(key, [...(byStretch.get(key) ?? []), pack]);
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
