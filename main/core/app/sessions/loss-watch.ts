import * as v from 'valibot';
import { AT_RISK_DAYS, daysLeft, isAtRisk } from '../../../../shared/transcripts/countdown.ts';
import type { SessionRow } from '../../../../shared/transcripts/session-list.ts';
import { ok } from '../../../../shared/result.ts';
import { takeTurns } from '../../concurrency/take-turns.ts';
import { MIB, recallState, stateObject, writeState } from '../../files/state-file.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Files } from '../../ports/files.ts';
import type { Git } from '../../ports/git.ts';
import type { Logger } from '../../ports/logger.ts';
import { captureDeps } from '../../workflows/capture-base.ts';
import { listSessions } from '../../workflows/list-sessions.ts';
import type { Bus } from '../bus.ts';
import type { Losses } from '../news.ts';
import type { PresentCore } from '../present-core.ts';
import { createTimetable } from '../schedule/timetable.ts';
import { quietUntil } from '../schedule/wall-time.ts';
import type { PresentSettings } from '../settings/present-settings.ts';

/** Announces that agents are about to delete sessions that are not kept: once, until the last of those is gone. */
export interface LossWatch {
  /** Starts checking: a while after the start, some times daily, and when sessions change. */
  start(): void;
  /** Checks again: a listener was added. */
  check(): void;
  stop(): Promise<void>;
}

export interface LossWatchParts {
  readonly present: PresentCore;
  readonly settings: PresentSettings;
  readonly git: Git;
  readonly files: Files;
  /** `state/notified-losses.json`, absolute; regenerable. */
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly bus: Bus;
}

const FORMAT = { schema: stateObject({ until: v.number() }), maxBytes: MIB };
const DAY_MS = 86_400_000;
const EVERY_MS = 6 * 3_600_000;
/** By then the first sweep has begun; what it keeps is not at risk. */
const FIRST_MS = 2 * 60_000;

/** @returns a watch that is idle before `start` */
export function createLossWatch(parts: LossWatchParts): LossWatch {
  const { present, settings, clock, bus } = parts;
  const turn = takeTurns(1);
  const table = createTimetable<'look'>(clock, () => void turn(look));
  let isStarted = false;

  async function look(): Promise<void> {
    table.set('look', clock.now() + EVERY_MS);
    if (!bus.isHeard('losses.near') || isHeldBack()) return;
    const known = await recallState(parts.files, parts.path, FORMAT, parts.logger);
    if (known !== null && clock.now() < known.until) return;
    const rows = await atRisk();
    // What is overdue may stay for weeks if its agent is not started: repeated after some days.
    const until = Math.max(
      clock.now() + AT_RISK_DAYS * DAY_MS,
      ...rows.map(({ countdown }) => (countdown.state === 'due' ? countdown.at : 0)),
    );
    const written =
      rows.length === 0 ? ok(undefined) : await writeState(parts.files, parts.path, { schema: 1, until });
    // What cannot be stored is not announced: better never than again and again.
    if (rows.length > 0 && written.ok) await bus.emit('losses.near', lossesOf(rows, clock.now()));
  }

  /** Held back by the settings. */
  function isHeldBack(): boolean {
    const { problems, quietHours } = settings.now.notifications;
    const until = quietUntil(clock.now(), quietHours, settings.timeZone);
    if (until !== null) table.set('look', until);
    return !problems || until !== null;
  }

  async function atRisk(): Promise<readonly SessionRow[]> {
    const listed = await present.use(async (core) =>
      ok(await listSessions(await captureDeps(core, parts.git), { budgetMs: 0 })),
    );
    return listed.ok ? listed.value.rows.filter((row) => isAtRisk(row, clock.now())) : [];
  }

  const check = (): void => {
    if (isStarted) void turn(look);
  };
  bus.on('settings.changed', ({ before, after }) => {
    if (JSON.stringify(before.notifications) !== JSON.stringify(after.notifications)) check();
  });
  return {
    start() {
      isStarted = true;
      table.set('look', clock.now() + FIRST_MS);
    },
    check,
    async stop() {
      await table.stop();
      await turn(() => Promise.resolve());
    },
  };
}

function lossesOf(rows: readonly SessionRow[], now: number): Losses {
  return {
    sessions: rows.length,
    days: Math.min(...rows.map(({ countdown }) => daysLeft(countdown, now) ?? 0)),
  };
}
