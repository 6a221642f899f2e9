import { appError, type AppError, fail } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { AGENT_NAMES, type HookAgent } from '../../../shared/transcripts/agents.ts';
import type { HookText } from './hook-text.ts';
import { hookEvents, hookWords, type FoundHook } from './hook-words.ts';
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

/** An agent's JSON form of hooks. */
export interface JsonHookForm {
  /** `hooks.<event>` lists groups with a list `hooks` each; otherwise it lists the hooks themselves. */
  readonly isGrouped: boolean;
  /** What a new file has besides its hooks. */
  readonly head: Readonly<Record<string, unknown>>;
  /** The members of a hook that contain its command; the first identifies ours. */
  commands(command: string): Readonly<Record<string, string>>;
  /** A hook with these members. */
  entry(commands: Readonly<Record<string, string>>): unknown;
  /** Wraps a hook for an event's list. */
  group(event: string, entry: unknown): unknown;
}

/** Hooks of an agent with JSON settings: edited in place, in the style of the text. */
export function jsonHooks(agent: HookAgent, form: JsonHookForm): HookText {
  return {
    put(text, launcher) {
      const events = hookEvents(agent);
      if (text === null || text.trim() === '') {
        const hooks = Object.fromEntries(
          events.map((event) => [event, [groupOf(agent, form, event, launcher)]]),
        );
        return ok(`${JSON.stringify({ ...form.head, hooks }, null, 2)}\n`);
      }
      return eachEvent(agent, text, (now, event) => withHook(agent, form, now, event, launcher));
    },
    take: (text) => eachEvent(agent, text, (now, event) => withoutHook(agent, form, now, event, 0)),
    find(text) {
      const found: FoundHook[] = [];
      const tree = readTree(agent, text);
      if (!tree.ok) return tree;
      for (const event of hookEvents(agent)) {
        const groups = groupsOf(agent, tree.value, event);
        if (!groups.ok) return groups;
        for (const { command } of ours(agent, form, groups.value, event))
          found.push({ event, command: textOf(command) ?? '' });
      }
      return ok(found);
    },
  };
}

function eachEvent(
  agent: HookAgent,
  text: string,
  change: (text: string, event: string) => Result<string, AppError>,
): Result<string, AppError> {
  let current = text;
  for (const event of hookEvents(agent)) {
    const changed = change(current, event);
    if (!changed.ok) return changed;
    current = changed.value;
  }
  return ok(current);
}

function withHook(
  agent: HookAgent,
  form: JsonHookForm,
  text: string,
  event: string,
  launcher: string,
): Result<string, AppError> {
  const tree = readTree(agent, text);
  if (!tree.ok) return tree;
  const groups = groupsOf(agent, tree.value, event);
  if (!groups.ok) return groups;
  const [first, ...more] = ours(agent, form, groups.value, event);
  if (first) {
    const updated = withCommands(text, first.entry, form.commands(`${launcher} ${hookWords(agent, event)}`));
    // A duplicate hook (from merging two machines' settings) would request everything twice.
    return more.length === 0 ? ok(updated) : withoutHook(agent, form, updated, event, 1);
  }
  const group = groupOf(agent, form, event, launcher);
  if (groups.value) return ok(insertInto(text, groups.value, null, group));
  const hooks = memberOf(tree.value, 'hooks');
  if (hooks?.type === 'object') return ok(insertInto(text, hooks, event, [group]));
  return ok(insertInto(text, tree.value, 'hooks', { [event]: [group] }));
}

/** Replaces the commands of an existing hook, last first: positions before it stay valid. */
function withCommands(text: string, entry: JsonNode, commands: Readonly<Record<string, string>>): string {
  return Object.entries(commands)
    .flatMap(([key, command]) => {
      const node = memberOf(entry, key);
      return node === undefined || textOf(node) === command ? [] : [{ node, command }];
    })
    .sort((a, b) => b.node.offset - a.node.offset)
    .reduce((now, { node, command }) => replaceNode(now, node, command), text);
}

/** Removes our hooks of an event but the first `keep`, one at a time: every removal moves what follows. */
function withoutHook(
  agent: HookAgent,
  form: JsonHookForm,
  text: string,
  event: string,
  keep: number,
): Result<string, AppError> {
  const tree = readTree(agent, text);
  if (!tree.ok) return tree;
  const groups = groupsOf(agent, tree.value, event);
  if (!groups.ok) return groups;
  const place = ours(agent, form, groups.value, event)[keep];
  const hooks = memberOf(tree.value, 'hooks');
  if (!place || !groups.value || hooks?.type !== 'object') return ok(text);
  return withoutHook(
    agent,
    form,
    withoutPlace(text, tree.value, hooks, groups.value, event, place),
    event,
    keep,
  );
}

/** Removes a hook with what it would leave empty: its group, the event's list, the object of all hooks. */
function withoutPlace(
  text: string,
  tree: JsonNode,
  hooks: JsonNode,
  list: JsonNode,
  event: string,
  place: Place,
): string {
  const group = memberOf(place.item, 'hooks');
  if (group?.type === 'array' && partsOf(group).length > 1)
    return removeFrom(text, group, partsOf(group).indexOf(place.entry));
  if (partsOf(list).length > 1) return removeFrom(text, list, partsOf(list).indexOf(place.item));
  // Of a duplicate key only the last counts: without it the one before would take effect.
  if (isTwice(hooks, event)) return removeFrom(text, list, 0);
  if (partsOf(hooks).length > 1) return withoutKey(text, hooks, event);
  return isTwice(tree, 'hooks') ? removeFrom(text, hooks, 0) : withoutKey(text, tree, 'hooks');
}

function withoutKey(text: string, object: JsonNode, key: string): string {
  return removeFrom(
    text,
    object,
    partsOf(object).findLastIndex((member) => keyOf(member) === key),
  );
}

function isTwice(object: JsonNode, key: string): boolean {
  return partsOf(object).filter((member) => keyOf(member) === key).length > 1;
}

interface Place {
  /** In the event's list: a group, or the hook itself. */
  readonly item: JsonNode;
  readonly entry: JsonNode;
  readonly command: JsonNode;
}

function ours(
  agent: HookAgent,
  form: JsonHookForm,
  groups: JsonNode | null,
  event: string,
): readonly Place[] {
  const [key = ''] = Object.keys(form.commands(''));
  const places: Place[] = [];
  for (const item of groups ? partsOf(groups) : []) {
    const hooks = form.isGrouped ? memberOf(item, 'hooks') : undefined;
    const entries = form.isGrouped ? (hooks?.type === 'array' ? partsOf(hooks) : []) : [item];
    for (const entry of entries) {
      const command = memberOf(entry, key);
      if (
        command &&
        textOf(command)
          ?.trimEnd()
          .endsWith(` ${hookWords(agent, event)}`)
      )
        places.push({ item, entry, command });
    }
  }
  return places;
}

/** The object in a file. */
function readTree(agent: HookAgent, text: string): Result<JsonNode, AppError> {
  const tree = parseJsonTree(text);
  if (isJsonProblem(tree)) {
    return fail(
      'corrupt',
      `The settings are not valid JSON: line ${tree.line}, column ${tree.column}: ${tree.message}.`,
      'Correct the file by hand and repeat; it was left as it is.',
      { details: { line: tree.line, column: tree.column } },
    );
  }
  return tree.type === 'object' ? ok(tree) : err(misshapen(agent, 'the file holds no object'));
}

function groupsOf(agent: HookAgent, tree: JsonNode, event: string): Result<JsonNode | null, AppError> {
  const hooks = memberOf(tree, 'hooks');
  if (hooks === undefined) return ok(null);
  if (hooks.type !== 'object') return err(misshapen(agent, '"hooks" is no object'));
  const groups = memberOf(hooks, event);
  if (groups === undefined) return ok(null);
  return groups.type === 'array' ? ok(groups) : err(misshapen(agent, `"hooks.${event}" is no list`));
}

function misshapen(agent: HookAgent, why: string): AppError {
  return appError(
    'attention',
    `The settings do not have the form of ${AGENT_NAMES[agent]}: ${why}.`,
    'Correct the file by hand and repeat; it was left as it is.',
  );
}

function groupOf(agent: HookAgent, form: JsonHookForm, event: string, launcher: string): unknown {
  return form.group(event, form.entry(form.commands(`${launcher} ${hookWords(agent, event)}`)));
}
