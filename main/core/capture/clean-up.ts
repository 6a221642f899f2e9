import type { SessionFacts } from '../../../shared/transcripts/session-facts.ts';
import type { Countdown } from '../../../shared/transcripts/countdown.ts';
import { isObject } from '../../../shared/json.ts';

/** An agent's settings file, as found. */
export interface AgentSettings {
  readonly path: string;
  /** Null if absent; `unreadable` if the disk or its syntax prevents it. */
  readonly content: Readonly<Record<string, unknown>> | 'unreadable' | null;
}

/** The effective settings of one folder, by author. */
export interface SettingsHere {
  /** By an administrator: the longest period applies. */
  readonly managed: readonly AgentSettings[];
  /** By the person and the project, strongest first. */
  readonly own: readonly AgentSettings[];
}

/** How long an agent keeps sessions: the shortest effective period anywhere, because a start in any folder cleans up all of them. */
export type Period =
  /** Days; `desktopDays` for sessions of the desktop app, null if kept. */
  | { readonly kind: 'days'; readonly days: number; readonly desktopDays: number | null }
  | { readonly kind: 'paused'; readonly why: string };

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;

/**
 * Claude Code's period (`cleanupPeriodDays`) over all folders it is started in.
 * @param folders effective settings of each
 */
export function claudePeriod(folders: readonly SettingsHere[]): Period {
  const periods = folders.map(periodIn);
  const days = periods.flatMap((period) => (period.kind === 'days' ? [period] : []));
  const paused = periods.find((period) => period.kind === 'paused');
  if (days.length === 0) return paused ?? { kind: 'days', days: DEFAULT_DAYS, desktopDays: null };
  const desktop = days.flatMap(({ desktopDays }) => (desktopDays === null ? [] : [desktopDays]));
  return {
    kind: 'days',
    days: Math.min(...days.map((period) => period.days)),
    desktopDays: desktop.length === 0 ? null : Math.min(...desktop),
  };
}

function periodIn({ managed, own }: SettingsHere): Period {
  const unreadable = [...managed, ...own].find(({ content }) => content === 'unreadable');
  if (unreadable) return { kind: 'paused', why: `${unreadable.path} cannot be read` };
  for (const file of [...managed, ...own]) {
    const days = valueOf(file, 'cleanupPeriodDays');
    if (days !== undefined && !isDays(days))
      return { kind: 'paused', why: `${file.path} names no whole number of days` };
  }
  const ruled = managed.map((file) => valueOf(file, 'cleanupPeriodDays')).filter(isDays);
  const chosen = own.map((file) => valueOf(file, 'cleanupPeriodDays')).find(isDays);
  const desktop = [...managed, ...own]
    .map((file) => valueOf(file, 'desktopSessionCleanupPeriodDays'))
    .find(isDays);
  const days = ruled.length > 0 ? Math.max(...ruled) : (chosen ?? DEFAULT_DAYS);
  return { kind: 'days', days, desktopDays: desktop ?? null };
}

/** Facts about a session's file. */
export interface Aged {
  /** Epoch milliseconds of the file's last change, which copying or restoring resets. */
  readonly mtimeMs: number;
  readonly facts: Pick<SessionFacts, 'startedBy' | 'lastAt' | 'isUnderstood'> | null;
}

/** When Claude Code deletes a session: by its file's time, whatever its content. */
export function claudeCountdown(period: Period, { mtimeMs, facts }: Aged): Countdown {
  if (period.kind === 'paused') return { state: 'paused', why: period.why };
  const isDesktop = /desktop|cowork/i.test(facts?.startedBy ?? '');
  const days = isDesktop ? period.desktopDays : period.days;
  return days === null ? { state: 'exempt' } : { state: 'due', at: mtimeMs + days * DAY_MS };
}

/** How long Gemini CLI keeps sessions. */
export type Retention =
  | { readonly kind: 'kept' }
  /** Milliseconds; `count` is how many of the newest stay, null for any number. */
  | {
      readonly kind: 'days';
      readonly maxAgeMs: number;
      readonly minAgeMs: number;
      readonly count: number | null;
    }
  | { readonly kind: 'paused'; readonly why: string };

/** Gemini CLI's `general.sessionRetention`. @param files strongest first */
export function geminiRetention(files: readonly AgentSettings[]): Retention {
  const unreadable = files.find(({ content }) => content === 'unreadable');
  if (unreadable) return { kind: 'paused', why: `${unreadable.path} cannot be read` };
  const pick = (key: string): unknown =>
    files.map((file) => retentionOf(file)[key]).find((one) => one !== undefined);
  if (pick('enabled') === false) return { kind: 'kept' };
  const [maxAge, minAge] = [spanOf(pick('maxAge') ?? '30d'), spanOf(pick('minRetention') ?? '1d')];
  const count = pick('maxCount');
  if (maxAge === null || minAge === null || maxAge < minAge || (count !== undefined && !isDays(count)))
    return { kind: 'paused', why: 'general.sessionRetention cannot be understood' };
  return { kind: 'days', maxAgeMs: maxAge, minAgeMs: minAge, count: isDays(count) ? count : null };
}

/**
 * When Gemini CLI deletes a session: by the last time in it; if unreadable, at its next start, whatever the age.
 * @param newer number of its newer sessions
 */
export function geminiCountdown(retention: Retention, { mtimeMs, facts }: Aged, newer: number): Countdown {
  if (retention.kind === 'kept') return { state: 'exempt' };
  if (retention.kind === 'paused') return { state: 'paused', why: retention.why };
  if (facts !== null && !facts.isUnderstood) return { state: 'due', at: mtimeMs };
  const last = facts?.lastAt ?? mtimeMs;
  const isSurplus = retention.count !== null && newer >= retention.count;
  return { state: 'due', at: last + (isSurplus ? retention.minAgeMs : retention.maxAgeMs) };
}

function valueOf({ content }: AgentSettings, key: string): unknown {
  return content === null || content === 'unreadable' ? undefined : content[key];
}

function retentionOf({ content }: AgentSettings): Readonly<Record<string, unknown>> {
  const general = content === null || content === 'unreadable' ? null : content['general'];
  const retention = isObject(general) ? general['sessionRetention'] : null;
  return isObject(retention) ? retention : {};
}

function isDays(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS, m: 30 * DAY_MS };

/** `30d`, `24h`, `2w`, `1m` in milliseconds; null for anything else. */
function spanOf(value: unknown): number | null {
  const match = typeof value === 'string' ? /^(\d{1,6})([hdwm])$/.exec(value) : null;
  const span = Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ''] ?? 0);
  return span > 0 ? span : null;
}
