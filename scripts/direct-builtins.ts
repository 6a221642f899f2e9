import { isBuiltin } from 'node:module';
import type { Plugin } from 'vite';

/** Node modules that cost a command milliseconds to load, and that most commands do not end up using. */
const HEAVY = new Set(['node:child_process', 'node:crypto', 'node:util', 'node:v8', 'node:zlib']);

/** An import statement as printed by the bundler: at the start of a line, at the top level. */
const IMPORT = /^import (?:([^"';]+?) from )?["']([^"']+)["'];$/gm;

/**
 * Replaces imports of Node's own modules by `process.getBuiltinModule`, which Node has since 20.16. An `import` creates a facade that
 * reads every export of the module, and some load half of Node when read (`webcrypto` of `node:crypto`, `stdout` of `node:process`):
 * 30 ms of a command's start on Node 20, 10 on Node 24. Functions of {@link HEAVY} modules are fetched when called.
 * @param code a bundled chunk in ES module form
 * @returns the same code with the same number of lines
 */
export function directBuiltins(code: string): string {
  return code.replaceAll(IMPORT, (statement: string, clause: string | undefined, source: string) => {
    if (!isBuiltin(source)) return statement;
    const name = source.startsWith('node:') ? source : `node:${source}`;
    const lines = '\n'.repeat(statement.split('\n').length - 1);
    return `${declarations(clause ?? '', name)}${lines}`;
  });
}

/**
 * Returns the declarations that replace what is between `import` and `from`. With `var`, because the functions of a chunk in an
 * import cycle may be used before it has run.
 * @param module with the prefix `node:`
 */
function declarations(clause: string, module: string): string {
  // Through the global object: a chunk may have an import called `process`, which would shadow it before it is set.
  const builtin = `globalThis.process.getBuiltinModule(${JSON.stringify(module)})`;
  const named = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  const whole = clause
    .replace(/\{[^}]*\}/, '')
    .split(',')
    .map((name) => name.replace(/\*\s+as\s/, '').trim());
  const found = whole.filter((name) => name !== '').map((name) => `var ${name} = ${builtin};`);
  const fields: string[] = [];
  for (const part of named.split(',').filter((one) => one.trim() !== '')) {
    const [from = '', to = from] = part.trim().split(/\s+as\s+/);
    // The default export of a builtin is the module itself.
    if (from === 'default') found.push(`var ${to} = ${builtin};`);
    else if (isLate(module, from))
      found.push(`function ${to}(...all) { return ${builtin}.${from}(...all); }`);
    else fields.push(from === to ? from : `${from}: ${to}`);
  }
  if (fields.length > 0) found.push(`var { ${fields.join(', ')} } = ${builtin};`);
  return found.join(' ');
}

/** True for a plain function, which can be fetched on call: not for a class (its name is capitalized) or a function with properties. */
function isLate(module: string, name: string): boolean {
  if (!HEAVY.has(module) || !/^[a-z]/.test(name)) return false;
  const value = (process.getBuiltinModule(module) as unknown as Readonly<Record<string, unknown>>)[name];
  return (
    typeof value === 'function' &&
    Object.keys(value).length + Object.getOwnPropertySymbols(value).length === 0
  );
}

/** The bundler's plugin for {@link directBuiltins}. */
export function directBuiltinsPlugin(): Plugin {
  return {
    name: 'session-log:direct-builtins',
    apply: 'build',
    enforce: 'post',
    // Statements keep their lines, so the chunk's source map stays valid.
    renderChunk: { order: 'post', handler: (code) => ({ code: directBuiltins(code), map: null }) },
  };
}
