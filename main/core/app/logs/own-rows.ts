import type { AppError } from '../../../../shared/app-error.ts';
import { ok, type Result } from '../../../../shared/result.ts';
import { takeTurns } from '../../concurrency/take-turns.ts';
import { refreshOwnRows } from '../../ledger/refresh-own-rows.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { refreshWorkspaces, type WorkspaceNotice } from '../../workspaces/refresh-workspaces.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import { createTimetable } from '../schedule/timetable.ts';
import type { IndexWatch } from './index-watch.ts';

/** Keeps the index rows of this disk current: this machine's own logs, and those of the workspaces. */
export interface OwnRows {
  /** Schedules a workspace scan, in a second. */
  workspacesSoon(): void;
  stop(): Promise<void>;
}

export interface OwnRowsParts {
  readonly present: PresentCore;
  readonly index: IndexWatch;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly bus: Bus;
}

/** Interval of workspace scans, in milliseconds: no event reports other programs' writes there. */
const WORKSPACES_MS = 5 * 60_000;

/** @returns rows that stay unchanged until the first event */
export function createOwnRows(parts: OwnRowsParts): OwnRows {
  const { present, index, clock, bus } = parts;
  const turn = takeTurns(1);
  const table = createTimetable<'own' | 'workspaces'>(clock, (rows) => {
    void (rows === 'own' ? bus.emit('logs.changed', { ids: null }) : bus.emit('workspaces.touched', null));
  });
  let said = '[]';

  async function refreshOwn(ids: Parameters<IndexWatch['check']>[0]): Promise<void> {
    await present.use((core) => refreshOwnRows(core.sync, null));
    // A search for a log just saved does not wait for the workspaces.
    await index.check(ids);
    await lookAtWorkspaces();
  }

  async function lookAtWorkspaces(): Promise<void> {
    say(await present.use((core) => refreshWorkspaces(core.sync)));
    await index.check();
    const listed = await present.use(async (core) => ok(await core.sync.surroundings.workspaces()));
    if (listed.ok && listed.value.length > 0) table.set('workspaces', clock.now() + WORKSPACES_MS);
  }

  /** Logs workspace faults when they are new. */
  function say(notices: Result<readonly WorkspaceNotice[], AppError>): void {
    if (!notices.ok) return;
    const words = JSON.stringify(notices.value);
    if (words !== said)
      for (const { root, problem } of notices.value) parts.logger.warn('a workspace', { root, problem });
    said = words;
  }

  const workspacesSoon = (): void => table.set('workspaces', clock.now());
  bus.on('logs.changed', ({ ids }) => turn(() => refreshOwn(ids)));
  bus.on('workspaces.touched', () => turn(lookAtWorkspaces));
  // A scan during a push may hold the state before it.
  bus.on('run.ended', ({ end: { summary } }) => {
    if (summary.uploaded + summary.restored > 0) table.set('own', clock.now());
  });
  // A git sync brings others' logs.
  bus.on('trees.ended', workspacesSoon);
  bus.on('settings.changed', ({ before, after }) => {
    if (JSON.stringify(before.git) !== JSON.stringify(after.git)) workspacesSoon();
  });
  return {
    workspacesSoon,
    async stop() {
      await table.stop();
      await turn(() => Promise.resolve());
    },
  };
}
