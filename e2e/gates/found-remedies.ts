import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseSync } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');

/** Stands for what only the running program knows: a path, a name, a number. */
export const VALUE = 'VALUE';

/** A remedy as it is written in the program. */
export interface FoundRemedy {
  /** File and line. */
  readonly where: string;
  /** Its words; {@link VALUE} for each expression in it. */
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Every remedy that the program can give: third arguments of `appError` and `fail`, and properties `remedy`, and what else names a command, in main/ and shared/. */
export function foundRemedies(): readonly FoundRemedy[] {
  return ['main', 'shared'].flatMap(sources).flatMap(remediesOf);
}

function sources(part: string): readonly string[] {
  return readdirSync(join(ROOT, part), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/main/testing/'));
}

function remediesOf(file: string): readonly FoundRemedy[] {
  const source = readFileSync(file, 'utf8');
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const nodes = [...walk(program as unknown as Node)];
  const named = new Map<string, Node>();
  for (const node of nodes) {
    const { id, init } = node as { id?: Node; init?: Node | null };
    if (node.type === 'VariableDeclarator' && id?.type === 'Identifier' && init)
      named.set(id['name'] as string, init);
    if (node.type === 'FunctionDeclaration' && id) named.set(id['name'] as string, node);
  }
  return nodes.flatMap((node) => {
    const written = remedyNode(node);
    if (written === null) return [];
    const line = source.slice(0, node.start).split('\n').length;
    return textsOf(written, named, 0)
      .filter((text) => text !== VALUE && text !== '')
      .map((text) => ({ where: `${relative(ROOT, file)}:${line}`, text }));
  });
}

function remedyNode(node: Node): Node | null {
  const { callee, key } = node as { callee?: Node; key?: Node };
  if (node.type === 'CallExpression' && (callee?.['name'] === 'appError' || callee?.['name'] === 'fail'))
    return (node['arguments'] as Node[])[2] ?? null;
  if (node.type === 'Property' && key?.['name'] === 'remedy') return node['value'] as Node;
  // A remedy may be passed on, or kept in a constant.
  return isCommandText(node) ? node : null;
}

function isCommandText(node: Node): boolean {
  const text =
    node.type === 'Literal'
      ? node['value']
      : node.type === 'TemplateLiteral'
        ? (node['quasis'] as Node[]).map((quasi) => (quasi['value'] as { cooked: string }).cooked).join(VALUE)
        : null;
  return typeof text === 'string' && /`session-log [a-z][^`]*`/.test(text);
}

/** The texts that an expression may be; {@link VALUE} for what is not written here. */
function textsOf(node: Node, named: ReadonlyMap<string, Node>, depth: number): readonly string[] {
  const of = (inner: unknown): readonly string[] => textsOf(inner as Node, named, depth + 1);
  if (depth > 12) return [VALUE];
  switch (node.type) {
    case 'Literal':
      return [typeof node['value'] === 'string' ? node['value'] : VALUE];
    case 'TemplateLiteral':
      return joined(
        (node['quasis'] as Node[]).map((quasi) => (quasi['value'] as { cooked: string }).cooked),
        (node['expressions'] as Node[]).map(of),
      );
    case 'ConditionalExpression':
      return [...of(node['consequent']), ...of(node['alternate'])];
    case 'LogicalExpression':
      return [...of(node['left']), ...of(node['right'])];
    case 'BinaryExpression':
      return node['operator'] === '+' ? joined(['', '', ''], [of(node['left']), of(node['right'])]) : [VALUE];
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return of(node['expression']);
    case 'Identifier': {
      const value = named.get(node['name'] as string);
      return value === undefined || value.type === 'FunctionDeclaration' ? [VALUE] : of(value);
    }
    case 'MemberExpression': {
      // A table of remedies by kind: any of them.
      const table = named.get((node['object'] as Node)['name'] as string);
      return table?.type === 'ObjectExpression' ? of(table) : [VALUE];
    }
    case 'ObjectExpression':
      return (node['properties'] as Node[]).flatMap((one) => of(one['value']));
    case 'CallExpression': {
      const made = named.get((node['callee'] as Node)['name'] as string);
      if (made?.type !== 'FunctionDeclaration') return [VALUE];
      return [...walk(made['body'] as Node)].flatMap((inner) =>
        inner.type === 'ReturnStatement' && inner['argument'] ? of(inner['argument']) : [],
      );
    }
    default:
      return [VALUE];
  }
}

/** All ways in which the parts can be put between the pieces. */
function joined(pieces: readonly string[], parts: readonly (readonly string[])[]): readonly string[] {
  return parts.reduce<readonly string[]>(
    (texts, part, at) =>
      texts
        .flatMap((text) => part.slice(0, 4).map((one) => `${text}${one}${pieces[at + 1] ?? ''}`))
        .slice(0, 32),
    [pieces[0] ?? ''],
  );
}

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'parent') continue;
    for (const inner of Array.isArray(value) ? value : [value])
      if (typeof inner === 'object' && inner !== null && typeof (inner as Node).type === 'string')
        yield* walk(inner as Node);
  }
}
