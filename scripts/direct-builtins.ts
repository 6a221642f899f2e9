import { isBuiltin } from 'node:module';
import type { Plugin } from 'vite';

/** An import statement as the bundler prints it: at the start of a line, at the top level. */
const IMPORT = /^import (?:([^"';]+?) from )?["']([^"']+)["'];$/gm;

/**
 * Replaces imports of Node's own modules by `process.getBuiltinModule`, which Node has since 20.16. An `import` makes a facade that
 * reads every export of the module, and some load half of Node when they are read (`webcrypto` of `node:crypto`, `stdout` of
 * `node:process`): 30 ms of a command's start on Node 20, 10 on Node 24.
 * @param code a bundled chunk in ES module form
 * @returns the same with as many lines
 */
export function directBuiltins(code: string): string {
  return code.replaceAll(IMPORT, (statement: string, clause: string | undefined, source: string) => {
    if (!isBuiltin(source)) return statement;
    const name = source.startsWith('node:') ? source : `node:${source}`;
    const lines = '\n'.repeat(statement.split('\n').length - 1);
    return `${declarations(clause ?? '', `process.getBuiltinModule(${JSON.stringify(name)})`)}${lines}`;
  });
}

/**
 * The declarations that stand for what is between `import` and `from`. With `var`, because a chunk in a circle may be asked for its
 * functions before it has run.
 */
function declarations(clause: string, builtin: string): string {
  const named = /\{([^}]*)\}/.exec(clause)?.[1];
  const whole = clause
    .replace(/\{[^}]*\}/, '')
    .split(',')
    .map((name) => name.replace(/\*\s+as\s/, '').trim());
  const found = whole.filter((name) => name !== '').map((name) => `var ${name} = ${builtin};`);
  if (named !== undefined) {
    // The default export of a builtin is the module itself.
    const parts = named.split(',').map((part) => part.trim().split(/\s+as\s+/));
    const own = parts.filter(([from]) => from !== '' && from !== 'default');
    found.push(...parts.flatMap(([from, to]) => (from === 'default' ? [`var ${to} = ${builtin};`] : [])));
    if (own.length > 0)
      found.push(
        `var { ${own.map(([from, to]) => (to === undefined ? from : `${from}: ${to}`)).join(', ')} } = ${builtin};`,
      );
  }
  return found.join(' ');
}

/** The bundler's plugin for {@link directBuiltins}. */
export function directBuiltinsPlugin(): Plugin {
  return {
    name: 'session-log:direct-builtins',
    apply: 'build',
    enforce: 'post',
    // Statements keep their lines, so the map of the chunk stays right.
    renderChunk: { order: 'post', handler: (code) => ({ code: directBuiltins(code), map: null }) },
  };
}
