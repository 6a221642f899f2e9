import { plural } from '../../../shared/format/amount.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { Excerpt, ToolOutcome, ToolUse, TranscriptEvent } from '../../../shared/transcripts/events.ts';

type EventOf<K extends TranscriptEvent['kind']> = Extract<TranscriptEvent, { readonly kind: K }>;

/** One item of a displayed conversation. `key` is that of its event. */
export type ConversationItem = { readonly key: string; readonly at: number | null } & (
  | {
      readonly kind: 'prompt';
      readonly text: Excerpt;
      readonly via: EventOf<'prompt'>['via'];
      readonly attachments: number;
      /** Byte offset, as in the outline. */
      readonly offset: number;
    }
  | { readonly kind: 'reply'; readonly text: Excerpt }
  /** A tool on one line, with its output behind it. */
  | {
      readonly kind: 'tool';
      readonly line: string;
      readonly outcome: ToolOutcome | 'open';
      readonly detail: string;
    }
  | {
      readonly kind: 'subagent';
      readonly task: string;
      readonly outcome: ToolOutcome | 'open';
      /** Its id, used by its file; null until the agent gives it. */
      readonly agent: string | null;
      readonly answer: string;
      /** Its actions, if they are in the same file. */
      readonly inner: readonly ConversationItem[];
    }
  /** Anything else, on one line. */
  | { readonly kind: 'fact'; readonly line: string; readonly detail: string }
);

const words = en.sessions.conversation;

/** Converts settled events to display items: prompts and replies, one line per tool, subagents' work nested. */
export function conversationItems(events: readonly TranscriptEvent[]): readonly ConversationItem[] {
  return itemsOf(events, null);
}

function itemsOf(events: readonly TranscriptEvent[], by: string | null): readonly ConversationItem[] {
  const own = events.filter((event) => event.by === by);
  const ends = new Map(
    own.flatMap((event) => (event.kind === 'subagent-ended' ? [[event.call, event]] : [])),
  );
  const begun = new Set(own.flatMap((event) => (event.kind === 'subagent-started' ? [event.call] : [])));
  const ended = new Set(own.flatMap((event) => (event.kind === 'tool-ended' ? [event.call] : [])));
  return own.flatMap((event): readonly ConversationItem[] => {
    if (event.kind === 'subagent-started') return [subagentItem(event, ends.get(event.call) ?? null, events)];
    if (event.kind === 'tool-started' && ended.has(event.call)) return [];
    const isTool = event.kind === 'tool-started' || event.kind === 'tool-ended';
    if (isTool && event.use.does === 'subagent' && begun.has(event.call)) return [];
    return itemOf(event);
  });
}

function subagentItem(
  event: EventOf<'subagent-started'>,
  end: EventOf<'subagent-ended'> | null,
  all: readonly TranscriptEvent[],
): ConversationItem {
  const agent = event.agent ?? end?.agent ?? null;
  return {
    kind: 'subagent',
    key: event.key,
    at: event.at,
    task: firstLine(event.task.text),
    outcome: end?.outcome ?? 'open',
    agent,
    answer: end?.answer?.text ?? '',
    // A subagent that is its own parent would never end.
    inner:
      agent === null || agent === event.by
        ? []
        : itemsOf(all, agent).filter(({ kind }) => kind !== 'subagent'),
  };
}

function itemOf(event: TranscriptEvent): readonly ConversationItem[] {
  const { key, at } = event;
  switch (event.kind) {
    case 'prompt': {
      const { text, via, attachments, place } = event;
      return [{ kind: 'prompt', key, at, text, via, attachments, offset: place.offset }];
    }
    case 'reply':
      return event.text.text.trim() === '' ? [] : [{ kind: 'reply', key, at, text: event.text }];
    case 'tool-started':
      return [{ kind: 'tool', key, at, line: toolLine(event.tool, event.use), outcome: 'open', detail: '' }];
    case 'tool-ended': {
      const detail = [commandOf(event.use), event.words ?? '', event.output?.text ?? ''];
      return [
        {
          kind: 'tool',
          key,
          at,
          line: toolLine(event.tool, event.use),
          outcome: event.outcome,
          detail: detail.filter((part) => part !== '').join('\n\n'),
        },
      ];
    }
    default: {
      const fact = factOf(event);
      return fact === null ? [] : [{ kind: 'fact', key, at, ...fact }];
    }
  }
}

function factOf(event: TranscriptEvent): { readonly line: string; readonly detail: string } | null {
  switch (event.kind) {
    case 'question':
      return {
        line: event.questions
          .map(({ question, answer }) => words.question(question, answer ?? words.noAnswer))
          .join(' '),
        detail: '',
      };
    case 'plan':
      return { line: words.plan[event.verdict], detail: event.text.text };
    case 'todos':
      return {
        line: words.todos(event.items.filter(({ state }) => state === 'done').length, event.items.length),
        detail: event.items
          .map(({ text, state }) => `${state === 'done' ? '[x]' : '[ ]'} ${text}`)
          .join('\n'),
      };
    case 'commit':
      return { line: words.commit(event.sha.slice(0, 12), event.subject ?? ''), detail: '' };
    case 'pull-request':
      return { line: words.pullRequest(event.url), detail: '' };
    case 'interrupted':
      return { line: words.interrupted, detail: '' };
    case 'api-error':
      return { line: words.apiError(event.message), detail: '' };
    case 'compacted':
      return { line: words.compacted, detail: '' };
    default:
      return null;
  }
}

function toolLine(tool: string, use: ToolUse): string {
  const about = aboutUse(use);
  return about === '' ? tool : words.tool(tool, about);
}

function aboutUse(use: ToolUse): string {
  switch (use.does) {
    case 'command':
      return firstLine(use.command.text);
    case 'change':
      return changeLine(use.files);
    case 'read':
      return use.path ?? '';
    case 'search':
      return firstLine(use.query.text);
    case 'web':
      return firstLine(use.target.text);
    case 'mcp':
      return `${use.server} ${use.name}`;
    case 'subagent':
      return firstLine(use.task.text);
    case 'other':
      return firstLine(use.about?.text ?? '');
  }
}

function changeLine(files: Extract<ToolUse, { does: 'change' }>['files']): string {
  const [first] = files;
  if (first === undefined) return '';
  const { path, added, removed } = first;
  const lines = added === null && removed === null ? '' : ` +${added ?? 0} -${removed ?? 0}`;
  const more = files.length === 1 ? '' : ` ${words.moreFiles(plural(files.length - 1, 'file'))}`;
  return `${path}${lines}${more}`;
}

/** A command that does not fit on its line. */
function commandOf(use: ToolUse): string {
  return use.does === 'command' && use.command.text.includes('\n') ? use.command.text : '';
}

const LINE = 300;

function firstLine(text: string): string {
  return (text.trim().split('\n', 1)[0] ?? '').slice(0, LINE);
}

/** The text of an item covered by a word search. */
function itemText(item: ConversationItem): string {
  switch (item.kind) {
    case 'prompt':
    case 'reply':
      return item.text.text;
    case 'tool':
    case 'fact':
      return `${item.line}\n${item.detail}`;
    case 'subagent':
      return [item.task, item.answer, ...item.inner.map(itemText)].join('\n');
  }
}

/** Whether words occur in an item, or behind its line. @param wanted in lower case */
export function holdsWords(item: ConversationItem, wanted: string): boolean {
  return itemText(item).toLowerCase().includes(wanted);
}

/** The items as Markdown, for pasting elsewhere. */
export function conversationMarkdown(title: string, items: readonly ConversationItem[]): string {
  return `${[`# ${title}`, ...items.map(markdownOf)].join('\n\n')}\n`;
}

function markdownOf(item: ConversationItem): string {
  switch (item.kind) {
    case 'prompt':
      return `## ${words.you}\n\n${item.text.text.trim()}`;
    case 'reply':
      return item.text.text.trim();
    case 'tool':
      return `- ${item.line}${item.outcome === 'failed' ? ` (${words.outcomes.failed})` : ''}`;
    case 'fact':
      return `- ${item.line}`;
    case 'subagent':
      return [`- ${words.subagent(item.task)}`, item.answer.trim()]
        .filter((part) => part !== '')
        .join('\n\n');
  }
}
