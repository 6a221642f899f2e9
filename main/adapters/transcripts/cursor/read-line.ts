import type { ToolUse } from '../../../../shared/transcripts/events.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import type { LineContext, LineRules } from '../reading/event-parser.ts';
import {
  excerpt,
  fields,
  firstText,
  KEPT,
  label,
  lineCount,
  list,
  otherUse,
  replacedLines,
  text,
  type Fields,
} from '../reading/values.ts';

interface Memory {
  /** Where it was started, once a path has revealed it. */
  folder: string | null;
}

/** The rules that convert Cursor's lines to events. They contain neither times nor ids nor tool results. */
export const LINE_RULES: LineRules<Memory> = {
  version: PARSER_VERSIONS.cursor,
  start: () => ({ folder: null }),
  line: readLine,
};

function readLine(value: unknown, context: LineContext, memory: Memory): string | null {
  const line = fields(value);
  const role = text(line['role']);
  const type = text(line['type']);
  if (role === null) return type === 'turn_ended' ? null : (type ?? 'no role');
  const { content } = fields(line['message']);
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : list(content);
  // The project's name in the path changes with the project; the session's does not.
  const { file, lineKey } = context;
  const key = `${file.subagent ?? file.session}${lineKey.slice(file.name.length)}`;
  if (role === 'user') {
    if (file.role === 'main') readPrompt(blocks.map(fields), key, context);
    return null;
  }
  if (role !== 'assistant') return role === 'system' ? null : role;
  for (const [index, block] of blocks.map(fields).entries())
    readBlock(block, `${key}/${index}`, context, memory);
  return null;
}

/** What the client puts before a person's words, which may contain a pasted copy of the same. */
const CLIENT =
  /^\s*<(timestamp|user_info|system_reminder|attached_files|open_and_recently_viewed_files|git_status|rules|agent_skills|agent_transcripts|external_links|image_files|manually_attached_skills|cursor_commands|system_notification|mcp_file_system)\b[^>]*>[\s\S]*?<\/\1>/;

function readPrompt(blocks: readonly Fields[], key: string, context: LineContext): void {
  const words = blocks
    .map((block) => typedWords(text(block['text']) ?? ''))
    .filter((one) => one !== '')
    .join('\n');
  const attachments = blocks.filter((block) => block['type'] === 'image').length;
  if (words === '' && attachments === 0) return;
  const via = words.startsWith('/') ? 'command' : 'typed';
  context.emit({ kind: 'prompt', text: excerpt(words), via, attachments }, { key });
}

/** A person's typed words, without the client's prefix. */
export function typedWords(words: string): string {
  let rest = words;
  for (let tag = CLIENT.exec(rest); tag !== null; tag = CLIENT.exec(rest)) rest = rest.slice(tag[0].length);
  const [open, close] = ['<user_query>', '</user_query>'];
  const from = rest.indexOf(open);
  if (from === -1) return rest.trim();
  const to = rest.lastIndexOf(close);
  return rest.slice(from + open.length, to > from ? to : undefined).trim();
}

function readBlock(block: Fields, key: string, context: LineContext, memory: Memory): void {
  if (block['type'] === 'text') {
    const words = text(block['text'])?.trim() ?? '';
    if (words !== '') context.emit({ kind: 'reply', text: excerpt(words), model: null }, { key });
  }
  if (block['type'] !== 'tool_use') return;
  const tool = label(block['name']).text;
  const input = fields(block['input']);
  placeAt(firstText(input['path'], input['working_directory'], input['target_directory']), context, memory);
  const use = toolUse(tool, input);
  context.emit({ kind: 'tool-started', call: key, tool, use }, { key: `call/${key}` });
  // Its outcome is unknown, and the session continues in any case.
  context.emit(
    { kind: 'tool-ended', call: key, tool, use, outcome: 'unknown', output: null, words: null },
    { key: `end/${key}` },
  );
}

function toolUse(tool: string, input: Fields): ToolUse {
  const path = text(input['path']);
  const file = { path: path ?? '', change: 'changed' as const, to: null };
  switch (tool) {
    case 'Shell': {
      const command = excerpt(text(input['command']) ?? '', KEPT.command);
      return {
        does: 'command',
        command,
        folder: text(input['working_directory']),
        exit: null,
        background: false,
      };
    }
    case 'Write':
      // It writes both new and existing files.
      return {
        does: 'change',
        files: [{ ...file, added: lineCount(text(input['contents']) ?? ''), removed: null }],
      };
    case 'StrReplace': {
      const lines = replacedLines(text(input['old_string']) ?? '', text(input['new_string']) ?? '');
      return { does: 'change', files: [{ ...file, ...lines }] };
    }
    case 'Delete':
      return { does: 'change', files: [{ ...file, change: 'deleted', added: null, removed: null }] };
    case 'Read':
      return { does: 'read', path };
    case 'Grep':
    case 'Glob':
    case 'SemanticSearch':
      return { does: 'search', query: label(input['pattern'], input['glob_pattern'], input['query']) };
    case 'WebSearch':
    case 'WebFetch':
      return { does: 'web', target: label(input['url'], input['search_term'], input['query']) };
    case 'Task':
    case 'Subagent':
      return {
        does: 'subagent',
        task: label(input['description'], input['prompt']),
        agentType: text(input['subagent_type']),
      };
    default:
      return otherUse(input['description'], input['explanation']);
  }
}

/**
 * A session's folder is only given by its path, in normalized characters: it is the beginning of some path in the session that normalizes
 * to the same characters.
 */
function placeAt(path: string | null, context: LineContext, memory: Memory): void {
  const [project = ''] = context.file.name.split('/');
  if (path === null || memory.folder !== null || path.length > KEPT.output) return;
  for (
    let at = path.length;
    at > 0;
    at = Math.max(path.lastIndexOf('/', at - 1), path.lastIndexOf('\\', at - 1))
  ) {
    const folder = path.slice(0, at);
    if (projectName(folder) !== project) continue;
    memory.folder = folder;
    context.emit({ kind: 'setting', folder }, { key: `folder/${context.file.session}` });
    return;
  }
}

function projectName(folder: string): string {
  return folder.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}
