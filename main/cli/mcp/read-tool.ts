import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { decodeLog } from '../../../shared/domain/decode-log.ts';
import { foldText } from '../../../shared/domain/fold-text.ts';
import { hideCredentials } from '../../../shared/domain/hide-credentials.ts';
import { parseLogId } from '../../../shared/domain/log-path.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { Lines, type LineRange } from '../../../shared/domain/log-text/lines.ts';
import { sectionOf } from '../../../shared/domain/log-text/sections.ts';
import { readLogText, type LogText } from '../../../shared/domain/log-text.ts';
import { withholdCredentials } from '../../../shared/domain/searchable-text.ts';
import { hideMarks } from '../../../shared/domain/session-mark.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { secretLabel } from '../../../shared/secrets/withhold.ts';
import type { Core } from '../../compose/core.ts';
import { inFolder } from '../../core/files/folder-path.ts';
import { readLog } from '../../core/logs/read-log.ts';
import type { Stretch } from '../../../shared/domain/log-text/stretches.ts';
import { cutEntries, lineInFile, WHOLE_FILE } from '../../core/logs/session-entries.ts';
import { pullLogs } from '../../core/workflows/pull-logs.ts';
import { failureOf } from '../cli-context.ts';
import { findLog } from '../find-log.ts';
import { answerText, byline, dataLine, FRAME_TOKENS } from './answer.ts';
import { LEAST_SHARE, tokensOf } from './tokens.ts';
import type { ToolArguments } from './tool-arguments.ts';
import type { RunTool, ToolBase } from './tool-base.ts';

/** Lines shown before that of a hit, if there is room for them and for those after it. */
const LEADS = [12, 5, 1, 0];
/** Lines after that of a hit with priority over those before it. */
const BEHIND = 5;
/** A smaller answer has no room for the headings. */
const OUTLINE_BUDGET = 800;
/** Maximum headings listed when a log is longer than the answer. */
const HEADINGS = 25;
/** Maximum characters shown of one line. */
const LINE_LETTERS = 2_000;

/** A log as it may be shown. */
interface Shown {
  readonly row: LogRow;
  readonly text: string;
  /** Maps its lines to its file. */
  readonly stretches: readonly Stretch[];
  /** True when only the search text is available. */
  readonly fromPack: boolean;
  /** The commit it was read from; null for a file. */
  readonly commit: string | null;
  readonly withheld: boolean;
}

/** `read_log`: a log from its beginning or a given line, one section of it, or the context of a hit. */
export const readTool: RunTool<ToolArguments<'read_log'>> = async (base, args, signal) => {
  const found = await find(base, args.log);
  if (!found.ok) return found;
  if (args.pull && (found.value.place === 'store' || found.value.stale)) {
    const failure = failureOf(await pullLogs(base.core, { ids: [found.value.id] }, { signal }));
    if (failure !== null) return err(failure);
  }
  // A hit's line refers to the very file named by the search.
  const shown = await textOf(
    base.core,
    found.value,
    args.around_line !== undefined || args.from !== undefined,
  );
  return shown.ok ? pageOf(shown.value, args) : shown;
};

async function find({ core }: ToolBase, name: string): Answer<LogRow> {
  const id = parseLogId(name.trim());
  if (id.ok) {
    const row = await core.sync.index.row(id.value.id);
    if (!row.ok || row.value !== null) return row as Result<LogRow, AppError>;
  }
  const found = await findLog(core, [name.trim()], {});
  if (found.ok || found.error.code !== 'ambiguous') return found;
  return err({
    ...found.error,
    message: `${(found.error.details?.['candidates'] as readonly string[] | undefined)?.length ?? 'Several'} or more sessions match.`,
    remedy: 'Find its id with search_logs or list_logs, and pass that.',
  });
}

async function textOf(core: Core, row: LogRow, exact: boolean): Answer<Shown> {
  const read = await readLog(core.sync, row.id, { exact });
  if (read.ok) {
    const inDataFolder = read.value.file.startsWith(inFolder(core.sync.paths.sessionLogs, ''));
    const plain = decodeLog(read.value.bytes);
    const text =
      inDataFolder && core.search.ownCredentials()
        ? plain
        : await withoutSecrets(core, hideCredentials(withholdCredentials(plain)));
    const { stretches } = read.value;
    return ok({ row, text, stretches, fromPack: false, commit: read.value.commit, withheld: text !== plain });
  }
  const id = parseLogId(row.id);
  if (!id.ok) return id;
  const { machine, path, part } = id.value;
  const kept = await core.search.search.keptTexts([{ machine, path }]);
  const text = kept.ok ? kept.value[0] : null;
  if (text === null || text === undefined)
    return err(
      row.place === 'store' ? { ...read.error, remedy: 'Call read_log again with pull: true.' } : read.error,
    );
  const session = readLogText(text, path).entries.find((entry) => entry.id === part);
  const cut = session === undefined ? { text, stretches: WHOLE_FILE } : cutEntries(text, session);
  return ok({ row, ...cut, fromPack: true, commit: null, withheld: false });
}

/** Replaces secrets by labels; those that span lines leave their line breaks, so that line numbers are preserved. */
async function withoutSecrets({ secrets, sync }: Core, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const found = await secrets.watch.find(bytes);
  // Text that could not be scanned is not shown.
  if (!found.ok) return '';
  const read = (from: number, to: number): string => new TextDecoder().decode(bytes.subarray(from, to));
  let [shown, at] = ['', 0];
  for (const { start, end, kind } of found.value) {
    const breaks = read(start, end).split('\n').length - 1;
    shown += `${read(at, start)}${secretLabel(kind, sync.self.hostname)}${'\n'.repeat(breaks)}`;
    at = end;
  }
  return shown + read(at, bytes.length);
}

function pageOf(shown: Shown, args: ToolArguments<'read_log'>): Result<string, AppError> {
  const lines = new Lines(shown.text);
  const parsed = readLogText(shown.text, 'log.md');
  const range = rangeOf(shown, parsed, lines, args);
  if (!range.ok) return range;
  const last = range.value[1];
  const room = roomOf(args.budget);
  const wanted = args.section === undefined && args.around_line === undefined && args.from === undefined;
  const outline =
    wanted && args.budget >= OUTLINE_BUDGET && tokensOf(shown.text) > room ? outlineOf(shown, parsed) : [];
  const { first, ...page } = take(
    lines,
    range.value,
    room - tokensOf(outline.join('\n')),
    args.around_line === undefined ? [0] : LEADS,
  );
  const next = page.last < last ? lineInFile(shown.stretches, page.last + 1) : null;
  const { row } = shown;
  const title = [dataLine(row.title ?? row.path), row.id, ...outline, ''];
  return ok(
    answerText(
      { total: lines.count, shown: page.last - first + 1, truncated: next !== null, next },
      [
        {
          by: `${byline(row.user ?? row.author, row.host, row.date)}, lines ${lineInFile(shown.stretches, first)} to ${lineInFile(shown.stretches, page.last)}`,
          text: [...title, page.text].join('\n'),
        },
      ],
      {
        more: shown.fromPack ? { onlySearchText: true } : {},
        hints: [
          ...(shown.commit === null
            ? []
            : [`Git has deleted or moved this log; this is from commit ${shown.commit.slice(0, 9)}.`]),
          ...(shown.withheld ? ['Credentials are left out.'] : []),
          ...(next === null
            ? []
            : [`Go on with from: ${next}${args.section === undefined ? '' : ', and the same section'}.`]),
        ],
      },
    ),
  );
}

function roomOf(budget: number): number {
  return budget * LEAST_SHARE - FRAME_TOKENS - 60;
}

/** The requested lines of the text. */
function rangeOf(
  { stretches }: Shown,
  { sections }: LogText,
  lines: Lines,
  { section, around_line: around, from }: ToolArguments<'read_log'>,
): Result<LineRange, AppError> {
  let [first, last] = [1, lines.count];
  if (section !== undefined) {
    const at = sections.findIndex(({ title }) => answers(title, section));
    const found = sections[at];
    if (found === undefined)
      return fail(
        'not-found',
        'The log has no such section.',
        'read_log without section shows it from its beginning.',
      );
    const behind = sections.slice(at + 1).find(({ level }) => level <= found.level);
    [first, last] = [found.line, (behind?.line ?? lines.count + 1) - 1];
  }
  const wanted = from ?? around;
  if (wanted === undefined) return ok([first, last]);
  const line = lineInText(stretches, wanted);
  if (line === null || line > last)
    return fail('not-found', `The log has no line ${wanted}.`, 'Read it from the beginning.');
  return ok([Math.max(first, line), last]);
}

function answers(title: string, asked: string): boolean {
  const wanted = foldText(asked).trim();
  return foldText(`${title} ${sectionOf(title) ?? ''}`).includes(wanted);
}

/** Maps a line of the file to the text, both 1-based; null for one that is not in the text. */
function lineInText(stretches: readonly Stretch[], wanted: number): number | null {
  let before = 0;
  for (const { first, lines } of stretches) {
    if (wanted >= first && wanted < first + lines) return before + wanted - first + 1;
    before += lines;
  }
  return null;
}

/** A run of lines, numbered within the text. */
interface Page {
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

/** Takes as many lines as fit, at least one, with the first of these leads that leaves room after the line. */
function take(lines: Lines, [line, last]: LineRange, room: number, leads: readonly number[]): Page {
  let page: Page | null = null;
  for (const lead of leads) {
    page = takeFrom(lines, [Math.max(1, line - lead), last], room);
    if (page.last >= Math.min(last, line + BEHIND)) break;
  }
  return page ?? takeFrom(lines, [line, last], room);
}

/** Runs of empty lines count as one. */
function takeFrom(lines: Lines, [first, last]: LineRange, room: number): Page {
  const taken: string[] = [];
  let left = room;
  let at = first;
  for (; at <= last; at++) {
    const whole = lines.line(at).trimEnd();
    const line = whole.length > LINE_LETTERS ? `${whole.slice(0, LINE_LETTERS)} [line cut]` : whole;
    if (line === '' && taken.at(-1) === '') continue;
    left -= tokensOf(line) + 1;
    if (left < 0 && at > first) break;
    taken.push(line);
  }
  return { text: hideMarks(taken.join('\n')).trim(), first, last: at - 1 };
}

/** The outline of a log that is longer than the answer. */
function outlineOf({ stretches }: Shown, { sections }: LogText): readonly string[] {
  const named = sections.filter(({ level }) => level <= 3).slice(0, HEADINGS);
  if (named.length < 2) return [];
  return [
    'Sections:',
    ...named.map(({ title, line }) => ` ${lineInFile(stretches, line)} ${dataLine(title, 60)}`),
  ];
}
