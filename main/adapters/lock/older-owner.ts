import { join } from 'node:path';

import type { LockOwner } from '../../core/ports/lock.ts';
import { isSilent } from './contend.ts';
import { attempt } from './lock-fs.ts';
import type { LockSite } from './lock-site.ts';
import { shortLine } from './owner-note.ts';
import { isDesktopJunk } from './record-name.ts';
import type { Verdict } from './verdict.ts';

/** A lock folder made by another program, and what it says about its owner. */
export interface OlderOwner {
  readonly owner: LockOwner;
  /** The age at which an owner that cannot be judged is given up, milliseconds; null if never. */
  readonly givenUpMs: number | null;
  /** Its files with their text as read: a removal must find exactly these again. */
  readonly files: ReadonlyMap<string, string>;
}

// Such a folder contains a pid file and perhaps two more. A fuller one is something else, and nothing is concluded
// from it.
const FILES_MAX = 16;

/**
 * Reads an older program's lock folder. File names are not standardized, so anything that looks like a pid counts,
 * and any doubt makes the verdict `unknown`.
 * @param names the folder's entries
 */
export async function readOlderOwner(
  site: LockSite,
  folder: string,
  names: readonly string[],
): Promise<OlderOwner> {
  const { fs } = site.deps;
  const files = new Map<string, string>();
  const readable = names.filter((name) => !isDesktopJunk(name));
  for (const name of readable.slice(0, FILES_MAX)) {
    const text = await attempt(fs.read(join(folder, name)));
    if (text.ok) files.set(name, text.value);
  }
  const facts = olderFacts(files);
  const whole = files.size === readable.length;
  // A script killed between its mkdir and its pid file leaves a folder that says nothing, and could never be judged.
  const { unknownAgeMs, olderAgeMs } = site.deps.timings;
  const givenUpMs = whole ? (facts.pid === null ? unknownAgeMs : olderAgeMs) : null;
  const judged = whole ? await judgeOlder(site, facts) : 'unknown';
  const silent = judged === 'unknown' && givenUpMs !== null && (await isSilent(site, folder, givenUpMs));
  const verdict = silent ? 'dead' : judged;
  const entry = await attempt(fs.lstat(folder));
  const since = facts.since ?? (entry.ok ? entry.value.mtimeMs : 0);
  const host = shortLine(facts.host ?? site.deps.hostname);
  return {
    owner: { host, pid: facts.pid ?? 0, since, command: 'an older sync script', who: '', verdict },
    givenUpMs,
    files,
  };
}

/** Facts found in the files of an older lock. */
export interface OlderFacts {
  /** null when no file, or more than one number, claims to be the pid. */
  readonly pid: number | null;
  readonly host: string | null;
  /** Epoch milliseconds. */
  readonly since: number | null;
}

/** Finds pid, host and time in a handful of small files: named files first, then `key=value` or JSON lines. */
export function olderFacts(files: ReadonlyMap<string, string>): OlderFacts {
  const pids = new Set<number>();
  let host: string | null = null;
  let since: number | null = null;
  for (const [name, text] of files) {
    const whole = /^\s*(\d{1,10})\s*$/.exec(text)?.[1];
    const named = /pid/i.test(name) || /^owner$/i.test(name) ? whole : undefined;
    const inside = /\bpid["']?\s*[:=]\s*["']?(\d{1,10})\b/i.exec(text)?.[1];
    for (const found of [named, inside]) if (found !== undefined) pids.add(Number(found));
    if (/host/i.test(name)) host ??= text.trim();
    host ??= /\bhost(?:name)?["']?\s*[:=]\s*["']?([\w.-]+)/i.exec(text)?.[1] ?? null;
    if (/start|time|since|date/i.test(name) && whole?.length === 10) since ??= Number(whole) * 1000;
  }
  const [pid] = pids;
  return { pid: pids.size === 1 && pid !== undefined && pid > 0 ? pid : null, host, since };
}

/** Dead only when proven: one pid, this host, a local disk, and no such process. */
async function judgeOlder(site: LockSite, facts: OlderFacts): Promise<Verdict> {
  // The pids of a Unix shell on Windows are not Windows pids.
  if (facts.pid === null || facts.pid > 2_147_483_647 || site.deps.platform === 'windows') return 'unknown';
  if (facts.host !== null && firstLabel(facts.host) !== firstLabel(site.deps.hostname)) return 'unknown';
  if (await site.deps.onNetwork(site.folder)) return 'unknown';
  const seen = await site.deps.processes.look(facts.pid, '');
  return seen.kind === 'running' ? 'alive' : 'dead';
}

function firstLabel(host: string): string {
  return host.toLowerCase().split('.')[0] ?? '';
}
