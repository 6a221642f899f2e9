import type { CommitFacts } from './read-history.ts';

/** A machine that logs may belong to. */
export interface KnownMachine {
  readonly uuid: string;
  readonly host: string;
}

export type Assignment =
  | { readonly kind: 'this'; readonly because: string }
  | { readonly kind: 'other'; readonly machine: string; readonly because: string }
  | { readonly kind: 'unknown'; readonly author: string };

/**
 * Decides which machine a log comes from, by its commits: a `Machine:` line first (written by sync scripts), then the host in the subject
 * of an auto-sync, then an author address that git derived from the host name. A person's name alone is no machine.
 * @param commits that touched the log, newest first
 * @param self this machine
 * @param others machines of the index
 */
export function assignMachine(
  commits: readonly CommitFacts[],
  self: KnownMachine,
  others: readonly KnownMachine[],
): Assignment {
  for (const [read, because] of [
    [machineLine, 'the Machine line of its commit'],
    [subjectHost, 'the host in the subject of its commit'],
    [addressHost, 'the host in its author\u2019s address'],
  ] as const) {
    for (const commit of commits) {
      const named = read(commit);
      if (named === null) continue;
      if (isMachine(named, self)) return { kind: 'this', because };
      const other = others.find((machine) => isMachine(named, machine));
      // An address is weak evidence: it counts only if it names a known machine.
      if (other || read !== addressHost)
        return { kind: 'other', machine: other?.host ?? named.host, because };
    }
  }
  const [newest] = commits;
  return { kind: 'unknown', author: newest ? `${newest.author} <${newest.email}>` : 'nobody' };
}

interface Named {
  readonly host: string;
  readonly uuid: string | null;
}

function machineLine(commit: CommitFacts): Named | null {
  const line = /^[ \t]*Machine:[ \t]*(\S.*)$/im.exec(commit.message)?.[1]?.trim();
  if (line === undefined) return null;
  const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i.exec(line)?.[0]?.toLowerCase() ?? null;
  const host = line.replace(/[(,;].*$/, '').trim();
  return { host: host === '' || host === uuid ? (uuid ?? '') : host, uuid };
}

function subjectHost(commit: CommitFacts): Named | null {
  const host = /^sync: auto-sync from (\S{1,255}) at /i.exec(commit.message)?.[1];
  return host === undefined ? null : { host, uuid: null };
}

function addressHost(commit: CommitFacts): Named | null {
  const host = /@([^@\s>]+)$/.exec(commit.email)?.[1];
  return host === undefined ? null : { host, uuid: null };
}

/** Host names compare without case and domain: `hal-mbp.local` is `HAL-MBP`. */
function isMachine(named: Named, machine: KnownMachine): boolean {
  if (named.uuid !== null) return named.uuid === machine.uuid;
  const short = (host: string): string => host.toLowerCase().split('.')[0] ?? '';
  return short(named.host) !== '' && short(named.host) === short(machine.host);
}
