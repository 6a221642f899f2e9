import { sep } from 'node:path';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { directBuiltins } from './direct-builtins.ts';

const from = (name: string): string => `globalThis.process.getBuiltinModule("${name}")`;

describe('imports of builtins', () => {
  it.each([
    ['import { join } from "node:path";', `var { join } = ${from('node:path')};`],
    ['import { join as j, sep } from "path";', `var { join: j, sep } = ${from('node:path')};`],
    ['import fs from "node:fs";', `var fs = ${from('node:fs')};`],
    ['import * as os from "node:os";', `var os = ${from('node:os')};`],
    [
      'import fs, { statSync } from "node:fs";',
      `var fs = ${from('node:fs')}; var { statSync } = ${from('node:fs')};`,
    ],
    [
      'import { constants, gzip as zip, Gzip } from "node:zlib";',
      `function zip(...all) { return ${from('node:zlib')}.gzip(...all); } var { constants, Gzip } = ${from('node:zlib')};`,
    ],
    // `inspect.custom` is asked of the function itself.
    ['import { inspect } from "node:util";', `var { inspect } = ${from('node:util')};`],
    // What `promisify` makes of it hangs on the function itself, too.
    [
      'import { execFile, spawn } from "node:child_process";',
      `function spawn(...all) { return ${from('node:child_process')}.spawn(...all); } var { execFile } = ${from('node:child_process')};`,
    ],
    ['import { default as zlib } from "node:zlib";', `var zlib = ${from('node:zlib')};`],
    ['import { readFile } from "node:fs/promises";', `var { readFile } = ${from('node:fs/promises')};`],
    ['import "node:process";', ''],
  ])('%s', (statement, wanted) => {
    expect(directBuiltins(statement)).toBe(wanted);
  });

  it('leaves packages, chunks and text alone', () => {
    const code = [
      'import { app } from "electron";',
      'import { a as b } from "./chunk-a.mjs";',
      'const text = \'import fs from "node:fs";\';',
      ' import fs from "node:fs";',
    ].join('\n');
    expect(directBuiltins(code)).toBe(code);
  });

  it('keeps every line where it is', () => {
    const code = 'import {\n  join,\n  sep,\n} from "node:path";\nsep;';
    expect(directBuiltins(code).split('\n')).toHaveLength(5);
    expect(directBuiltins(code)).toContain(`var { join, sep } = ${from('node:path')};`);
  });

  it('gives what the import would have given', () => {
    const code = directBuiltins('import { join as j } from "node:path";');
    expect(runInThisContext(`(() => { ${code} return j('a', 'b'); })()`)).toBe('a/b');
  });

  it('works beside an import that is called process', () => {
    const code = directBuiltins('import { sep } from "node:path";\nimport process from "node:process";');
    expect(runInThisContext(`(() => { ${code} return [sep, process === globalThis.process]; })()`)).toEqual([
      sep,
      true,
    ]);
  });

  it('fetches a function of a heavy module when it is called', () => {
    const code = directBuiltins('import { createHash as h } from "crypto";');
    expect(code).not.toMatch(/^var/m);
    const digest = `h('sha256').update('a').digest('hex')`;
    expect(runInThisContext(`(() => { ${code} return ${digest}; })()`)).toMatch(/^ca978112ca1bbdca/);
  });
});
