import type { Answer } from '../../../../shared/app-error.ts';
import { daysLeft, isAtRisk } from '../../../../shared/transcripts/countdown.ts';
import type { SessionRow } from '../../../../shared/transcripts/session-list.ts';
import type { ParsedInput } from '../../../../shared/ipc/contract.ts';
import { foldText } from '../../../../shared/domain/fold-text.ts';
import { mapOk, ok } from '../../../../shared/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Git } from '../../ports/git.ts';
import { captureDeps } from '../../workflows/capture-base.ts';
import { listSessions, type SessionList } from '../../workflows/list-sessions.ts';
import {
  conversationPlaces,
  outlineConversation,
  readConversation,
} from '../../workflows/read-conversation.ts';
import { restoreTranscript } from '../../workflows/restore-transcript.ts';
import type { SessionsService } from '../app-service.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import type { SessionSweeps } from './session-sweeps.ts';

export interface SessionsServiceParts {
  readonly present: PresentCore;
  readonly sweeps: Pick<SessionSweeps, 'capture'>;
  readonly git: Git;
  readonly clock: Pick<Clock, 'now'>;
  readonly bus: Bus;
}

/** A first page rescans after this long; later pages use the same scan. Milliseconds. */
const FRESH_MS = 5_000;
/** Most milliseconds spent reading heads and tails of new sessions. */
const DESCRIBE_MS = 1_500;

/** Sessions for the windows. */
export function createSessionsService({
  present,
  sweeps,
  git,
  clock,
  bus,
}: SessionsServiceParts): SessionsService {
  const places = conversationPlaces();
  let last: SessionList | null = null;
  // Captures, restores and removals make the last scan outdated.
  bus.on('sessions.changed', () => (last = null));

  async function look(isFirstPage: boolean): Answer<SessionList> {
    const known = last;
    if (known !== null && (!isFirstPage || clock.now() - known.lookedAt < FRESH_MS)) return ok(known);
    return present.use(async (core) => {
      const list = await listSessions(await captureDeps(core, git), { budgetMs: DESCRIBE_MS });
      last = list;
      return ok(list);
    });
  }

  return {
    async list(query) {
      return mapOk(await look(query.offset === 0), ({ rows, sums, notices, offers, lookedAt }) => {
        const found = rows.filter((row) => answers(row, query, clock.now()));
        const page = found.slice(query.offset, query.offset + query.limit);
        return { rows: page, total: found.length, sums, notices, offers, lookedAt };
      });
    },
    capture: async ({ sessions }) => ok({ operation: sweeps.capture(sessions).id }),
    async restore(session) {
      const restored = await present.use(async (core) =>
        restoreTranscript(await captureDeps(core, git), session),
      );
      last = null;
      return mapOk(restored, (files) => ({
        files: files.map(({ command, ...file }) => ({ ...file, command: command?.join(' ') ?? null })),
      }));
    },
    conversation: (input) =>
      present.use(async (core) => readConversation(await captureDeps(core, git), places, input)),
    outline: (input) =>
      present.use(async (core) => outlineConversation(await captureDeps(core, git), places, input)),
  };
}

function answers(
  row: SessionRow,
  { agents, text, dueWithin, atRisk }: ParsedInput<'sessions.list'>,
  now: number,
): boolean {
  if (agents !== undefined && agents.length > 0 && !agents.includes(row.agent)) return false;
  if (dueWithin !== undefined && (daysLeft(row.countdown, now) ?? Number.POSITIVE_INFINITY) > dueWithin)
    return false;
  if (atRisk === true && !isAtRisk(row, now)) return false;
  const words = foldText(text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const said = foldText([row.title, row.project, row.folder, row.id, ...row.models].join(' '));
  return words.every((word) => said.includes(word));
}
