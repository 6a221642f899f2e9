import type { JsonNode } from './json-tree.ts';

type Container = Extract<JsonNode, { kind: 'object' | 'array' }>;

/**
 * Adds a member to an object (with a key) or an item to an array (without) at its end, in the style of the text: on lines of its own where the
 * container has lines, in one line where it is written in one.
 */
export function insertInto(text: string, container: Container, key: string | null, value: unknown): string {
  const parts = partsOf(container);
  const last = parts.at(-1);
  const inOneLine = last !== undefined && !text.slice(container.start, container.end).includes('\n');
  const name = key === null ? '' : `${JSON.stringify(key)}: `;
  if (inOneLine) {
    return splice(text, last.end, last.end, `, ${name}${JSON.stringify(value)}`);
  }
  const unit = indentUnit(text);
  const outer = indentAt(text, container.start);
  const feed = text.includes('\r\n') ? '\r\n' : '\n';
  const inner = last === undefined ? outer + unit : indentAt(text, last.start);
  const lines = JSON.stringify(value, null, unit).split('\n');
  const body = `${inner}${name}${lines.join(`${feed}${inner}`)}`;
  if (last !== undefined) return splice(text, last.end, last.end, `,${feed}${body}`);
  return splice(text, container.start + 1, container.end - 1, `${feed}${body}${feed}${outer}`);
}

/** Takes a member or item out, with its comma; an emptied container becomes `{}` or `[]`. */
export function removeFrom(text: string, container: Container, index: number): string {
  const parts = partsOf(container);
  const [before, part, after] = [parts[index - 1], parts[index], parts[index + 1]];
  if (part === undefined) return text;
  if (before !== undefined) return splice(text, before.end, part.end, '');
  if (after !== undefined) return splice(text, part.start, after.start, '');
  return splice(text, container.start + 1, container.end - 1, '');
}

/** Puts another value in the place of one. */
export function replaceNode(text: string, node: JsonNode, value: unknown): string {
  return splice(text, node.start, node.end, JSON.stringify(value));
}

function partsOf(container: Container): readonly { readonly start: number; readonly end: number }[] {
  if (container.kind === 'array') return container.items;
  return container.members.map((member) => ({ start: member.start, end: member.value.end }));
}

function splice(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** White space at the start of the line that a place is in. */
function indentAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, at))?.[0] ?? '';
}

/** What the file indents by; two spaces when it does not show. */
function indentUnit(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}
