import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { changeText, readText, type EditDeps, type EditRequest, type FileChange } from './edit-agent-file.ts';
import {
  insertInto,
  isJsonProblem,
  keyOf,
  memberOf,
  parseJsonTree,
  partsOf,
  removeFrom,
  replaceNode,
  textOf,
  type JsonNode,
} from './json-edit.ts';
import { takeBack } from './take-back.ts';
import { withoutTomlServer, withTomlServer, type TomlProblem } from './toml-block.ts';

/** The server's name in every agent's settings. */
export const MCP_NAME = 'session-log';
/** The last word of its command; it tells ours from another server of that name. */
const WORD = 'mcp';

/** A file where an agent registers servers: JSON with `mcpServers` (Claude Code, Gemini), or TOML with `mcp_servers` (Codex). */
export interface McpPlace {
  readonly agent: 'claude-code' | 'codex' | 'gemini';
  /** Absolute. */
  readonly path: string;
}

/** A registration's content. */
export interface McpRequest extends EditRequest {
  readonly place: McpPlace;
  /** Program and arguments that start the command line, absolute. */
  readonly words: readonly string[];
}

/**
 * Registers `session-log mcp` with an agent; repeating changes nothing, and another path is updated. Changes nothing else in the file.
 * @returns `kept` where another server has our name; `corrupt` or `attention` for an unexpected file, which is left as it is
 */
export async function registerMcp(deps: EditDeps, request: McpRequest): Answer<FileChange> {
  let isKept = false;
  const change = await changeText(deps, request, request.place.path, (text) => {
    const made = withServer(request, text);
    isKept = made.ok && made.value === 'foreign';
    return made.ok ? ok(isKept ? text : made.value) : made;
  });
  return change.ok && isKept ? ok({ ...change.value, action: 'kept' }) : change;
}

/** Removes the registration: restores the earlier file byte for byte if nobody has changed it since. */
export async function unregisterMcp(deps: EditDeps, request: McpRequest): Answer<FileChange> {
  const { place } = request;
  return takeBack(deps, request, place.path, (text) => {
    const words = wordsIn(place, text) ?? request.words;
    return {
      put: (before) => withServer({ ...request, words }, before),
      take: (now) => withoutServer(place, now),
      holds: (copy) => wordsIn(place, copy) !== null,
    };
  });
}

/** Whether an agent's file starts this program; null when unreadable. */
export async function mcpState(
  deps: EditDeps,
  place: McpPlace,
  words: readonly string[],
): Promise<'registered' | 'outdated' | 'absent' | null> {
  const read = await readText(deps.files, place.path);
  if (!read.ok) return null;
  const found = read.value === null ? null : wordsIn(place, read.value);
  if (found === null) return 'absent';
  return found.join('\0') === words.join('\0') ? 'registered' : 'outdated';
}

/** Claude Code's form of a server. @param words program and arguments that start the command line */
export function mcpEntry([command = '', ...args]: readonly string[]): object {
  return { type: 'stdio', command, args: [...args, WORD] };
}

function withServer({ place, words }: McpRequest, text: string | null): Result<string, AppError> {
  const [command = '', ...args] = words;
  if (place.agent === 'codex')
    return tomlResult(withTomlServer(text ?? '', MCP_NAME, command, [...args, WORD]));
  const entry = place.agent === 'claude-code' ? mcpEntry(words) : { command, args: [...args, WORD] };
  if (text === null || text.trim() === '')
    return ok(`${JSON.stringify({ mcpServers: { [MCP_NAME]: entry } }, null, 2)}\n`);
  const tree = jsonTree(text);
  if (!tree.ok) return tree;
  const servers = memberOf(tree.value, 'mcpServers');
  if (servers === undefined) return ok(insertInto(text, tree.value, 'mcpServers', { [MCP_NAME]: entry }));
  if (servers.type !== 'object') return err(otherShape());
  const there = memberOf(servers, MCP_NAME);
  if (there === undefined) return ok(insertInto(text, servers, MCP_NAME, entry));
  const known = jsonWords(there);
  if (known === null) return ok('foreign');
  if (known.join('\0') === words.join('\0')) return ok(text);
  // Member by member, to keep what a person added to the entry (env, a time-out).
  const args2 = memberOf(there, 'args');
  const updated = args2 === undefined ? text : replaceNode(text, args2, [...args, WORD]);
  const again = jsonTree(updated);
  const node = again.ok ? memberOf(memberOf(again.value, 'mcpServers') ?? again.value, MCP_NAME) : undefined;
  const program = node === undefined ? undefined : memberOf(node, 'command');
  return ok(program === undefined ? updated : replaceNode(updated, program, command));
}

function withoutServer(place: McpPlace, text: string): Result<string, AppError> {
  if (place.agent === 'codex') return tomlResult(withoutTomlServer(text, MCP_NAME));
  if (text.trim() === '') return ok(text);
  const tree = jsonTree(text);
  if (!tree.ok) return tree;
  const servers = memberOf(tree.value, 'mcpServers');
  const there = servers?.type === 'object' ? memberOf(servers, MCP_NAME) : undefined;
  if (servers === undefined || there === undefined || jsonWords(there) === null) return ok(text);
  const at = partsOf(servers).findLastIndex((member) => keyOf(member) === MCP_NAME);
  return ok(removeFrom(text, servers, at));
}

/** The words of our registration; null without one. */
function wordsIn(place: McpPlace, text: string): readonly string[] | null {
  if (place.agent === 'codex') {
    const [, command] = /^command = ("(?:[^"\\]|\\.)*")$/m.exec(blockOf(text)) ?? [];
    const [, args] = /^args = (\[.*\])$/m.exec(blockOf(text)) ?? [];
    if (command === undefined || args === undefined) return null;
    try {
      return [JSON.parse(command) as string, ...(JSON.parse(args) as string[]).slice(0, -1)];
    } catch {
      return null;
    }
  }
  const tree = text.trim() === '' ? null : jsonTree(text);
  const servers = tree?.ok ? memberOf(tree.value, 'mcpServers') : undefined;
  const there = servers?.type === 'object' ? memberOf(servers, MCP_NAME) : undefined;
  return there === undefined ? null : jsonWords(there);
}

function blockOf(text: string): string {
  const from = text.indexOf('[mcp_servers.session-log]');
  return from === -1 ? '' : text.slice(from).replaceAll('\r\n', '\n');
}

/** An entry's program and arguments without the last word; null for an entry that is not ours. */
function jsonWords(entry: JsonNode): readonly string[] | null {
  const command = textOf(memberOf(entry, 'command'));
  const args = memberOf(entry, 'args');
  const texts = args?.type === 'array' ? partsOf(args).map((node) => textOf(node)) : [];
  if (command === null || texts.at(-1) !== WORD) return null;
  return [command, ...texts.slice(0, -1).map((text) => text ?? '')];
}

function jsonTree(text: string): Result<JsonNode, AppError> {
  const parsed = parseJsonTree(text);
  if (isJsonProblem(parsed))
    return fail(
      'corrupt',
      `It is not JSON: line ${parsed.line}, column ${parsed.column}: ${parsed.message}.`,
      'Repair it and repeat; it was left as it is.',
    );
  return parsed.type === 'object' ? ok(parsed) : err(otherShape());
}

function tomlResult(made: string | TomlProblem): Result<string, AppError> {
  if (typeof made === 'string') return ok(made);
  if (made.problem === 'foreign') return ok('foreign');
  return fail('attention', made.sentence, 'Change it by hand and repeat; it was left as it is.');
}

function otherShape(): AppError {
  return appError(
    'attention',
    'Its mcpServers are not in the form the agent reads.',
    'Look at the file by hand; it was left as it is.',
  );
}
