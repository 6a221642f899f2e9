import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logId, type LogPath } from '../../../shared/domain/ids.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { unwrap } from '../../../shared/result.ts';
import { createNodeBytes } from '../../adapters/system/node-bytes.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { locateLog, readLog } from '../logs/read-log.ts';
import { addMarks } from '../pending/marks-file.ts';
import { forgetDeleted } from '../workflows/forget-deleted.ts';
import { refreshWorkspaces, type WorkspaceNotice } from './refresh-workspaces.ts';
import { workspaceRoots } from './workspace-roots.ts';

const bytes = createNodeBytes();
const LOG = 'session-logs/2026-06-05-mike-dns.md' as LogPath;
const OTHER = 'session-logs/2026-06-06-mike-tls.md' as LogPath;
const MARK = '<!-- session-log: session=s-1 saved=2026-06-05T10:03:00.000+00:00 text=0123456789abcdef -->';

let world: TestWorld;
let a: TestMachine;
let folder: string;

beforeEach(async () => {
  world = createTestWorld();
  a = world.machine('a');
  folder = mkdtempSync(join(tmpdir(), 'session-log-deleted-'));
  git('init', '-q', '-b', 'main', tree());
  use('harbor');
  write(LOG, '# DNS\n\nThe resolver was wrong.\n');
  write(OTHER, '# TLS\n\nA chain was cut.\n');
  commit('logs');
  expect(await refreshed()).toEqual([]);
});
afterEach(async () => {
  await world.end();
  rmSync(folder, { recursive: true, force: true });
});

const tree = (name = 'harbor'): string => join(folder, name);

function git(...args: readonly string[]): string {
  const who = [
    '-c',
    'user.name=Mike',
    '-c',
    'user.email=mike@example.com',
    '-c',
    'protocol.file.allow=always',
  ];
  return execFileSync('git', [...who, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
const inTree = (...args: readonly string[]): string => git('-C', tree(), ...args);

function commit(message: string): string {
  inTree('add', '-A');
  inTree('commit', '-qm', message);
  return inTree('rev-parse', 'HEAD');
}

function write(path: string, text: string, name = 'harbor'): void {
  mkdirSync(dirname(join(tree(name), path)), { recursive: true });
  writeFileSync(join(tree(name), path), text);
}

function move(from: string, to: string): void {
  mkdirSync(dirname(join(tree(), to)), { recursive: true });
  renameSync(join(tree(), from), join(tree(), to));
}

function use(...names: readonly string[]): void {
  a.workspaces = workspaceRoots({ workspaces: names.map((name) => tree(name)), vault: '' }, [], (text) =>
    bytes.sha256(new TextEncoder().encode(text)),
  );
}

/** A look for which no machine is too slow. */
async function refreshed(more: Partial<typeof a.deps> = {}): Promise<readonly WorkspaceNotice[]> {
  const clock = { ...a.deps.clock, now: () => 0 };
  return unwrap(await refreshWorkspaces({ ...a.deps, clock, ...more }));
}

/** What the list says after a look: `path` or `path@commit`. */
async function listed(): Promise<readonly string[]> {
  const rows = unwrap(await a.deps.index.page({ files: true })).rows;
  return rows.map(({ path, place, commit }) => (place === 'git' ? `${path}@${commit ?? '?'}` : path)).sort();
}

async function row(path: LogPath): Promise<LogRow> {
  const machine = a.workspaces[0]?.machine;
  if (machine === undefined) throw new Error('no workspace');
  const found = unwrap(await a.deps.index.row(logId(machine, path)));
  if (found === null) throw new Error(`${path} has no row`);
  return found;
}

async function text(path: LogPath): Promise<string> {
  return new TextDecoder().decode(unwrap(await readLog(a.deps, (await row(path)).id)).bytes);
}

/** Removes the log from the history, and what git keeps of it by itself. */
function rewriteHistory(): void {
  const fresh = inTree('commit-tree', '-m', 'anew', 'HEAD^{tree}');
  inTree('reset', '-q', '--hard', fresh);
  inTree('reflog', 'expire', '--expire=all', '--all');
  inTree('gc', '-q', '--prune=now');
}

describe('a log that git deletes', () => {
  it('keeps its row with the commit that had it last, and is read from there', async () => {
    write(LOG, '# DNS, solved\n\nIt was the cache.\n');
    const last = commit('more');
    inTree('rm', '-q', LOG);
    commit('away');
    expect(await refreshed()).toEqual([]);
    expect(await listed()).toEqual([`${LOG}@${last}`, OTHER]);
    expect(await row(LOG)).toMatchObject({
      title: 'DNS, solved',
      date: '2026-06-05',
      user: 'mike',
      commit: last,
    });
    const read = unwrap(await readLog(a.deps, (await row(LOG)).id));
    expect([new TextDecoder().decode(read.bytes), read.commit]).toEqual([
      '# DNS, solved\n\nIt was the cache.\n',
      last,
    ]);
    const located = await locateLog(a.deps, (await row(LOG)).id);
    expect(located.ok ? '' : located.error.remedy).toContain(`git restore --source=${last.slice(0, 9)}`);
    expect(existsSync(join(tree(), LOG))).toBe(false);
  });

  it.each<[string, () => void, readonly string[]]>([
    ['that only the work tree lost', () => rmSync(join(tree(), LOG)), ['HEAD']],
    [
      'that was moved is one log',
      () => {
        move(LOG, 'session-logs/2026-06/2026-06-05-mike-dns.md');
        commit('moved');
      },
      [],
    ],
    [
      'that was moved and edited is one log',
      () => {
        move(LOG, 'projects/x/session-logs/2026-06-05-mike-dns.md');
        write('projects/x/session-logs/2026-06-05-mike-dns.md', '# DNS\n\nSomething else altogether.\n');
        commit('moved');
      },
      [],
    ],
    [
      'that was never committed is gone',
      () => {
        rmSync(join(tree(), LOG));
        inTree('update-ref', '-d', 'HEAD');
        inTree('reflog', 'expire', '--expire=all', '--all');
      },
      [],
    ],
    [
      'whose branch was left is read from that branch',
      () => {
        inTree('checkout', '-q', '--orphan', 'other');
        inTree('rm', '-rqf', '.');
        write(OTHER, '# TLS\n');
        commit('other');
      },
      ['main'],
    ],
  ])('%s', async (_name, change, from) => {
    change();
    await refreshed();
    const commits = from.map((name) => `${LOG}@${inTree('rev-parse', name)}`);
    expect((await listed()).filter((one) => one.includes('@'))).toEqual(commits);
    expect((await listed()).filter((one) => one.includes('dns.md'))).toHaveLength(
      _name.includes('one log') ? 1 : commits.length,
    );
  });

  it('is one log where its session was renamed and edited', async () => {
    write(LOG, `# DNS\n\n${MARK}\n`);
    commit('marked');
    await refreshed();
    rmSync(join(tree(), LOG));
    write('session-logs/2026-06-07-mike-resolver.md', `# The resolver\n\nAll new.\n\n${MARK}\n`);
    commit('renamed');
    await refreshed();
    expect(await listed()).toEqual([OTHER, 'session-logs/2026-06-07-mike-resolver.md']);
  });

  it('is a file again when it comes back', async () => {
    inTree('rm', '-q', LOG);
    commit('away');
    await refreshed();
    write(LOG, '# DNS again\n');
    commit('back');
    await refreshed();
    expect(await row(LOG)).toMatchObject({ title: 'DNS again', place: 'workspace', commit: null });
    expect(await text(LOG)).toBe('# DNS again\n');
  });

  it('is said to be gone when the history was rewritten, and listed no more', async () => {
    inTree('rm', '-q', LOG);
    commit('away');
    await refreshed();
    const { id, commit: lost } = await row(LOG);
    rewriteHistory();
    const read = await readLog(a.deps, id);
    expect(read.ok ? '' : read.error.message).toContain(
      `commit ${lost?.slice(0, 9)}, which had it, cannot be read`,
    );
    expect((await refreshed()).map(({ problem }) => problem)).toEqual([
      '1 log that git had deleted is gone, because the history was rewritten',
    ]);
    expect(await listed()).toEqual([OTHER]);
    expect(await refreshed()).toEqual([]);
  });

  it('is known again to an index that is made anew', async () => {
    inTree('rm', '-q', LOG);
    commit('away');
    await refreshed();
    const before = await row(LOG);
    const machine = before.machine;
    unwrap(await a.deps.index.dropShard(machine));
    await refreshed();
    expect(await row(LOG)).toEqual(before);
  });

  it.each<[string, readonly string[], () => void]>([
    ['', [], () => git('-C', tree('clone'), 'pull', '-q', '--ff-only')],
    [
      'shallow ',
      ['--depth=1'],
      () => {
        git('-C', tree('clone'), 'fetch', '-q', '--depth=1', 'origin');
        git('-C', tree('clone'), 'reset', '-q', '--hard', 'origin/main');
      },
    ],
  ])(
    'is kept in a %sclone whose pull brings the deletion, and unknown to a fresh one',
    async (_name, how, pull) => {
      git('clone', '-q', ...how, `file://${tree()}`, tree('clone'));
      use('clone');
      await refreshed();
      const had = inTree('rev-parse', 'HEAD');
      inTree('rm', '-q', LOG);
      commit('away');
      git('clone', '-q', tree(), tree('fresh'));
      pull();
      await refreshed();
      expect(await listed()).toEqual([`${LOG}@${had}`, OTHER]);
      expect(await text(LOG)).toContain('The resolver was wrong.');
      use('fresh');
      await refreshed();
      expect(await listed()).toEqual([OTHER]);
    },
  );

  it('is found where the logs are a repository of their own, and by names that git takes for patterns', async () => {
    const inner = join(tree('port'), 'session-logs');
    const odd = 'session-logs/2026-06-07 [x] -- ü.md' as LogPath;
    mkdirSync(tree('port'), { recursive: true });
    git('init', '-q', tree('port'));
    git('init', '-q', inner);
    write(odd, '# Odd\n', 'port');
    git('-C', inner, 'add', '-A');
    git('-C', inner, 'commit', '-qm', 'odd');
    use('port');
    await refreshed();
    git('-C', inner, 'rm', '-q', '--', ':(literal)2026-06-07 [x] -- ü.md');
    git('-C', inner, 'commit', '-qm', 'away');
    await refreshed();
    expect(await text(odd)).toBe('# Odd\n');
  });

  it('is kept out once its session was forgotten, here or by its machine, or it was itself', async () => {
    write(LOG, `# DNS\n\n${MARK}\n`);
    commit('marked');
    await refreshed();
    inTree('rm', '-q', LOG, OTHER);
    commit('away');
    await refreshed();
    expect(await listed()).toHaveLength(2);
    const forgot = {
      kind: 'forget',
      reader: 'host-a',
      at: 1,
      log: 'x.md',
      what: 'log',
      session: 's-1',
    } as const;
    unwrap(await addMarks({ ...a.deps, paths: { ...a.deps.paths, notesLock: a.paths.notesLock } }, [forgot]));
    await refreshed();
    expect((await listed()).map((one) => one.split('@')[0])).toEqual([OTHER]);
    const { report } = unwrap(await forgetDeleted(a.base, await row(OTHER), {}));
    expect(report.notReached.map(({ why }) => why)).toEqual(['git keeps it, in every clone']);
    await refreshed();
    expect(await listed()).toEqual([]);
    unwrap(await a.deps.index.dropShard((a.workspaces[0] as { machine: LogRow['machine'] }).machine));
    await refreshed();
    expect(await listed()).toEqual([]);
  });

  it('is read from git however slow the machine is', async () => {
    inTree('rm', '-q', LOG);
    const had = inTree('rev-parse', 'HEAD');
    commit('away');
    let now = 0;
    await refreshed({ clock: { ...a.deps.clock, now: () => (now += 10_000) } });
    expect(await listed()).toEqual([`${LOG}@${had}`, OTHER]);
  });

  it('stays listed as it was while git cannot be asked', async () => {
    inTree('rm', '-q', LOG);
    commit('away');
    const lame = async (): ReturnType<typeof a.deps.history.lastCommits> => ({
      ok: false,
      error: { code: 'io', message: 'Git took too long.', remedy: '', transient: true } as never,
    });
    const [notice] = await refreshed({ history: { ...a.deps.history, lastCommits: lame } });
    expect(notice?.problem).toBe('git was not asked about logs that are gone (Git took too long.)');
    expect(await listed()).toEqual([LOG, OTHER]);
    await refreshed();
    expect((await listed())[0]).toContain(`${LOG}@`);
  });
});
