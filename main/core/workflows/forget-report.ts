import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { logId, type LogPath, type MachineUuid } from '../../../shared/domain/ids.ts';
import type { ForgetMark } from '../../../shared/domain/marks.ts';
import { plural } from '../../../shared/format/amount.ts';
import { ok } from '../../../shared/result.ts';
import { addMarks, readMarks } from '../pending/marks-file.ts';
import type { StoreBase } from './store-base.ts';

/** What was forgotten, or would be. */
export interface ForgetReport {
  readonly what: ForgetMark['what'];
  /** Paths of the logs in this partition. */
  readonly logs: readonly string[];
  /** Replaced objects, by name: logs, and earlier versions beside them. */
  readonly objects: readonly string[];
  /** Files of this machine that were removed, or lost a value; absolute. */
  readonly files: readonly string[];
  /** Logs without a file that this machine has only remembered: those that git has deleted. */
  readonly remembered?: readonly string[];
  /** What was not reached, and why. */
  readonly notReached: readonly { readonly place: string; readonly why: string }[];
  /** The other machines: each drops its copies with its next pull and confirms with its next push. */
  readonly machines: readonly Confirmation[];
}

/** Whether a machine confirmed dropping its copies. */
export interface Confirmation {
  readonly machine: MachineUuid;
  readonly host: string;
  /** When it confirmed, epoch milliseconds; null until then. */
  readonly confirmed: number | null;
}

/** An earlier forget. */
export interface Forgotten extends Pick<ForgetMark, 'what' | 'at'>, Pick<ForgetReport, 'machines'> {
  readonly log: LogPath;
}

/** Lists everything forgotten on this machine, latest first, and who has confirmed it. */
export async function listForgotten(base: StoreBase): Answer<readonly Forgotten[]> {
  const marks = await readMarks(base.sync);
  if (!marks.ok) return marks;
  const found: Forgotten[] = [];
  for (const { log, what, at } of marks.value.filter((mark) => mark.kind === 'forget')) {
    const machines = await confirmations(base, [log], at);
    if (!machines.ok) return machines;
    found.push({ log: log as LogPath, what, at, machines: machines.value });
  }
  return ok(found.sort((a, b) => b.at - a.at));
}

/**
 * Tells other machines, with the next push, that these logs are forgotten.
 * @param session whose log it was
 * @returns epoch milliseconds
 */
export async function markForgotten(
  { sync, paths }: StoreBase,
  logs: readonly LogPath[],
  what: ForgetMark['what'],
  session?: string,
): Answer<number> {
  const at = sync.clock.now();
  const { files, locks, clock, self } = sync;
  const marked = await addMarks(
    { files, locks, clock, paths: { marks: sync.paths.marks, notesLock: paths.notesLock } },
    logs.map((log) => ({
      kind: 'forget',
      reader: self.hostname,
      at,
      log,
      what,
      ...(session === undefined ? {} : { session }),
    })),
  );
  return marked.ok ? ok(at) : marked;
}

/** @param since counts only later confirmations, epoch milliseconds */
export async function confirmations(
  { sync }: StoreBase,
  logs: readonly string[],
  since: number,
): Answer<readonly Confirmation[]> {
  const [machines, marks, workspaces] = await Promise.all([
    sync.index.machines(),
    sync.index.marks(),
    sync.surroundings.workspaces(),
  ]);
  if (!machines.ok) return machines;
  if (!marks.ok) return marks;
  const trees = new Set(workspaces.map(({ machine }) => machine));
  const said = marks.value.filter(
    (mark) => mark.kind === 'forgotten' && mark.owner === sync.self.uuid && mark.asked >= since,
  );
  return ok(
    machines.value
      .filter(({ own, machine }) => !own && !trees.has(machine))
      .map(({ machine, host }) => {
        const times = logs.map(
          (log) =>
            said.find((mark) => mark.machine === machine && 'log' in mark && mark.log === log)?.at ?? null,
        );
        const all = times.every((time) => time !== null) && times.length > 0;
        return { machine, host, confirmed: all ? Math.max(...times) : null };
      }),
  );
}

/** Copies that none of our programs may touch, and what the store retains. */
export async function beyondReach(
  { sync }: StoreBase,
  logs: readonly LogPath[],
): Answer<ForgetReport['notReached']> {
  const found: { place: string; why: string }[] = [];
  for (const path of logs) {
    const copies = await sync.index.copies(logId(sync.self.uuid, path));
    if (!copies.ok) return copies;
    for (const { machine, host, path: there, place } of copies.value) {
      if (machine === sync.self.uuid && there === path) continue;
      const inGit = place === 'workspace' || place === 'git';
      const why = inGit ? 'a workspace, and what git keeps of it' : 'a log of its own';
      found.push({ place: `${host}/${there}`, why });
    }
  }
  const probe = await sync.store.probe();
  const bucket = probe.ok ? probe.value.bucket : null;
  if (bucket?.versioning) found.push({ place: sync.store.url, why: 'the bucket keeps replaced versions' });
  if (bucket && bucket.softDeleteS > 0)
    found.push({
      place: sync.store.url,
      why: `the bucket keeps what is replaced for ${plural(Math.ceil(bucket.softDeleteS / 86_400), 'day')}`,
    });
  return ok(found);
}

/** For what the store retains. */
export function notAllForgotten(places: number): AppError {
  return appError(
    'partial',
    `${plural(places, 'object')} could not be replaced in the store.`,
    'Run the command again, or ask someone with permission to remove them: `session-log store policy` says who that is.',
  );
}
