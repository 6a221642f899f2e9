import { type AppError, fail } from '../../../shared/app-error.ts';
import { forTerminal } from '../../../shared/domain/terminal-text.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { openLocal } from '../../compose/open-local.ts';
import { agentSession } from '../agent-session.ts';
import type { Scope } from '../../core/save/log-folder.ts';
import { saveSession, type SessionKept } from '../../core/workflows/save-session.ts';
import { sessionText } from '../saved-text.ts';
import { startDrain } from '../start-drain.ts';
import { answerText } from './answer.ts';
import type { ToolArguments } from './tool-arguments.ts';
import type { RunTool } from './tool-base.ts';
import { plural } from '../../../shared/format/amount.ts';

/** Milliseconds a save waits for another sync of the workspace: an agent waits too. */
const LOCK_WAIT_MS = 20_000;

/** `save_log`: the same as `session-log save`, with the push to the store in the background, as in a hook. */
export const saveTool: RunTool<ToolArguments<'save_log'>> = async ({ cwd, env }, args, signal) => {
  const local = openLocal();
  if (!local.ok) return local;
  const scope = scopeOf(args);
  if (!scope.ok) return scope;
  const saved = await saveSession(
    local.value,
    {
      log: {
        cwd,
        workspace: null,
        scope: scope.value,
        session: agentSession(args.session, env),
        log: null,
        text: new TextEncoder().encode(args.text),
        from: { kind: 'stream' },
        topic: args.topic ?? null,
      },
      author: local.value.settings.author,
      sync: true,
      waitMs: LOCK_WAIT_MS,
      signal,
    },
    {
      // A program has read the notes, not a person.
      show: async () => [],
      reachStore: async () => {
        startDrain(local.value.paths.home, cwd);
        return null;
      },
    },
  );
  return saved.ok ? ok(receipt(saved.value)) : saved;
};

function receipt(saved: SessionKept): string {
  const { save } = saved.report;
  const head = { total: 1, shown: 1, truncated: false, next: null };
  const notes = saved.notes.length;
  return answerText(head, [], {
    more: { action: save.action, session: save.session, path: save.path },
    hints: [
      forTerminal(sessionText({ ...saved, notes: [] })).trim(),
      ...(saved.problem === null ? [] : [forTerminal(`${saved.problem.message} ${saved.problem.remedy}`)]),
      ...(notes > 0 ? [`${plural(notes, 'unread note')} for the user: list_notes.`] : []),
    ],
  });
}

function scopeOf({
  project,
  client,
}: Pick<ToolArguments<'save_log'>, 'project' | 'client'>): Result<Scope | null, AppError> {
  if (project !== undefined && client !== undefined)
    return fail('usage', 'A log belongs to a project or to a client, not to both.', 'Give one of them.');
  if (project !== undefined) return ok({ kind: 'project', name: project });
  return ok(client === undefined ? null : { kind: 'client', name: client });
}
