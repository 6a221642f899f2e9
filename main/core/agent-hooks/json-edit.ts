import { createScanner, parseTree, type Node, type ParseError } from 'jsonc-parser';

/** A value and its position in the text: see `parseTree` of jsonc-parser. */
export type JsonNode = Node;

/** Why and where JSON is invalid. Lines and columns count from 1. */
export interface JsonProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Parsing recurses once per level, and settings have five. */
const DEPTH_LIMIT = 200;
/** Numbers of jsonc-parser's `SyntaxKind` and `ParseErrorCode`: const enums, which compilers that see one file at a time cannot read. */
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA] = [1, 2, 3, 4, 5];
const [LINE_COMMENT, BLOCK_COMMENT, END_OF_FILE] = [12, 13, 17];
const EXPECTED: Readonly<Record<number, string>> = {
  2: 'this is no number',
  3: 'a name in quotes is expected here',
  4: 'a value is expected here',
  5: '":" is expected here',
  6: '"," is expected here',
  7: '"}" is expected here',
  8: '"]" is expected here',
  9: 'there is more behind its end',
  11: 'the comment does not end',
  12: 'the text in quotes does not end',
};

/**
 * Parses JSON with comments and trailing commas, as editors write it, with the positions of its parts: for changing a settings file owned
 * by somebody else without touching any other byte. Skips a byte order mark at the start.
 */
export function parseJsonTree(text: string): JsonNode | JsonProblem {
  // As long as the mark, so that all offsets fit the text.
  const plain = text.replace(/^\ufeff/, ' ');
  const deep = tooDeepAt(plain);
  if (deep !== null) return problemAt(plain, deep, 'it is nested too deeply');
  const errors: ParseError[] = [];
  const tree = parseTree(plain, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined && tree) return tree;
  const at = first === undefined || first.offset > plain.length ? plain.length : first.offset;
  return problemAt(plain, at, EXPECTED[first?.error ?? 4] ?? 'this sign is not expected here');
}

/** Whether {@link parseJsonTree} returned a problem. */
export function isJsonProblem(parsed: JsonNode | JsonProblem): parsed is JsonProblem {
  return 'message' in parsed;
}

/** The value of a member; of duplicate keys the last one wins, as in JSON.parse. Undefined also when the node is no object. */
export function memberOf(node: JsonNode, key: string): JsonNode | undefined {
  return node.type === 'object'
    ? partsOf(node).findLast((member) => keyOf(member) === key)?.children?.[1]
    : undefined;
}

/** The items of an array, or the members of an object in order. */
export function partsOf(node: JsonNode): readonly JsonNode[] {
  return node.children ?? [];
}

/** The name of an object's member. */
export function keyOf(member: JsonNode): string | null {
  return textOf(member.children?.[0]);
}

/** A node's text; null when it is something else. */
export function textOf(node: JsonNode | undefined): string | null {
  return node?.type === 'string' ? (node.value as string) : null;
}

/**
 * Appends a member to an object (with a key) or an item to an array (without), in the style of the text: on separate lines where the
 * container has lines, in one line where it is written in one. The library's own `modify` reformats the lines around an edit, and those are
 * not ours. A comment after the last part stays with it, and so does a trailing comma.
 */
export function insertInto(text: string, container: JsonNode, key: string | null, value: unknown): string {
  const name = key === null ? '' : `${JSON.stringify(key)}: `;
  const last = partsOf(container).at(-1);
  const from = last === undefined ? container.offset + 1 : endOf(last);
  const gap = readGap(text, from, endOf(container) - 1);
  if (last !== undefined && !text.slice(container.offset, endOf(container)).includes('\n')) {
    const body = `${name}${JSON.stringify(value)}`;
    return gap.comma === null
      ? `${text.slice(0, from)},${text.slice(from, gap.sameLineEnd)} ${body}${text.slice(gap.sameLineEnd)}`
      : `${text.slice(0, gap.sameLineEnd)} ${body},${text.slice(gap.sameLineEnd)}`;
  }
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const outer = indentAt(text, container.offset);
  const feed = text.includes('\r\n') ? '\r\n' : '\n';
  const inner = last === undefined ? outer + unit : indentAt(text, last.offset);
  const lines = JSON.stringify(value, null, unit).split('\n');
  const body = `${feed}${inner}${name}${lines.join(`${feed}${inner}`)}`;
  if (last === undefined)
    return splice(text, gap.commentEnd ?? from, endOf(container) - 1, `${body}${feed}${outer}`);
  if (gap.comma !== null) return splice(text, gap.sameLineEnd, gap.sameLineEnd, `${body},`);
  return splice(splice(text, gap.sameLineEnd, gap.sameLineEnd, body), from, from, ',');
}

/** Removes a member or item with its comma; an emptied container becomes `{}` or `[]` unless it has comments, which stay. */
export function removeFrom(text: string, container: JsonNode, index: number): string {
  const parts = partsOf(container);
  const [before, part, after] = [parts[index - 1], parts[index], parts[index + 1]];
  if (part === undefined) return text;
  const innerEnd = endOf(container) - 1;
  const opening = before ? endOf(before) : container.offset + 1;
  const head = readGap(text, opening, part.offset);
  const tail = readGap(text, endOf(part), after?.offset ?? innerEnd);
  const isEmptied = parts.length === 1 && head.commentEnd === null && tail.commentEnd === null;
  if (isEmptied) return splice(text, container.offset + 1, innerEnd, '');
  const end = tail.comma === null ? endOf(part) : tail.comma + 1;
  // What would follow a comment that ends with its line stays on a separate line.
  const mustKeepLine = head.endsInLineComment && !/^[ \t]*(?:\r?\n|$)/.test(text.slice(end));
  const behind = Math.max(opening, head.commentEnd ?? 0, head.comma === null ? 0 : head.comma + 1);
  const start = mustKeepLine ? part.offset : behind;
  const left = splice(text, start, end, '');
  if (tail.comma !== null || head.comma === null || !before) return left;
  return splice(left, opening, head.comma + 1, '');
}

/** Replaces a value. */
export function replaceNode(text: string, node: JsonNode, value: unknown): string {
  return splice(text, node.offset, endOf(node), JSON.stringify(value));
}

interface Gap {
  /** Position of its comma; null when there is none. */
  readonly comma: number | null;
  /** After the comma and the comments on the gap's first line. */
  readonly sameLineEnd: number;
  /** After the last comment; null when there is none. */
  readonly commentEnd: number | null;
  readonly endsInLineComment: boolean;
}

/** The text between two parts, or between a part and a bracket: white space, comments and perhaps a comma. */
function readGap(text: string, from: number, until: number): Gap {
  const scanner = createScanner(text.slice(0, until));
  scanner.setPosition(from);
  let gap: Gap = { comma: null, sameLineEnd: from, commentEnd: null, endsInLineComment: false };
  for (let kind: number = scanner.scan(); kind !== END_OF_FILE; kind = scanner.scan()) {
    const start = scanner.getTokenOffset();
    const end = start + scanner.getTokenLength();
    const isOnLine = !text.slice(from, start).includes('\n');
    if (kind === COMMA)
      gap = { ...gap, comma: start, sameLineEnd: isOnLine || gap.comma === null ? end : gap.sameLineEnd };
    if (kind !== LINE_COMMENT && kind !== BLOCK_COMMENT) continue;
    gap = {
      ...gap,
      commentEnd: end,
      endsInLineComment: kind === LINE_COMMENT,
      sameLineEnd: isOnLine ? end : gap.sameLineEnd,
    };
  }
  return gap;
}

/** Position of the first part that is too deep; null when none is. */
function tooDeepAt(text: string): number | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let kind: number = scanner.scan(); kind !== END_OF_FILE; kind = scanner.scan()) {
    if (kind === OPEN_BRACE || kind === OPEN_BRACKET) depth++;
    if (kind === CLOSE_BRACE || kind === CLOSE_BRACKET) depth--;
    if (depth > DEPTH_LIMIT) return scanner.getTokenOffset();
  }
  return null;
}

function problemAt(text: string, at: number, message: string): JsonProblem {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
}

function endOf({ offset, length }: JsonNode): number {
  return offset + length;
}

function splice(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** White space at the start of a position's line. */
function indentAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, at))?.[0] ?? '';
}
