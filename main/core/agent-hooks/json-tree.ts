/**
 * JSON with the places of its parts: what is needed to change a settings file somebody else owns without touching any byte that is not ours.
 * Strict JSON (RFC 8259): a file with comments or trailing commas is reported and left alone, as its owner's own parser may do.
 */

/** A value and where it stands in the text; `end` is behind its last character. */
export type JsonNode =
  | {
      readonly kind: 'object';
      readonly start: number;
      readonly end: number;
      readonly members: readonly JsonMember[];
    }
  | {
      readonly kind: 'array';
      readonly start: number;
      readonly end: number;
      readonly items: readonly JsonNode[];
    }
  | {
      readonly kind: 'value';
      readonly start: number;
      readonly end: number;
      readonly value: string | number | boolean | null;
    };

export interface JsonMember {
  readonly key: string;
  readonly start: number;
  readonly value: JsonNode;
}

/** Where and why a text is no JSON. */
export interface JsonProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const DEPTH_LIMIT = 200;
const SPACE = /[ \t\r\n]*/y;
const SCALAR =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Parses a text; a byte order mark in front is passed over. */
export function parseJsonTree(text: string): JsonNode | JsonProblem {
  const reader = { text, at: text.startsWith('\ufeff') ? 1 : 0 };
  try {
    const node = readNode(reader, 0);
    skipSpace(reader);
    if (reader.at < text.length) throw new Unexpected('there is more behind its end');
    return node;
  } catch (thrown) {
    if (!(thrown instanceof Unexpected)) throw thrown;
    const before = text.slice(0, reader.at).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message: thrown.message };
  }
}

/** True for what {@link parseJsonTree} gives when the text is no JSON. */
export function isJsonProblem(parsed: JsonNode | JsonProblem): parsed is JsonProblem {
  return 'message' in parsed;
}

/** The value of a member; the last one wins when a key is there twice, as in JSON.parse. */
export function memberOf(node: JsonNode, key: string): JsonNode | undefined {
  return node.kind === 'object' ? node.members.findLast((member) => member.key === key)?.value : undefined;
}

/** The text a node holds; null when it is something else. */
export function textOf(node: JsonNode | undefined): string | null {
  return node?.kind === 'value' && typeof node.value === 'string' ? node.value : null;
}

/** Stops the descent; caught where it started, never outside. */
class Unexpected extends Error {}

interface Reader {
  readonly text: string;
  at: number;
}

function readNode(reader: Reader, depth: number): JsonNode {
  if (depth > DEPTH_LIMIT) throw new Unexpected('it is nested too deeply');
  skipSpace(reader);
  const start = reader.at;
  const sign = reader.text.charAt(start);
  if (sign === '{') {
    const members = readList(reader, '}', () => {
      skipSpace(reader);
      const at = reader.at;
      const key = readScalar(reader);
      if (typeof key !== 'string') throw new Unexpected('a name in quotes is expected here');
      expect(reader, ':');
      return { key, start: at, value: readNode(reader, depth + 1) };
    });
    return { kind: 'object', start, end: reader.at, members };
  }
  if (sign === '[') {
    const items = readList(reader, ']', () => readNode(reader, depth + 1));
    return { kind: 'array', start, end: reader.at, items };
  }
  const value = readScalar(reader);
  return { kind: 'value', start, end: reader.at, value };
}

function readList<T>(reader: Reader, close: string, readOne: () => T): readonly T[] {
  reader.at++;
  skipSpace(reader);
  const found: T[] = [];
  if (reader.text.charAt(reader.at) === close) {
    reader.at++;
    return found;
  }
  for (;;) {
    found.push(readOne());
    skipSpace(reader);
    const sign = reader.text.charAt(reader.at);
    if (sign !== ',' && sign !== close) throw new Unexpected(`"," or "${close}" is expected here`);
    reader.at++;
    if (sign === close) return found;
  }
}

function readScalar(reader: Reader): string | number | boolean | null {
  SCALAR.lastIndex = reader.at;
  const match = SCALAR.exec(reader.text);
  if (!match) throw new Unexpected('a value is expected here');
  reader.at = SCALAR.lastIndex;
  return JSON.parse(match[0]) as string | number | boolean | null;
}

function expect(reader: Reader, sign: string): void {
  skipSpace(reader);
  if (reader.text.charAt(reader.at) !== sign) throw new Unexpected(`"${sign}" is expected here`);
  reader.at++;
}

function skipSpace(reader: Reader): void {
  SPACE.lastIndex = reader.at;
  SPACE.exec(reader.text);
  reader.at = SPACE.lastIndex;
}
