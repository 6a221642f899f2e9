import { decodeLog } from '../../../shared/domain/decode-log.ts';
import { hideCredentials } from '../../../shared/domain/hide-credentials.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { Lines } from '../../../shared/domain/log-text/lines.ts';
import { sectionOf } from '../../../shared/domain/log-text/sections.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { withholdCredentials } from '../../../shared/domain/searchable-text.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { readLog } from '../../core/logs/read-log.ts';
import { parseSelection, zoneOf } from '../parse-options.ts';
import { answerText, byline, cutItem, dataLine, fitting, type AnswerItem } from './answer.ts';
import { badCursor, offsetOf, type ToolArguments } from './tool-arguments.ts';
import { selectionOf, type RunTool } from './tool-base.ts';

/** Logs that one answer opens. */
const LOOKED_AT = 60;
const TASKS = 20;
const TASK = /^\s{0,8}(?:[-*+]|\d{1,3}[.)])\s+(.*)$/;
const NOTHING = /^\W*(?:none|nothing|not recorded|n\/a)\W*$/i;

/** `pending_tasks`: what logs name under Pending / Incomplete Tasks and nobody ticked off there, the newest log first. */
export const pendingTool: RunTool<ToolArguments<'pending_tasks'>> = async (base, args, signal) => {
  const { core } = base;
  const offset = offsetOf(args.cursor);
  if (offset === null) return err(badCursor());
  const fresh = await base.fresh.upToDate();
  if (!fresh.ok) return fresh;
  const query = await parseSelection(selectionOf(args), [], core.sync.index, () => zoneOf(core.settings));
  if (!query.ok) return query;
  const page = await core.sync.index.page({ ...query.value, offset, limit: LOOKED_AT });
  if (!page.ok) return page;
  const items: AnswerItem[] = [];
  const ends: number[] = [];
  for (const [at, row] of page.value.rows.entries()) {
    if (signal.aborted) break;
    const tasks = await tasksOf(core, row);
    if (tasks.length === 0) continue;
    items.push(itemOf(row, tasks));
    ends.push(at + 1);
    if (fitting(items, args.budget) < items.length) break;
  }
  const shown = fitting(items, args.budget);
  const looked = shown < items.length ? (ends[shown - 1] ?? 0) : page.value.rows.length;
  const next = offset + looked < page.value.total ? `o${offset + looked}` : null;
  const head = { total: page.value.total, shown, truncated: next !== null, next };
  return ok(
    answerText(
      head,
      items.slice(0, shown).map((item) => cutItem(item, args.budget)),
      {
        more: { totalOf: 'sessions', lookedAt: looked },
        hints: shown === 0 ? ['No open tasks in these sessions.'] : [],
      },
    ),
  );
};

function itemOf(row: LogRow, tasks: readonly string[]): AnswerItem {
  return {
    by: byline(row.user ?? row.author, row.host, row.date),
    text: [
      dataLine(row.title ?? row.path),
      row.id,
      ...tasks.slice(0, TASKS).map((task) => `- ${dataLine(task)}`),
    ].join('\n   '),
  };
}

async function tasksOf(core: Core, row: LogRow): Promise<readonly string[]> {
  const read = await readLog(core.sync, row.id);
  if (!read.ok) return [];
  const text = hideCredentials(withholdCredentials(decodeLog(read.value.bytes)));
  const lines = new Lines(text);
  const { sections } = readLogText(text, 'log.md');
  return sections.flatMap(({ title, line, level }, at) => {
    if (sectionOf(title) !== 'Pending / Incomplete Tasks') return [];
    const behind = sections.slice(at + 1).find((next) => next.level <= level);
    const found: string[] = [];
    for (let one = line + 1; one < (behind?.line ?? lines.count + 1); one++) {
      const task = TASK.exec(lines.line(one))?.[1]?.trim() ?? '';
      if (task !== '' && !/^\[[xX]\]/.test(task) && !NOTHING.test(task))
        found.push(task.replace(/^\[ ?\]\s*/, ''));
    }
    return found;
  });
}
