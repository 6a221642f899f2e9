import type { EventMore, LineContext } from '../reading/event-parser.ts';
import { fields, firstText, text, time, type Fields } from '../reading/values.ts';
import { groupOf, type Memory } from './memory.ts';

/** What a line contains regardless of its type. */
export interface Line {
  readonly fields: Fields;
  readonly at: number | null;
  /** Null for lines without one. */
  readonly uuid: string | null;
  readonly parent: string | null;
  readonly by: string | null;
}

/** Reads the common fields of a line. */
export function lineOf(value: unknown, context: LineContext, memory: Memory): Line {
  const all = fields(value);
  // A fork by the SDK assigns new ids to copied lines, and records the old ones.
  const uuid = firstText(fields(all['forkedFrom'])['messageUuid'], all['uuid']);
  const parent = text(all['parentUuid']);
  const isSide = all['isSidechain'] === true && context.file.subagent === null;
  // Old versions wrote subagents into the session's own file, several at a time, each as its own chain.
  const group = isSide
    ? (text(all['agentId']) ?? (uuid === null ? 'side' : groupOf(memory, uuid, parent)))
    : null;
  return { fields: all, at: time(all['timestamp']), uuid, parent, by: context.file.subagent ?? group };
}

/** Key, time and author of an event from this line. */
export function more(line: Line, key: string | null): EventMore {
  return { ...(key === null ? {} : { key }), at: line.at, by: line.by };
}
