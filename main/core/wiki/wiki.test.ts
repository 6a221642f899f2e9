import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createShellCommandRunner } from '../../adapters/process/shell-command-runner.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { compileWiki, type WikiReport, type WikiRequest } from './compile-wiki.ts';
import { refreshFrontMatter } from './refresh-front-matter.ts';
import { refreshIndex } from './refresh-index.ts';
import { wikiTarget } from './wiki-target.ts';

const refresh = {
  day: '2026-06-05',
  utc: '2026-06-05T17:03:00.000Z',
  source: 'clients/acme/session-logs/2026-06-05-mike-x.md',
};
const SOURCE = refresh.source;

describe('the target of a log', () => {
  it.each([
    ['clients/acme/session-logs/2026-06-05-mike-x.md', 'client', 'acme'],
    ['projects/Guru RMM/session-logs/2026-06/2026-06-05-mike-x.md', 'project', 'guru-rmm'],
  ])('%s is %s:%s', (path, kind, slug) => {
    expect(wikiTarget(path)).toMatchObject({ kind, slug });
  });
  it.each([
    'session-logs/2026-06-05-mike-x.md',
    'x/clients/acme/session-logs/a.md',
    'clients/session-logs/a.md',
    'projects/-/session-logs/a.md',
  ])('%s has none', (path) => {
    expect(wikiTarget(path)).toBeNull();
  });
});

describe('front matter', () => {
  it.each([
    [
      'sets a day and adds to a list',
      '---\ntitle: A\nlast_compiled: 2026-01-01\nsources:\n  - a.md\ntags: [x]\n---\n# A\n',
      `---\ntitle: A\nlast_compiled: 2026-06-05\nsources:\n  - a.md\n  - ${SOURCE}\ntags: [x]\n---\n# A\n`,
    ],
    [
      'keeps the form of a time, quotes and a comment',
      `---\nlast_compiled: "2026-01-01T00:00:00Z" # auto\nsources:\n- "${SOURCE}"\n---\n`,
      `---\nlast_compiled: "2026-06-05T17:03:00.000Z" # auto\nsources:\n- "${SOURCE}"\n---\n`,
    ],
    [
      'adds to brackets',
      '---\nlast_compiled: 2026-01-01\nsources: [a.md, b.md] # all\n---\n',
      `---\nlast_compiled: 2026-06-05\nsources: [a.md, b.md, ${SOURCE}] # all\n---\n`,
    ],
    [
      'fills empty brackets',
      '---\nlast_compiled:\nsources: []\n---\n',
      `---\nlast_compiled: 2026-06-05\nsources: [${SOURCE}]\n---\n`,
    ],
    [
      'makes a list of one',
      '---\nlast_compiled: 2026-01-01\nsources: a.md\n---\n',
      `---\nlast_compiled: 2026-06-05\nsources:\n  - a.md\n  - ${SOURCE}\n---\n`,
    ],
    [
      'adds missing keys',
      '---\ntitle: A\n---\n',
      `---\ntitle: A\nlast_compiled: 2026-06-05\nsources:\n  - ${SOURCE}\n---\n`,
    ],
    [
      'makes what is not there',
      '# A\n',
      `---\nlast_compiled: 2026-06-05\nsources:\n  - ${SOURCE}\n---\n\n# A\n`,
    ],
    [
      'keeps CRLF and a byte order mark',
      '\ufeff---\r\nlast_compiled: 2026-01-01\r\nsources:\r\n  - a.md\r\n---\r\n# A\r\n',
      `\ufeff---\r\nlast_compiled: 2026-06-05\r\nsources:\r\n  - a.md\r\n  - ${SOURCE}\r\n---\r\n# A\r\n`,
    ],
  ])('%s', (_, before, after) => {
    expect(refreshFrontMatter(before, refresh)).toBe(after);
    expect(refreshFrontMatter(after, refresh)).toBe(after);
  });

  it('quotes a source that YAML would misread', () => {
    expect(refreshFrontMatter('# A\n', { ...refresh, source: 'clients/a b/x: #y.md' })).toContain(
      '  - "clients/a b/x: #y.md"\n',
    );
  });
});

describe('the index', () => {
  it.each([
    ['- [Acme](clients/acme.md) - 2026-01-01\n', '- [Acme](clients/acme.md) - 2026-06-05\n'],
    ['- [[clients/acme|Acme]] 2026-01-01\r\n- x\r\n', '- [[clients/acme|Acme]] 2026-06-05\r\n- x\r\n'],
    [
      '- [Acme](clients/acme.md) 2026-01-01 to 2026-02-01\n',
      '- [Acme](clients/acme.md) 2026-01-01 to 2026-02-01\n',
    ],
    [
      '- [Two](clients/acme.md-2) - 2026-01-01\n\n## End\n',
      '- [Two](clients/acme.md-2) - 2026-01-01\n- [acme](clients/acme.md) - 2026-06-05\n\n## End\n',
    ],
    ['- [B](clients/b.md)', '- [B](clients/b.md)\n- [acme](clients/acme.md) - 2026-06-05\n'],
    ['# Wiki', '# Wiki\n- [acme](clients/acme.md) - 2026-06-05\n'],
    ['', '- [acme](clients/acme.md) - 2026-06-05\n'],
  ])('%j becomes %j', (before, after) => {
    expect(refreshIndex(before, 'clients/acme.md', 'acme', '2026-06-05')).toBe(after);
  });
});

describe('the wiki phase', () => {
  let world: SaveWorld;
  beforeEach(() => {
    world = createSaveWorld();
  });
  afterEach(() => world.end());

  const compile = (more: Partial<WikiRequest> = {}): Promise<WikiReport> =>
    compileWiki(
      { ...world.deps, runner: createShellCommandRunner({ graceMs: 50 }) },
      {
        workspace: world.workspace,
        logPath: SOURCE,
        command: '',
        timeoutMs: 20_000,
        day: refresh.day,
        utc: refresh.utc,
        saveLock: world.place.paths.saveLock,
        ...more,
      },
    );
  const seed = (): void => {
    world.write('wiki/clients/Acme.md', '---\nlast_compiled: 2026-01-01\nsources: []\n---\n# Acme\n');
    world.write('wiki/index.md', '- [Acme](clients/Acme.md) - 2026-01-01\n');
  };

  it('refreshes the article and its line in the index', async () => {
    seed();
    expect(await compile()).toEqual({
      target: 'client:acme',
      how: 'refreshed',
      paths: ['wiki/clients/Acme.md', 'wiki/index.md'],
      warnings: [],
    });
    expect(world.read('wiki/clients/Acme.md')).toBe(
      `---\nlast_compiled: 2026-06-05\nsources: [${SOURCE}]\n---\n# Acme\n`,
    );
    expect(world.read('wiki/index.md')).toBe('- [Acme](clients/Acme.md) - 2026-06-05\n');
    expect(await compile()).toMatchObject({ how: 'refreshed', paths: [] });
  });

  it('lets the command write, and names exactly what it wrote', async () => {
    seed();
    const command =
      'printf "# %s from %s\\n" "$SESSION_LOG_WIKI_TARGET" "$SESSION_LOG_WIKI_LOG" > "$SESSION_LOG_WIKI_ARTICLE"; echo new > wiki/clients/other.md; echo x > elsewhere.md';
    expect(await compile({ command })).toEqual({
      target: 'client:acme',
      how: 'generated',
      paths: ['wiki/clients/Acme.md', 'wiki/clients/other.md'],
      warnings: [],
    });
    expect(world.read('wiki/clients/Acme.md')).toBe(`# client:acme from ${SOURCE}\n`);
  });

  it.each([
    ['fails', 'echo "no model" >&2; exit 7', 'exit code 7. It said: no model'],
    ['writes nothing', 'exit 0', 'did not write wiki/clients/Acme.md'],
    ['is not there', 'no-such-generator-here', 'exit code 127'],
    ['steers the terminal', 'printf "\\033[2J"; exit 1', '<U+001B>[2J'],
  ])('falls back and warns when the command %s', async (_, command, warning) => {
    seed();
    const report = await compile({ command });
    expect(report).toMatchObject({ how: 'refreshed', paths: ['wiki/clients/Acme.md', 'wiki/index.md'] });
    expect(report.warnings).toEqual([
      expect.stringContaining(warning),
      expect.stringContaining('not recompiled'),
    ]);
  });

  it('stops a command that does not end in time', async () => {
    seed();
    expect((await compile({ command: 'sleep 1000', timeoutMs: 100 })).warnings[0]).toContain(
      'did not end in time',
    );
  });

  it('does nothing where there is no wiki, no article, or no single target', async () => {
    expect(await compile()).toEqual({ target: 'client:acme', how: 'skipped', paths: [], warnings: [] });
    expect(await compile({ logPath: 'session-logs/x.md', command: 'exit 1' })).toEqual({
      target: null,
      how: 'skipped',
      paths: [],
      warnings: [],
    });
    world.write('wiki/index.md', '');
    expect(await compile()).toMatchObject({
      how: 'skipped',
      warnings: [expect.stringContaining('no article wiki/clients/acme.md')],
    });
    expect(world.read('wiki/index.md')).toBe('');
  });

  it('seeds a wiki through the command', async () => {
    expect(
      await compile({ command: 'mkdir -p wiki/clients && echo "# A" > "$SESSION_LOG_WIKI_ARTICLE"' }),
    ).toMatchObject({ how: 'generated', paths: ['wiki/clients/acme.md'] });
  });

  it.each([
    ['wiki/clients', ''],
    ['wiki/clients/acme.md', 'acme.md'],
    ['wiki/index.md', 'acme.md'],
  ])('writes nothing through a link at %s, wherever it leads', async (at, file) => {
    const outside = join(world.home, 'outside');
    mkdirSync(outside, { recursive: true });
    for (const name of ['acme.md', 'index.md']) writeFileSync(join(outside, name), '# Outside\n');
    world.write('wiki/clients/acme.md', '# Acme\n');
    world.write('wiki/index.md', '# Index\n');
    rmSync(join(world.workspace, at), { recursive: true });
    symlinkSync(join(outside, file), join(world.workspace, at));
    expect(await compile()).toMatchObject({
      how: 'failed',
      paths: [],
      warnings: [expect.stringContaining(`${at} is a link`)],
    });
    for (const name of ['acme.md', 'index.md'])
      expect(readFileSync(join(outside, name), 'utf8')).toBe('# Outside\n');
  });

  it('never fails a save: a link out of the tree, an article that is a folder or no text, even a runner with a bug', async () => {
    symlinkSync(world.home, join(world.workspace, 'wiki'));
    expect(await compile()).toMatchObject({ how: 'failed', warnings: [expect.stringContaining('link')] });
    const other = createSaveWorld();
    mkdirSync(join(other.workspace, 'wiki/clients/acme.md'), { recursive: true });
    other.write('wiki/index.md', new Uint8Array([0xff]));
    const request = {
      workspace: other.workspace,
      logPath: SOURCE,
      timeoutMs: 1,
      day: refresh.day,
      utc: refresh.utc,
      saveLock: other.place.paths.saveLock,
    };
    const runner = {
      run: () => {
        throw new Error('bug');
      },
    };
    expect(await compileWiki({ ...other.deps, runner }, { ...request, command: '' })).toMatchObject({
      how: 'refreshed',
      paths: [],
    });
    expect(await compileWiki({ ...other.deps, runner }, { ...request, command: 'x' })).toMatchObject({
      how: 'failed',
      warnings: ['The wiki was left as it is: bug'],
    });
    other.end();
  });
});
