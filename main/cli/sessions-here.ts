import { plural } from '../../shared/format/amount.ts';
import { ok } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import { captureHere } from '../compose/capture-here.ts';
import { listSessions } from '../core/workflows/list-sessions.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { SessionSums } from '../../shared/transcripts/session-list.ts';

/** Agent sessions on this machine, for the status. */
export interface SessionsHere {
  readonly mode: Settings['capture']['mode'];
  readonly sums: SessionSums;
}

/** Uses only names and times of transcripts: no database, and none is opened. Hand-written and forgotten logs are as of the last capture. */
export async function sessionsHere(core: Core, signal: AbortSignal): Promise<SessionsHere> {
  const deps = await captureHere(core, true);
  const { sums } = await listSessions(
    { ...deps, written: async () => ok(new Set()), forgotten: async () => ok(new Set()) },
    { budgetMs: 0, signal },
  );
  return { mode: core.settings.capture.mode, sums };
}

/** Its lines for people; none if no agent has left a session. */
export function sessionsLines({ mode, sums }: SessionsHere): readonly (readonly [string, string])[] {
  const { total, written, captured, copied, inStore, nextDays } = sums;
  const stored = inStore === 0 ? '' : `, ${inStore} in the store`;
  if (total === 0) return [];
  const next =
    nextDays === null
      ? ''
      : `; the next is deleted ${nextDays === 0 ? 'any time now' : `in ${plural(nextDays, 'day')}`}`;
  return [
    [
      'Sessions',
      `${plural(total, 'session')} of agents: ${plural(written + captured, 'log')}, ${copied} kept here${stored}${next}`,
    ],
    ...(mode === 'off'
      ? [['', 'New ones are not kept. To keep them: session-log config set capture.mode on'] as const]
      : []),
  ];
}
