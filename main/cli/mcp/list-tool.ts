import type { LogRow } from '../../../shared/domain/log-query.ts';
import { err, ok } from '../../../shared/result.ts';
import { parseSelection, zoneOf } from '../parse-options.ts';
import { answerText, byline, dataLine, fitting, type AnswerItem } from './answer.ts';
import { badCursor, offsetOf, type ToolArguments } from './tool-arguments.ts';
import { selectionOf, type RunTool } from './tool-base.ts';

/** `list_logs`: sessions of all machines, newest first. */
export const listTool: RunTool<ToolArguments<'list_logs'>> = async (base, args) => {
  const { core } = base;
  const offset = offsetOf(args.cursor);
  if (offset === null) return err(badCursor());
  const fresh = await base.fresh.upToDate();
  if (!fresh.ok) return fresh;
  const words = args.words === undefined || args.words.trim() === '' ? [] : [args.words];
  const query = await parseSelection(
    selectionOf(args),
    words,
    core.sync.index,
    () => zoneOf(core.settings),
    await core.sync.surroundings.workspaces(),
  );
  if (!query.ok) return query;
  const page = await core.sync.index.page({ ...query.value, offset, limit: args.limit });
  if (!page.ok) return page;
  const items = page.value.rows.map(itemOf);
  const shown = fitting(items, args.budget);
  const next = offset + shown < page.value.total ? `o${offset + shown}` : null;
  const head = { total: page.value.total, shown, truncated: next !== null, next };
  return ok(
    answerText(head, items.slice(0, shown), { hints: items.length === 0 ? ['No session matches.'] : [] }),
  );
};

function itemOf(row: LogRow): AnswerItem {
  const facts = [
    ...(row.project === null ? [] : [`project ${dataLine(row.project, 60)}`]),
    ...(row.client === null ? [] : [`client ${dataLine(row.client, 60)}`]),
    ...(row.notes > 0 ? ['has notes'] : []),
    ...(row.place === 'store' ? ['not pulled'] : []),
    ...(row.commit === null ? [] : [`deleted in git, commit ${row.commit.slice(0, 9)} has it`]),
  ];
  return {
    by: byline(row.user ?? row.author, row.host, row.date),
    text: [
      dataLine(row.title ?? row.topic ?? row.path),
      row.id,
      ...(facts.length > 0 ? [facts.join(', ')] : []),
    ].join('\n   '),
  };
}
