import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { isAboutLogs } from '../../../shared/domain/log-name.ts';
import { logPathProblem } from '../../../shared/domain/log-path.ts';
import { groupBy } from '../../../shared/group-by.ts';
import type { Assignment } from './assign-machine.ts';

/** One version of a log in the repository. */
export interface SourceVersion {
  /** Path in the repository. */
  readonly path: string;
  /** Blob id; null if only in the work tree. */
  readonly blob: string | null;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** True for the path's present content (in the work tree, else in HEAD, else its last one). */
  readonly current: boolean;
  readonly assignment: Assignment;
  /** When its log was first written, as far as the repository tells. */
  readonly written: Written;
}

/** A time, and its day for the writer. */
export interface Written {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Null when the zone is unknown. */
  readonly day: CalendarDate | null;
}

export interface PlannedCopy {
  readonly source: SourceVersion;
  /** Path below `session-logs/`. */
  readonly target: string;
}

export interface MigrationPlan {
  readonly copies: readonly PlannedCopy[];
  /** Versions that are prefixes of a later copied one: nothing of them would be lost. */
  readonly contained: readonly SourceVersion[];
  /** Logs of other machines: run the migration there. */
  readonly elsewhere: readonly SourceVersion[];
  /** Logs without a known machine. */
  readonly unknown: readonly SourceVersion[];
  readonly refused: readonly { readonly path: string; readonly problem: string }[];
  /** Files about logs (README, template), not migrated. */
  readonly passedOver: readonly string[];
}

/**
 * Decides what is copied where. Pure.
 * @param versions of every path, newest first within a path
 * @param folders the repository's log folders: their names are not part of the target
 * @param label name of the repository, for targets whose plain name is taken by other content
 * @param takeUnknown copy logs without a known machine as this machine's
 */
export function planMigration(
  versions: readonly SourceVersion[],
  folders: readonly string[],
  label: string,
  takeUnknown: boolean,
): MigrationPlan {
  const plan = {
    copies: [] as PlannedCopy[],
    contained: [] as SourceVersion[],
    elsewhere: [] as SourceVersion[],
    unknown: [] as SourceVersion[],
    refused: [] as { path: string; problem: string }[],
    passedOver: [] as string[],
  };
  const byPath = groupBy(versions, ({ path }) => path);
  for (const [path, list] of [...byPath].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const target = targetOf(path, folders);
    if (isAboutLogs(target)) {
      plan.passedOver.push(path);
      continue;
    }
    const problem = logPathProblem(target);
    if (problem !== null) {
      plan.refused.push({ path, problem });
      continue;
    }
    const taken: SourceVersion[] = [];
    for (const version of list) {
      const { kind } = version.assignment;
      if (kind === 'other') plan.elsewhere.push(version);
      else if (kind === 'unknown' && !takeUnknown) plan.unknown.push(version);
      else if (taken.some((later) => startsWith(later.bytes, version.bytes))) plan.contained.push(version);
      else {
        taken.push(version);
        plan.copies.push({
          source: version,
          target: version.current ? target : versionName(target, label, version.blob ?? version.sha256),
        });
      }
    }
  }
  return plan;
}

/** A log's target: its path without the log folder, so that projects and clients stay separate. */
export function targetOf(path: string, folders: readonly string[]): string {
  const folder =
    folders.filter((each) => path.startsWith(`${each}/`)).sort((a, b) => b.length - a.length)[0] ?? '';
  const inner = folder === '' ? path : path.slice(folder.length + 1);
  const place = /(?:^|\/)((?:projects|clients)\/[^/]+)\/session-logs$/.exec(folder)?.[1];
  return place === undefined ? inner : `${place}/${inner}`;
}

/** `SESSION-LOG-2026-01-04.md` -> `SESSION-LOG-2026-01-04.<label>-<version>.md` */
export function versionName(target: string, label: string, version: string): string {
  const plain = label.replaceAll(/[^A-Za-z0-9-]+/g, '-').slice(0, 40);
  return target.replace(/\.md$/i, `.${plain}-${version.slice(0, 10)}.md`);
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  if (beginning.length > bytes.length) return false;
  for (let at = 0; at < beginning.length; at++) if (bytes[at] !== beginning[at]) return false;
  return true;
}
