import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { HOOK_EVENTS, HOOK_WORDS, type FoundHook, type HookEvent } from './hook-words.ts';
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

/** Seconds after which Claude Code gives a hook up. Ours ends by itself in a fraction of one. */
const TIMEOUT_SECONDS = 10;
/** When a session begins anew. Not after compaction: it is the same session then. */
const START_MATCHER = 'startup|resume|clear';

/**
 * The text of a settings file with our hooks in it, and nothing else changed. Hooks of ours with another command are brought up to date.
 * @param text the file; null when there is none
 * @param launcher the command line in front of {@link HOOK_WORDS}
 * @returns `corrupt` with line and column when the text is no JSON; `attention` when `hooks` has another shape
 */
export function withHooks(text: string | null, launcher: string): Result<string, AppError> {
  if (text === null || text.trim() === '') {
    const hooks = Object.fromEntries(HOOK_EVENTS.map((event) => [event, [groupOf(event, launcher)]]));
    return ok(`${JSON.stringify({ hooks }, null, 2)}\n`);
  }
  let current = text;
  for (const event of HOOK_EVENTS) {
    const added = withHook(current, event, launcher);
    if (!added.ok) return added;
    current = added.value;
  }
  return ok(current);
}

/** The text without our hooks, and without the groups, lists and the `hooks` object that they leave empty. */
export function withoutHooks(text: string): Result<string, AppError> {
  let current = text;
  for (const event of HOOK_EVENTS) {
    const removed = withoutHook(current, event, 0);
    if (!removed.ok) return removed;
    current = removed.value;
  }
  return ok(current);
}

/** Our hooks in a settings file. */
export function findHooks(text: string): Result<readonly FoundHook[], AppError> {
  const found: FoundHook[] = [];
  for (const event of HOOK_EVENTS) {
    const tree = readTree(text);
    if (!tree.ok) return tree;
    const groups = groupsOf(tree.value, event);
    if (!groups.ok) return groups;
    for (const { command } of ours(groups.value, event))
      found.push({ event, command: textOf(command) ?? '' });
  }
  return ok(found);
}

function withHook(text: string, event: HookEvent, launcher: string): Result<string, AppError> {
  const tree = readTree(text);
  if (!tree.ok) return tree;
  const groups = groupsOf(tree.value, event);
  if (!groups.ok) return groups;
  const [first, ...more] = ours(groups.value, event);
  const command = `${launcher} ${HOOK_WORDS[event]}`;
  if (first) {
    const updated = textOf(first.command) === command ? text : replaceNode(text, first.command, command);
    // Twice the same hook (a merge of two machines' settings) would ask for everything twice.
    return more.length === 0 ? ok(updated) : withoutHook(updated, event, 1);
  }
  if (groups.value) return ok(insertInto(text, groups.value, null, groupOf(event, launcher)));
  const hooks = memberOf(tree.value, 'hooks');
  if (hooks?.type === 'object') return ok(insertInto(text, hooks, event, [groupOf(event, launcher)]));
  return ok(insertInto(text, tree.value, 'hooks', { [event]: [groupOf(event, launcher)] }));
}

/** Removes our hooks of an event but the first `keep`, one at a time: every removal moves what comes behind it. */
function withoutHook(text: string, event: HookEvent, keep: number): Result<string, AppError> {
  const tree = readTree(text);
  if (!tree.ok) return tree;
  const groups = groupsOf(tree.value, event);
  if (!groups.ok) return groups;
  const place = ours(groups.value, event)[keep];
  if (!place || !groups.value) return ok(text);
  const hooks = memberOf(tree.value, 'hooks');
  const inGroup = memberOf(place.group, 'hooks');
  if (hooks?.type !== 'object' || inGroup?.type !== 'array') return ok(text);
  let left: string;
  if (partsOf(inGroup).length > 1) left = removeFrom(text, inGroup, place.index);
  else if (partsOf(groups.value).length > 1)
    left = removeFrom(text, groups.value, partsOf(groups.value).indexOf(place.group));
  // Of a key that is there twice only the last counts: without it the one before would begin to.
  else if (isTwice(hooks, event)) left = removeFrom(text, groups.value, 0);
  else if (partsOf(hooks).length > 1)
    left = removeFrom(
      text,
      hooks,
      partsOf(hooks).findLastIndex((member) => keyOf(member) === event),
    );
  else if (isTwice(tree.value, 'hooks')) left = removeFrom(text, hooks, 0);
  else
    left = removeFrom(
      text,
      tree.value,
      partsOf(tree.value).findLastIndex((member) => keyOf(member) === 'hooks'),
    );
  return withoutHook(left, event, keep);
}

function isTwice(object: JsonNode, key: string): boolean {
  return partsOf(object).filter((member) => keyOf(member) === key).length > 1;
}

interface Place {
  readonly group: JsonNode;
  readonly index: number;
  readonly command: JsonNode;
}

function ours(groups: JsonNode | null, event: HookEvent): readonly Place[] {
  const places: Place[] = [];
  for (const group of groups ? partsOf(groups) : []) {
    const hooks = memberOf(group, 'hooks');
    if (hooks?.type !== 'array') continue;
    for (const [index, item] of partsOf(hooks).entries()) {
      const command = memberOf(item, 'command');
      if (command && textOf(command)?.trimEnd().endsWith(` ${HOOK_WORDS[event]}`))
        places.push({ group, index, command });
    }
  }
  return places;
}

/** The object that a settings file holds. */
function readTree(text: string): Result<JsonNode, AppError> {
  const tree = parseJsonTree(text);
  if (isJsonProblem(tree)) {
    return err(
      appError(
        'corrupt',
        `The settings are not valid JSON: line ${tree.line}, column ${tree.column}: ${tree.message}.`,
        'Correct the file by hand and repeat; it was left as it is.',
        { details: { line: tree.line, column: tree.column } },
      ),
    );
  }
  return tree.type === 'object' ? ok(tree) : err(misshapen('the file holds no object'));
}

function groupsOf(tree: JsonNode, event: HookEvent): Result<JsonNode | null, AppError> {
  const hooks = memberOf(tree, 'hooks');
  if (hooks === undefined) return ok(null);
  if (hooks.type !== 'object') return err(misshapen('"hooks" is no object'));
  const groups = memberOf(hooks, event);
  if (groups === undefined) return ok(null);
  return groups.type === 'array' ? ok(groups) : err(misshapen(`"hooks.${event}" is no list`));
}

function misshapen(why: string): AppError {
  return appError(
    'attention',
    `The settings do not have the form of Claude Code's: ${why}.`,
    'Correct the file by hand and repeat; it was left as it is.',
  );
}

function groupOf(event: HookEvent, launcher: string): unknown {
  const hooks = [{ type: 'command', command: `${launcher} ${HOOK_WORDS[event]}`, timeout: TIMEOUT_SECONDS }];
  return event === 'SessionStart' ? { matcher: START_MATCHER, hooks } : { hooks };
}
