/** The six tools. Only `save_log` writes. */
export const TOOL_NAMES = [
  'search_logs',
  'read_log',
  'list_logs',
  'pending_tasks',
  'list_notes',
  'save_log',
] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** JSON Schema of one argument. */
type Property = Record<string, string>;

/** A tool as listed by the protocol. An agent pays for every word of it in every session, so there are few: tool-list.test.ts counts. */
export interface ToolEntry {
  readonly name: ToolName;
  readonly description: string;
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: Record<string, Property>;
    readonly required?: string[];
  };
  /** Only for reading tools: clients assume that tools may write. */
  readonly annotations?: { readonly readOnlyHint: true };
}

const text = { type: 'string' };
const said = (description: string): Property => ({ ...text, description });
const whole = { type: 'integer' };
const yes = { type: 'boolean' };
const budget = { budget: whole };
const where = { project: text, user: text, machine: text };
const days = { from: said('day or 7d'), to: text };

function tool(
  name: ToolName,
  description: string,
  properties: Record<string, Property>,
  required: string[] = [],
): ToolEntry {
  const inputSchema = {
    type: 'object' as const,
    properties,
    ...(required.length > 0 ? { required } : {}),
  };
  return {
    name,
    description,
    inputSchema,
    ...(name === 'save_log' ? {} : { annotations: { readOnlyHint: true } }),
  };
}

export const TOOLS: readonly ToolEntry[] = [
  tool(
    'search_logs',
    "Search the team's session logs: what was done, decided, broken. One call at a time.",
    {
      query: said('plain words; "phrase", a OR b, -word, section:Pending, file:x.ts'),
      ...where,
      ...days,
      limit: whole,
      cursor: said('next of last answer'),
      ...budget,
    },
    ['query'],
  ),
  tool(
    'read_log',
    'Read a log, a section of it, or lines around a hit.',
    {
      log: said('id, path or title'),
      section: text,
      around_line: whole,
      from: whole,
      pull: { ...yes, description: 'fetch from the store' },
      ...budget,
    },
    ['log'],
  ),
  tool('list_logs', 'List sessions of all machines, newest first.', {
    words: text,
    ...where,
    ...days,
    limit: whole,
    cursor: text,
    ...budget,
  }),
  tool('pending_tasks', 'Open tasks that the newest logs name.', {
    ...where,
    ...days,
    cursor: text,
    ...budget,
  }),
  tool('list_notes', 'Notes from colleagues to this user. Show them to the user.', {
    include_read: yes,
    cursor: text,
    ...budget,
  }),
  tool(
    'save_log',
    "Save this session's log: Markdown with Session Summary, Key Decisions, Pending Tasks. The same session appends.",
    { text, topic: text, project: text, client: text, session: text },
    ['text'],
  ),
];
