import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A part of the house, and what its files may import: other parts, `node:`, or packages by name. */
interface Wall {
  readonly part: string;
  readonly may: readonly string[];
  readonly packages: readonly string[] | 'any';
}

/** The table of docs/architecture.md. First match wins, so narrower parts stand before wider ones. */
const WALLS: readonly Wall[] = [
  { part: 'shared', may: ['shared'], packages: ['valibot'] },
  { part: 'main/core/ports', may: ['main/core/ports', 'shared'], packages: [] },
  // Pure, and a settings file with comments cannot be changed to the byte without it.
  { part: 'main/core/agent-hooks', may: ['main/core', 'shared'], packages: ['valibot', 'jsonc-parser'] },
  { part: 'main/core', may: ['main/core', 'shared'], packages: ['valibot'] },
  {
    // A store in a folder is a disk as well.
    part: 'main/adapters/folder-store',
    may: ['OWN_FOLDER', 'main/adapters/disk', 'main/adapters/process', 'main/core/ports', 'shared'],
    packages: 'any',
  },
  {
    // Some agents keep their sessions in a database.
    part: 'main/adapters/transcripts',
    may: ['OWN_FOLDER', 'main/adapters/sqlite', 'main/core/ports', 'shared'],
    packages: 'any',
  },
  {
    part: 'main/adapters',
    may: ['OWN_FOLDER', 'main/adapters/process', 'main/core/ports', 'shared'],
    packages: 'any',
  },
  { part: 'main/ipc', may: ['main/ipc', 'main/core', 'shared'], packages: ['valibot'] },
  // Its arguments come from agents, so they are parsed as requests of pages are.
  {
    part: 'main/cli/mcp',
    may: ['main/cli', 'main/core', 'main/compose', 'shared', 'package.json'],
    packages: ['node:', 'valibot', '@modelcontextprotocol/server'],
  },
  {
    part: 'main/cli',
    may: ['main/cli', 'main/core', 'main/compose', 'main/browse', 'shared', 'package.json'],
    packages: ['node:', 'commander'],
  },
  { part: 'main/browse', may: ['main/browse', 'main/ipc', 'main/core', 'shared'], packages: ['node:'] },
  {
    part: 'main/compose',
    may: [
      'main/compose',
      'main/core',
      'main/adapters',
      'main/ipc',
      'main/browse',
      'main/desktop',
      'shared',
      'package.json',
    ],
    packages: 'any',
  },
  {
    part: 'main/desktop',
    may: ['main/desktop', 'main/compose', 'main/ipc', 'main/core', 'shared', 'package.json'],
    packages: 'any',
  },
  { part: 'main/testing', may: ['main', 'shared', 'e2e'], packages: 'any' },
  { part: 'main/index.ts', may: ['main/compose', 'main/desktop', 'shared'], packages: ['electron', 'node:'] },
  { part: 'preload', may: ['preload', 'shared/ipc'], packages: ['electron'] },
  { part: 'renderer/ui', may: ['renderer/ui', 'shared'], packages: 'any' },
  {
    part: 'renderer/features',
    may: ['OWN_FOLDER', 'renderer/ui', 'renderer/data', 'shared'],
    packages: 'any',
  },
  { part: 'renderer/data', may: ['renderer/data', 'shared'], packages: 'any' },
  { part: 'renderer', may: ['renderer', 'shared'], packages: 'any' },
];

/** Packages that only these parts may name, whatever the table above allows. */
const RESERVED: Readonly<Record<string, readonly string[]>> = {
  electron: ['main/desktop', 'main/index.ts', 'main/compose/desktop.ts', 'preload'],
  'electron-store': ['main/adapters/settings/electron-settings.ts'],
  'electron-updater': ['main/desktop'],
  '@google-cloud/storage': ['main/adapters/gcs'],
  libsql: ['main/adapters/sqlite'],
  'age-encryption': ['main/adapters/age'],
  '@napi-rs/keyring': ['main/adapters/keychain'],
  '@modelcontextprotocol/server': ['main/cli/mcp'],
  'node:child_process': [
    'main/adapters/process',
    // The lock process talks over a channel and a pipe of its own.
    'main/adapters/lock/kept-lock.ts',
    // A look at a dead share may be past killing, so nobody can wait for its end.
    'main/adapters/disk/folder-answers.ts',
    // Prints into a file without a name.
    'main/adapters/disk/folder-fingerprint.ts',
    'main/testing',
  ],
};

const CODE = /\.(?:ts|tsx)$/;
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b(\s+type\b)?(?:[^'";]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** Path from the root for a relative import, else null. */
  readonly target: string | null;
  /** Gone once it is compiled: it says what a thing looks like and calls nothing. */
  readonly isType?: boolean;
}

function importsBelow(folder: string): Import[] {
  const found: Import[] = [];
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })) {
    const file = relative(ROOT, join(entry.parentPath, entry.name));
    if (!entry.isFile() || !CODE.test(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue;
    for (const match of readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)) {
      const specifier = match[2] ?? match[3] ?? '';
      found.push({
        file,
        specifier,
        isType: match[1] !== undefined,
        target: specifier.startsWith('.')
          ? relative(ROOT, resolve(ROOT, dirname(file), specifier.replace(/\?.*$/, '')))
          : null,
      });
    }
  }
  return found;
}

function isIn(path: string, part: string): boolean {
  return path === part || path.startsWith(`${part}/`);
}

/** Why an import is against the table; null when it is allowed. */
function broken({ file, specifier, target }: Import): string | null {
  const wall = WALLS.find(({ part }) => isIn(file, part));
  if (!wall) return `${file} belongs to no part of the table`;
  if (target !== null) {
    const own = file.split('/').slice(0, 3).join('/');
    const allowed = wall.may.some((part) => isIn(target, part === 'OWN_FOLDER' ? own : part));
    return allowed ? null : `${file} imports ${target}`;
  }
  const name = specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
  const reserved = RESERVED[name];
  if (reserved && !reserved.some((part) => isIn(file, part)))
    return `${file} imports ${name}, which belongs to ${reserved.join(', ')}`;
  const allowed =
    wall.packages === 'any' ||
    wall.packages.some((prefix) => (prefix === 'node:' ? name.startsWith('node:') : prefix === name));
  return allowed ? null : `${file} imports the package ${name}`;
}

/** Folders of main/core that each do one part of the work. What a person asks for puts them together in main/core/workflows. */
const STEPS = [
  'sync',
  'text-packs',
  'sealing',
  'git-sync',
  'save',
  'capture',
  'notes',
  'wiki',
  'migrate',
  'status',
  'agent-hooks',
  'install',
  'timers',
  'setup',
  'search',
];

/** Steps that interfaces reach through workflows alone. */
const BEHIND_WORKFLOWS = [
  'sync',
  'text-packs',
  'sealing',
  'git-sync',
  'save',
  'capture',
  'notes',
  'wiki',
  'migrate',
  'agent-hooks',
];

/** `main/core/app/<room>/…` -> its name; null elsewhere. */
function appRoom(path: string): string | null {
  return /^main\/core\/app\/([^/]+)\//.exec(path)?.[1] ?? null;
}

/** `main/core/<folder>/…` -> its name; null elsewhere. */
function coreFolder(path: string): string | null {
  return /^main\/core\/([^/]+)\//.exec(path)?.[1] ?? null;
}

/** Why a call of a step is against the rule that workflows put steps together; null when it is allowed. */
function misplaced({ file, target, isType }: Import): string | null {
  const [from, to] = [coreFolder(file), target === null ? null : coreFolder(target)];
  if (isType || to === null || from === to) return null;
  const isInterface = isIn(file, 'main/cli') || from === 'app';
  if (isInterface && BEHIND_WORKFLOWS.includes(to)) return `${file} calls ${target}`;
  const isSideways = from !== null && STEPS.includes(from) && STEPS.includes(to);
  return isSideways ? `${file} imports ${target} sideways` : null;
}

/** Pairs of folders that need each other, directly or by way of others. */
function circles(
  imports: readonly Import[],
  folderOf: (path: string) => string | null = coreFolder,
): readonly string[] {
  const needs = new Map<string, Set<string>>();
  for (const { file, target, isType } of imports) {
    const [from, to] = [folderOf(file), target === null ? null : folderOf(target)];
    if (isType || from === null || to === null || from === to) continue;
    needs.set(from, (needs.get(from) ?? new Set()).add(to));
  }
  const reach = (from: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    const open = [...(needs.get(from) ?? [])];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      if (seen.has(folder)) continue;
      seen.add(folder);
      open.push(...(needs.get(folder) ?? []));
    }
    return seen;
  };
  const folders = [...needs.keys()].toSorted();
  return folders.flatMap((one) =>
    folders
      .filter((other) => one < other && reach(one).has(other) && reach(other).has(one))
      .map((other) => `${one} ${other}`),
  );
}

describe('the import graph', () => {
  const all = ['shared', 'main', 'preload', 'renderer'].flatMap(importsBelow);

  it('keeps to the table of docs/architecture.md', () => {
    expect(all.map(broken).filter((problem) => problem !== null)).toEqual([]);
  });

  it('puts steps together in workflows alone', () => {
    expect(all.map(misplaced).filter((problem) => problem !== null)).toEqual([]);
  });

  it('has no circle of folders in main/core', () => {
    expect(circles(all)).toEqual([]);
  });

  it('has no circle of rooms in main/core/app', () => {
    expect(circles(all, appRoom)).toEqual([]);
  });

  it('was really read', () => {
    expect(all.length).toBeGreaterThan(200);
    expect(
      all.some(({ file, target }) => file === 'main/core/sync/push.ts' && target === 'shared/result.ts'),
    ).toBe(true);
  });

  it('would notice a breach', () => {
    expect(broken({ file: 'main/core/sync/push.ts', specifier: 'node:fs', target: null })).toContain(
      'node:fs',
    );
    expect(
      broken({
        file: 'renderer/features/list/x.ts',
        specifier: '../inbox/y.ts',
        target: 'renderer/features/inbox/y.ts',
      }),
    ).toContain('inbox');
    expect(broken({ file: 'main/cli/x.ts', specifier: 'electron', target: null })).toContain('electron');
    expect(broken({ file: 'main/cli/x.ts', specifier: 'node:child_process', target: null })).toContain(
      'main/adapters/process',
    );
    expect(
      broken({ file: 'main/adapters/lock/x.ts', specifier: '../gcs/y.ts', target: 'main/adapters/gcs/y.ts' }),
    ).toContain('gcs');
    const sideways = { specifier: '../save/save.ts', target: 'main/core/save/save.ts' };
    expect(misplaced({ file: 'main/core/sync/push.ts', ...sideways })).toContain('sideways');
    expect(misplaced({ file: 'main/core/app/logs/x.ts', ...sideways })).toContain('calls');
    expect(misplaced({ file: 'main/core/workflows/x.ts', ...sideways })).toBeNull();
    expect(misplaced({ file: 'main/core/sync/push.ts', ...sideways, isType: true })).toBeNull();
    const edge = (from: string, to: string): Import => ({
      file: `main/core/${from}/x.ts`,
      specifier: '',
      target: `main/core/${to}/y.ts`,
    });
    expect(circles([edge('a', 'b'), edge('b', 'c'), edge('c', 'a')])).toEqual(['a b', 'a c', 'b c']);
  });
});
