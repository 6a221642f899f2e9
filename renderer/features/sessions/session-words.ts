import { span } from '../../../shared/format/time.ts';
import { en } from '../../../shared/i18n/en.ts';
import { AGENT_NAMES } from '../../../shared/transcripts/agents.ts';
import { daysLeft } from '../../../shared/transcripts/countdown.ts';
import type { SessionRow, SessionSums } from '../../../shared/transcripts/session-list.ts';
import type { Tone } from '../../ui/indicator.tsx';

const words = en.sessions;

/** Who, where, how long and how much, in the order in which people tell sessions apart. */
export function sessionFacts(row: SessionRow): string {
  const { prompts, changedFiles } = row;
  const parts = [
    AGENT_NAMES[row.agent],
    row.project,
    row.runs > 1 ? words.runs(row.runs) : lasted(row),
    prompts === null ? null : words.prompts(prompts),
    changedFiles === null || changedFiles === 0 ? null : words.files(changedFiles),
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}

/** Its duration, e.g. `40 min`; null if its start is unknown. */
export function lasted({ startedAt, lastAt }: SessionRow): string | null {
  return startedAt === null || lastAt <= startedAt ? null : span(lastAt - startedAt);
}

/** A state in a few words, its severity, and its meaning. */
export interface StateWords {
  readonly text: string;
  readonly tone: Tone;
  readonly help?: string;
}

export function logWords(row: SessionRow): StateWords {
  if (!row.isUnderstood) return { text: words.notUnderstood, tone: 'wait', help: words.notUnderstoodHelp };
  const isThere = row.log === 'written' || row.log === 'captured';
  return { text: words.log[row.log], tone: isThere ? 'good' : 'plain', help: words.logHelp[row.log] };
}

export function safeWords(row: SessionRow): StateWords {
  const key = row.inStore ? 'store' : row.copy === 'whole' ? 'here' : row.copy;
  return { text: words.safe[key], tone: safeTone(key, row), help: words.safeHelp[key] };
}

function safeTone(key: keyof typeof words.safe, row: SessionRow): Tone {
  if (key === 'store' || key === 'here') return 'good';
  return key === 'none' && row.countdown.state === 'due' ? 'wait' : 'plain';
}

/**
 * When the agent deletes it; null if it never does or that day is far off.
 * @param now epoch milliseconds
 * @param isShort there is no room for who deletes it
 */
export function dueWords(row: SessionRow, now: number, isShort = false): StateWords | null {
  const { countdown } = row;
  if (countdown.state === 'gone') return { text: words.due.gone, tone: 'plain' };
  if (countdown.state === 'paused' || countdown.state === 'unknown')
    return { text: words.due[countdown.state], tone: 'plain', help: countdown.why };
  const days = daysLeft(countdown, now);
  if (days === null) return null;
  const isSafe = row.inStore || row.copy === 'whole';
  return {
    text: isShort ? words.due.short(days) : days === 0 ? words.due.now : words.due.in(days),
    tone: days > 7 || isSafe ? 'plain' : days > 2 ? 'wait' : 'bad',
  };
}

/** The sessions deleted within a week, and what else exists of them; null if there are none. */
export function dueLine(sums: SessionSums): string | null {
  const { due, dueInStore, dueOnlyThere, nextDays } = sums;
  if (due === 0) return null;
  const here = Math.max(0, due - dueInStore - dueOnlyThere);
  const parts = [
    dueInStore === 0 ? '' : words.dueInStore(dueInStore),
    here === 0 ? '' : words.dueHere(here),
    dueOnlyThere === 0 ? '' : words.dueOnlyThere(dueOnlyThere),
  ];
  return words.dueParts(words.dueLine(due, nextDays), parts.filter((part) => part !== '').join(', '));
}

/** `412 sessions: 380 of Claude Code, 32 of Codex`, and runs of programs if there are any. */
export function sumsLine({ agents, total, runs }: SessionSums): string {
  const parts = agents.map(({ agent, sessions }) => words.ofAgent(sessions, AGENT_NAMES[agent]));
  const [only] = agents;
  const line =
    only === undefined
      ? words.count(total)
      : agents.length === 1
        ? words.ofOne(total, AGENT_NAMES[only.agent])
        : `${words.count(total)}: ${parts.join(', ')}`;
  return runs === 0 ? line : words.andRuns(line, words.runs(runs));
}
