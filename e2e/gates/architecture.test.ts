import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
/** Folders whose own folders are listed too; deeper ones belong to what is around them. */
const OPEN = ['main', 'main/core', 'main/core/app', 'main/adapters', 'main/cli', 'renderer', 'shared', 'e2e'];

it('docs/architecture.md lists every folder that exists, and no other', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const folders = new Set<string>();
  for (const file of files) {
    const parts = file.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      const parent = parts.slice(0, depth - 1).join('/');
      if (!folder.startsWith('.') && (depth === 1 || OPEN.includes(parent))) folders.add(`${folder}/`);
    }
  }
  const page = readFileSync(join(ROOT, 'docs', 'architecture.md'), 'utf8');
  const [, after = ''] = page.split('## Every folder\n');
  const [section = ''] = after.split('\n## ');
  const listed = [...section.matchAll(/^\| `([^`]+\/)` \|/gm)].map(([, folder = '']) => folder);
  expect(listed).toEqual([...folders].sort());
});
