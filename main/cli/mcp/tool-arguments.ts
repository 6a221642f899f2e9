import * as v from 'valibot';
import { appError, type AppError, fail } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { BUDGET } from './answer.ts';
import type { ToolName } from './tool-list.ts';

/** Maximum characters of an ordinary argument, and of a log's text. */
const [WORDS, LOG_TEXT] = [2_000, 1_000_000];

const words = v.pipe(
  v.string('must be text'),
  v.maxLength(WORDS, `must have at most ${WORDS} characters`),
  v.check((value) => !value.includes('\0'), 'must not hold a NUL character'),
);
const maybe = v.optional(words);
const flag = v.optional(v.boolean('must be true or false'), false);
/** A count, clamped to its bounds: an agent that requests a million wants many. */
const count = (least: number, most: number) =>
  v.pipe(
    v.number('must be a number'),
    v.transform((value) => Math.min(most, Math.max(least, Math.floor(value)))),
  );
const budget = v.optional(count(BUDGET.least, BUDGET.most), BUDGET.usual);
/** `next` of an answer, which an agent may pass as a number. */
const cursor = v.optional(
  v.union([words, v.pipe(v.number(), v.transform(String))], 'must be next of an answer'),
);
const where = { project: maybe, user: maybe, machine: maybe, from: maybe, to: maybe };
const line = v.optional(count(1, 100_000_000));

/** The arguments of each tool. Unknown ones are ignored, as agents add arguments of their own. */
export const TOOL_ARGUMENTS = {
  search_logs: v.object({ query: words, ...where, limit: v.optional(count(1, 50), 10), cursor, budget }),
  read_log: v.object({ log: words, section: maybe, around_line: line, from: line, pull: flag, budget }),
  list_logs: v.object({ words: maybe, ...where, limit: v.optional(count(1, 200), 50), cursor, budget }),
  pending_tasks: v.object({ ...where, cursor, budget }),
  list_notes: v.object({ include_read: flag, cursor, budget }),
  save_log: v.object({
    text: v.pipe(
      v.string('must be text'),
      v.check((value) => value.trim() !== '', 'must not be empty'),
      v.maxLength(LOG_TEXT, `must have at most ${LOG_TEXT} characters: save the essence, not the transcript`),
    ),
    topic: maybe,
    project: maybe,
    client: maybe,
    session: maybe,
  }),
} satisfies Record<ToolName, v.GenericSchema>;

/** The parsed arguments of a tool. */
export type ToolArguments<Name extends ToolName> = v.InferOutput<(typeof TOOL_ARGUMENTS)[Name]>;

/** @returns `usage` with the name of the invalid argument; never its value, which may be long or a secret */
export function parseArguments<Name extends ToolName>(
  name: Name,
  given: unknown,
): Result<ToolArguments<Name>, AppError> {
  const parsed = v.safeParse(TOOL_ARGUMENTS[name], given ?? {});
  if (parsed.success) return ok(parsed.output as ToolArguments<Name>);
  const [issue] = parsed.issues;
  const key = v.getDotPath(issue);
  return fail(
    'usage',
    key === null
      ? `${name} takes an object of arguments.`
      : `${key} ${issue.received === 'undefined' ? 'is missing' : issue.message}.`,
    'See the tool\u2019s input schema.',
  );
}

/** Parses a cursor that is an offset: `o40`. @returns null when invalid */
export function offsetOf(given: string | undefined): number | null {
  if (given === undefined) return 0;
  const digits = /^o?(\d{1,7})$/.exec(given)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The error for an invalid cursor. */
export function badCursor(): AppError {
  return appError('usage', 'cursor is not next of an answer of this tool.', 'Ask again without cursor.');
}
