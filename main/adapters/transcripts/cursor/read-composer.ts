import type { FileChange, ToolOutcome, ToolUse } from '../../../../shared/transcripts/events.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import type { LineContext, LineRules } from '../reading/event-parser.ts';
import { emitGitResults } from '../reading/git-output.ts';
import {
  excerpt,
  fields,
  firstText,
  KEPT,
  label,
  lineCount,
  list,
  number,
  otherUse,
  parsed,
  replacedLines,
  text,
  time,
  tokens,
  type Fields,
} from '../reading/values.ts';
import { typedWords } from './read-line.ts';

/** The rules that convert a conversation from the database of Cursor's editor to events. */
export const COMPOSER_RULES: LineRules<null> = {
  version: PARSER_VERSIONS.cursor,
  start: () => null,
  line: readComposer,
};

function readComposer(value: unknown, context: LineContext): string | null {
  const { id, folder, head, composer, bubbles } = fields(value);
  if (text(id) === null || !Array.isArray(bubbles)) return 'no conversation of Cursor';
  const [first, document] = [fields(head), fields(composer)];
  const at = time(first['createdAt']) ?? time(document['createdAt']);
  const place = firstText(folder, ...[first, document].flatMap(foldersIn));
  context.emit(
    { kind: 'setting', startedBy: 'editor', ...(place === null ? {} : { folder: place }) },
    { key: `${text(id)}/setting`, at },
  );
  const title = excerpt(firstText(first['name'], document['name'])?.trim() ?? '', KEPT.label).text;
  if (title !== '') context.emit({ kind: 'title', title, source: 'agent' }, { key: `${text(id)}/title` });
  for (const [index, bubble] of bubbles.map(fields).entries())
    readBubble(bubble, `${text(id)}/${text(bubble['bubbleId']) ?? index}`, context);
  return null;
}

function foldersIn(document: Fields): readonly unknown[] {
  const uri = fields(fields(document['workspaceIdentifier'])['uri']);
  const [repository] = list(document['trackedGitRepos']).map(fields);
  return [uri['fsPath'], repository?.['repoPath']];
}

function readBubble(bubble: Fields, key: string, context: LineContext): void {
  const at = time(bubble['createdAt']);
  const words = text(bubble['text'])?.trim() ?? '';
  if (bubble['type'] === 1) {
    const typed = typedWords(words);
    const attachments = list(bubble['images']).length;
    const via = typed.startsWith('/') ? 'command' : 'typed';
    if (typed !== '' || attachments > 0)
      context.emit({ kind: 'prompt', text: excerpt(typed), via, attachments }, { key, at });
    return;
  }
  if (bubble['type'] !== 2) {
    context.emit({ kind: 'unknown', what: 'bubble' }, { key, at });
    return;
  }
  const named = text(fields(bubble['modelInfo'])['modelName']);
  const model = named === 'default' ? null : named;
  if (words !== '') context.emit({ kind: 'reply', text: excerpt(words), model }, { key, at });
  if ('toolFormerData' in bubble && bubble['toolFormerData'] !== null)
    readCall(fields(bubble['toolFormerData']), key, at, context);
  const { inputTokens, outputTokens } = fields(bubble['tokenCount']);
  const [input, output] = [tokens(inputTokens), tokens(outputTokens)];
  if (input + output > 0)
    context.emit(
      {
        kind: 'usage',
        scope: 'response',
        model,
        input,
        output,
        cacheRead: 0,
        cacheWrite: 0,
        costUsd: null,
        quality: 'exact',
      },
      { key: `usage/${key}`, at },
    );
}

const OUTCOMES: Readonly<Record<string, ToolOutcome>> = {
  completed: 'ok',
  success: 'ok',
  error: 'failed',
  cancelled: 'rejected',
  rejected: 'rejected',
};

function readCall(call: Fields, key: string, at: number | null, context: LineContext): void {
  const tool = label(call['name']).text;
  const input = { ...fields(parsed(call['rawArgs'])), ...fields(parsed(call['params'])) };
  const result = fields(parsed(call['result']));
  const use = toolUse(tool, input, result);
  context.emit({ kind: 'tool-started', call: key, tool, use }, { key: `call/${key}`, at });
  const stated = OUTCOMES[text(call['status']) ?? ''];
  if (stated === undefined) return;
  const printed =
    firstText(result['output'], result['contents'], result['error']) ?? text(call['result']) ?? '';
  const exit = number(result['exitCodeV2']) ?? number(result['exitCode']);
  const isRejected = stated === 'rejected' || result['rejected'] === true;
  const isFailed = stated === 'failed' || (exit !== null && exit !== 0);
  const outcome = isRejected ? 'rejected' : isFailed ? 'failed' : 'ok';
  const settled = use.does === 'command' ? { ...use, exit } : use;
  const isQuiet = ['read', 'search'].includes(use.does) && outcome === 'ok';
  const output = isQuiet ? null : excerpt(printed, KEPT.output);
  context.emit(
    { kind: 'tool-ended', call: key, tool, use: settled, outcome, output, words: null },
    { key: `end/${key}`, at },
  );
  if (use.does === 'command')
    emitGitResults(context, { at, by: context.file.subagent }, use.command.text, printed);
}

function toolUse(tool: string, input: Fields, result: Fields): ToolUse {
  const path = firstText(
    input['targetFile'],
    input['target_file'],
    input['relativeWorkspacePath'],
    input['file_path'],
    input['path'],
  );
  const name = tool.replace(/_v\d+$/, '');
  switch (name) {
    case 'run_terminal_command':
    case 'run_terminal_cmd':
      return {
        does: 'command',
        command: excerpt(text(input['command']) ?? '', KEPT.command),
        folder: firstText(input['cwd'], input['working_directory']),
        exit: null,
        background: input['isBackground'] === true || input['is_background'] === true,
      };
    case 'edit_file':
    case 'search_replace':
    case 'write':
    case 'apply_patch':
    case 'delete_file':
      return { does: 'change', files: [changeOf(name, path ?? '', input, result)] };
    case 'read_file':
      return { does: 'read', path };
    case 'web_search':
    case 'web_fetch':
      return { does: 'web', target: label(input['url'], input['searchTerm'], input['search_term']) };
    case 'task':
      return { does: 'subagent', task: label(input['description'], input['prompt']), agentType: null };
    default: {
      if (/^(?:grep|rip|glob|file_search|codebase_search|list_dir|semantic)/.test(name))
        return { does: 'search', query: label(input['pattern'], input['query'], input['globPattern'], path) };
      const mcp = /^mcp_(.+?)_(.+)$/.exec(tool);
      if (mcp !== null) return { does: 'mcp', server: mcp[1] ?? '', name: mcp[2] ?? '' };
      return otherUse(input['description'], input['explanation']);
    }
  }
}

/** Lines as counted by the editor, else from the call. */
function changeOf(name: string, path: string, input: Fields, result: Fields): FileChange {
  if (name === 'delete_file') return { path, change: 'deleted', to: null, added: null, removed: null };
  const chunks = list(fields(result['diff'])['chunks']).map(fields);
  const sum = (key: string): number | null =>
    chunks.length === 0 ? null : chunks.reduce((all, chunk) => all + (number(chunk[key]) ?? 0), 0);
  const stated =
    'old_string' in input
      ? replacedLines(text(input['old_string']) ?? '', text(input['new_string']) ?? '')
      : { added: name === 'write' ? lineCount(text(input['contents']) ?? '') : null, removed: null };
  const change = result['isNewFile'] === true ? 'created' : 'changed';
  return {
    path,
    change,
    to: null,
    added: sum('linesAdded') ?? stated.added,
    removed: sum('linesRemoved') ?? stated.removed,
  };
}
