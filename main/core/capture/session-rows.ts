import { daysLeft, type Countdown } from '../../../shared/transcripts/countdown.ts';
import { AGENTS } from '../../../shared/transcripts/agents.ts';
import type { SessionLogState, SessionRow, SessionSums } from '../../../shared/transcripts/session-list.ts';
import type { LogId, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import { logId } from '../../../shared/domain/ids.ts';
import { claudeCountdown, geminiCountdown, type Period, type Retention } from './clean-up.ts';
import { keyOf, type KnownSession } from './known-sessions.ts';

/** Each agent's clean-up times, by its sessions' root. */
export interface CleanUps {
  readonly claude: ReadonlyMap<string, Period>;
  readonly gemini: ReadonlyMap<string, Retention>;
}

export interface RowContext {
  readonly cleanUps: CleanUps;
  readonly machine: MachineUuid;
  /** Ids of sessions with a written log. */
  readonly written: ReadonlySet<string>;
  /** Whether a session's copy is completely stored. */
  readonly isStored: (one: KnownSession) => boolean;
  readonly now: number;
  /** The day of a time, for grouping. */
  readonly dayOf: (at: number) => string;
}

const SOON_DAYS = 7;

/** Rows of all sessions, latest first; program runs in one project on one day share a row. */
export function sessionRows(known: readonly KnownSession[], context: RowContext): readonly SessionRow[] {
  const newer = ranksOf(known.filter(({ agent }) => agent === 'gemini'));
  const rows: SessionRow[] = [];
  const runs = new Map<string, SessionRow>();
  for (const one of [...known].sort((a, b) => activeAt(b) - activeAt(a))) {
    const row = rowOf(one, context, newer.get(keyOf(one)) ?? 0);
    if (row.log !== 'program') {
      rows.push(row);
      continue;
    }
    const group = `${row.agent} ${row.project ?? ''} ${context.dayOf(row.lastAt)}`;
    const before = runs.get(group);
    if (before === undefined) rows.push(row);
    runs.set(group, before === undefined ? row : joined(before, row));
  }
  const first = new Map([...runs.values()].map((row) => [keyOf(row), row]));
  return rows.map((row) => (row.log === 'program' ? (first.get(keyOf(row)) ?? row) : row));
}

function rowOf(one: KnownSession, context: RowContext, newer: number): SessionRow {
  const { agent, id, title, project, folder, startedAt, prompts, changedFiles, commands, commits, models } =
    one;
  const isWhole = one.month !== '' && (one.isGone || one.copyPrint === one.print);
  // If a copy's pieces are only in the store, just its record is here.
  const isHere = one.month !== '' && (one.stored > 0 || one.record === 0);
  return {
    agent,
    id,
    title,
    project,
    folder,
    startedAt,
    lastAt: activeAt(one),
    prompts,
    changedFiles,
    commands,
    commits,
    models,
    size: one.size,
    log: logState(one, context.written),
    logId: idOf(one, context.machine),
    copy: !isHere ? 'none' : isWhole ? 'whole' : 'behind',
    inStore: isWhole && context.isStored(one),
    countdown: countdownOf(one, context.cleanUps, newer),
    isUnderstood: one.isUnderstood,
    runs: 1,
  };
}

function idOf({ log }: KnownSession, machine: MachineUuid): LogId | null {
  return log === '' ? null : logId(machine, log as LogPath);
}

function joined(row: SessionRow, other: SessionRow): SessionRow {
  const sooner = (a: Countdown, b: Countdown): Countdown =>
    b.state === 'due' && (a.state !== 'due' || b.at < a.at) ? b : a;
  return {
    ...row,
    startedAt: Math.min(row.startedAt ?? row.lastAt, other.startedAt ?? other.lastAt),
    size: row.size + other.size,
    copy: row.copy === other.copy ? row.copy : 'behind',
    inStore: row.inStore && other.inStore,
    countdown: sooner(row.countdown, other.countdown),
    runs: row.runs + other.runs,
  };
}

function logState(one: KnownSession, written: ReadonlySet<string>): SessionLogState {
  if (written.has(one.id)) return 'written';
  if (one.outcome === 'captured' || one.log !== '') return 'captured';
  if (one.outcome === 'written') return 'written';
  const { outcome } = one;
  if (outcome === 'short' || outcome === 'program' || outcome === 'never' || outcome === 'forgotten')
    return outcome;
  return one.outcome === 'new' && one.copyPrint !== '' ? 'waiting' : 'none';
}

/** A session's last activity: the time in it, else that of its file. */
export function activeAt({ lastAt, mtimeMs }: KnownSession): number {
  return lastAt ?? mtimeMs;
}

function countdownOf(one: KnownSession, { claude, gemini }: CleanUps, newer: number): Countdown {
  if (one.isGone) return { state: 'gone' };
  const aged = { mtimeMs: one.mtimeMs, facts: one };
  if (one.agent === 'claude-code') {
    const period = claude.get(one.root);
    return period === undefined ? unknown() : claudeCountdown(period, aged);
  }
  if (one.agent === 'gemini') {
    const retention = gemini.get(one.root);
    return retention === undefined ? unknown() : geminiCountdown(retention, aged, newer);
  }
  return { state: 'never' };
}

function unknown(): Countdown {
  return { state: 'unknown', why: 'the settings of the agent were not looked at' };
}

/** The number of newer sessions for each, by key. */
function ranksOf(known: readonly KnownSession[]): ReadonlyMap<string, number> {
  const sorted = known.filter(({ isGone }) => !isGone).sort((a, b) => activeAt(b) - activeAt(a));
  return new Map(sorted.map((one, index) => [keyOf(one), index]));
}

/** True where keeping everything still has something to do. */
function isToKeep({ copy, inStore, log, countdown }: SessionRow): boolean {
  if (log === 'never') return false;
  const lacksCopy = copy !== 'whole' && !inStore;
  // What its agent has deleted cannot be read any more.
  return countdown.state !== 'gone' && (lacksCopy || log === 'none' || log === 'waiting');
}

/** Totals of all rows. @param copyBytes size of all copies on disk */
export function sumsOf(rows: readonly SessionRow[], copyBytes: number, now: number): SessionSums {
  const people = rows.filter(({ log }) => log !== 'program');
  const days = (row: SessionRow): number => daysLeft(row.countdown, now) ?? Number.POSITIVE_INFINITY;
  const due = people.filter((row) => days(row) < SOON_DAYS);
  const count = (of: readonly SessionRow[]): number => of.reduce((sum, row) => sum + row.runs, 0);
  const next = Math.min(...people.map(days));
  return {
    agents: AGENTS.map((agent) => ({
      agent,
      sessions: people.filter((row) => row.agent === agent).length,
    })).filter(({ sessions }) => sessions > 0),
    total: people.length,
    runs: count(rows.filter(({ log }) => log === 'program')),
    written: people.filter(({ log }) => log === 'written').length,
    captured: people.filter(({ log }) => log === 'captured').length,
    copied: count(rows.filter(({ copy }) => copy === 'whole')),
    inStore: count(rows.filter(({ inStore }) => inStore)),
    copyBytes,
    due: due.length,
    dueInStore: due.filter(({ inStore }) => inStore).length,
    dueOnlyThere: due.filter(({ copy, inStore }) => copy !== 'whole' && !inStore).length,
    nextDays: Number.isFinite(next) ? next : null,
    toKeep: rows.filter(isToKeep).length,
    notUnderstood: rows.filter(({ isUnderstood }) => !isUnderstood).length,
  };
}
