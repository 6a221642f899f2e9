import type { ListedThread } from '../../../shared/domain/pending-list.ts';
import { logId } from '../../../shared/domain/ids.ts';
import { partId } from '../../../shared/domain/log-path.ts';
import { err, ok } from '../../../shared/result.ts';
import { listPending, MOST_TASKS } from '../../core/pending/pending-tasks.ts';
import { findReader } from '../../core/workflows/find-reader.ts';
import { parseSelection, zoneOf } from '../parse-options.ts';
import { answerText, byline, cutItem, dataLine, fitting, type AnswerItem } from './answer.ts';
import { badCursor, offsetOf, type ToolArguments } from './tool-arguments.ts';
import { selectionOf, type RunTool } from './tool-base.ts';

/** `pending_tasks`: the pending tasks in everybody's latest logs, latest list first. */
export const pendingTool: RunTool<ToolArguments<'pending_tasks'>> = async (base, args) => {
  const { core, cwd } = base;
  const offset = offsetOf(args.cursor);
  if (offset === null) return err(badCursor());
  const fresh = await base.fresh.upToDate();
  if (!fresh.ok) return fresh;
  const reader = await findReader(
    { files: core.sync.files, settings: core.settings, systemUser: core.systemUser },
    cwd,
  );
  if (!reader.ok) return reader;
  const { user, project, machine, from: first, to: last } = args;
  const days = await parseSelection(selectionOf({ from: first, to: last }), [], core.sync.index, () =>
    zoneOf(core.settings),
  );
  if (!days.ok) return days;
  const { from, to } = days.value;
  const listed = await listPending({ sync: core.sync, search: core.search.search }, reader.value, {
    ...(user === undefined ? {} : { users: [user] }),
    ...(project === undefined ? {} : { projects: [project] }),
    ...(machine === undefined ? {} : { machines: [machine] }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    limit: MOST_TASKS,
  });
  if (!listed.ok) return listed;
  const items = listed.value.threads
    .filter(({ tasks }) => tasks.length > 0)
    .slice(offset)
    .map(itemOf);
  const shown = fitting(items, args.budget);
  const next = shown < items.length ? `o${offset + shown}` : null;
  const head = { total: listed.value.open, shown, truncated: next !== null || listed.value.more, next };
  return ok(
    answerText(
      head,
      items.slice(0, shown).map((item) => cutItem(item, args.budget)),
      { hints: items.length === 0 ? ['No open tasks.'] : [] },
    ),
  );
};

function itemOf(thread: ListedThread): AnswerItem {
  const tasks = thread.tasks.map(
    ({ id, text, since }) => `- ${dataLine(text)} (since ${since}, id ${id.slice(0, 8)})`,
  );
  return {
    by: byline(thread.user, thread.host, thread.day),
    text: [
      dataLine(thread.title ?? thread.path),
      partId(logId(thread.machine, thread.path), thread.part),
      ...tasks,
    ].join('\n   '),
  };
}
