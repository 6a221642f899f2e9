import { describe, expect, it } from 'vitest';
import { commitMessage } from './commit-message.ts';
import { parseBatch } from '../repository/cat-file.ts';
import { parseChanged } from './committed-files.ts';
import { isGarbled } from './garbled.ts';
import { configFlag, configValue, parseConfig, remotesOf } from '../repository/git-config.ts';
import { parseJournal } from './journal.ts';
import { assignOwn, selectOwn } from './own-paths.ts';
import type { Repo } from '../repository/repo.ts';
import { isSessionLog } from '../../../shared/domain/session-log-path.ts';
import { parseStatus } from './status.ts';
import { upstreamOf } from './upstream.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const SHA = 'a'.repeat(40);
const NEXT = 'b'.repeat(40);

describe('parseStatus', () => {
  const line = (xy: string, path: string, sub = 'N...'): string =>
    `1 ${xy} ${sub} 100644 100644 100644 ${SHA} ${SHA} ${path}`;

  it('reads branch, tracked, untracked and unmerged entries, and names with spaces', () => {
    const output = [
      `# branch.oid ${SHA}`,
      '# branch.head main',
      '# branch.upstream origin/main',
      '# branch.ab +0 -0',
      line('.M', 'a b/c.md'),
      line('A.', 'new.md'),
      line('.M', 'sub', 'SC..'),
      `u UU N... 100644 100644 100644 100644 ${SHA} ${SHA} ${SHA} both here.md`,
      '? x\ny.md',
      '? \ufffd.md',
      '',
    ].join('\0');
    expect(parseStatus(bytes(output))).toEqual({
      head: SHA,
      branch: 'main',
      unreadable: 1,
      levelWith: 'refs/remotes/origin/main',
      entries: [
        { path: 'a b/c.md', kind: 'tracked', staged: '.', unstaged: 'M', submodule: false },
        { path: 'new.md', kind: 'tracked', staged: 'A', unstaged: '.', submodule: false },
        { path: 'sub', kind: 'tracked', staged: '.', unstaged: 'M', submodule: true },
        { path: 'both here.md', kind: 'unmerged', staged: 'U', unstaged: 'U', submodule: false },
        { path: 'x\ny.md', kind: 'untracked', staged: '.', unstaged: '?', submodule: false },
      ],
    });
  });

  it('tells a detached HEAD and an unborn branch', () => {
    expect(parseStatus(bytes(`# branch.oid ${SHA}\0# branch.head (detached)\0`))).toMatchObject({
      head: SHA,
      branch: null,
    });
    // An answer that was cut before it said where HEAD is says nothing of the files either.
    for (const cut of ['', `# branch.oid ${SHA}\0`]) expect(parseStatus(bytes(cut))).toBeNull();
    expect(parseStatus(bytes('# branch.oid (initial)\0# branch.head main\0'))).toMatchObject({
      head: null,
      branch: 'main',
    });
  });
});

describe('selectOwn', () => {
  const entry = (path: string, staged = '.', unstaged = '?') => ({
    path,
    kind: unstaged === '?' ? ('untracked' as const) : ('tracked' as const),
    staged,
    unstaged,
    submodule: false,
  });
  const status = (...entries: ReturnType<typeof entry>[]) => ({
    head: SHA,
    branch: 'main',
    levelWith: null,
    entries,
    unreadable: 0,
  });
  const own = (...paths: string[]) => ({ all: false as const, paths });

  it('takes named files and what is below named folders, and nothing whose name only begins so', () => {
    const chosen = selectOwn(
      status(entry('a.md'), entry('dir/x'), entry('dirt'), entry('dir.md', '.', 'M')),
      own('a.md', 'dir', 'gone.md'),
    );
    expect(chosen.commit).toEqual(['a.md', 'dir/x']);
    expect(chosen.silent).toEqual(['gone.md']);
  });

  it('names logs of others, but not those they removed', () => {
    const chosen = selectOwn(
      status(
        entry('session-logs/o.md'),
        entry('session-logs/d.md', '.', 'D'),
        entry('projects/p/session-logs/2026-06/x.md', 'M', '.'),
        entry('x.md'),
      ),
      own(),
    );
    expect(chosen.othersUncommitted).toEqual(['session-logs/o.md', 'projects/p/session-logs/2026-06/x.md']);
    expect(chosen.commit).toEqual([]);
  });

  it('passes a removal on only in a sweep', () => {
    const gone = [entry('a', '.', 'D'), entry('b', 'D', '.')];
    expect(selectOwn(status(...gone), own('a', 'b')).commit).toEqual([]);
    expect(selectOwn(status(...gone), { all: true, removals: true }).commit).toEqual(['a', 'b']);
  });
});

describe('assignOwn', () => {
  const repo = (tree: string): Repo => ({
    tree,
    gitDir: `${tree}/.git`,
    commonDir: `${tree}/.git`,
    names: [tree],
    config: new Map(),
  });
  const trees = [repo('/w'), repo('/w/vault')];
  const assign = (...paths: string[]) => assignOwn(paths, trees);

  it('gives each path to the innermost tree it lies in; relative ones to the workspace', () => {
    expect(assign('a.md', './b.md', '/w/c.md', '/w/vault/d.enc', 'sub\\e.md')).toEqual({
      ok: true,
      value: [
        { all: false, paths: ['a.md', 'b.md', 'c.md', 'sub/e.md'] },
        { all: false, paths: ['d.enc'] },
      ],
    });
  });

  it.each(['/elsewhere/x', '..', 'a/../../b', 'a//b', '', '.git/config', 'x/.Git/y', 'C:\\x', 'C:/x'])(
    'refuses %j',
    (path) => {
      const assigned = assign(path);
      expect(!assigned.ok && assigned.error.code).toBe('invalid-input');
    },
  );
});

describe('small parsers', () => {
  it('configuration: scopes, values with line breaks, keys without a value, our own left out', () => {
    const config = parseConfig(
      bytes(
        'global\0user.name\nA\0local\0user.name\nB\nC\0local\0core.bare\0command\0core.hookspath\n/dev/null\0local\0remote.a.b.url\nx\0',
      ),
    );
    expect(configValue(config, 'user.name')).toBe('B\nC');
    expect(configFlag(config, 'core.bare')).toBe(true);
    expect(configValue(config, 'core.hookspath')).toBe(null);
    expect(remotesOf(config)).toEqual(['a.b']);
  });

  it('upstream refs: patterns, single refs, mirrors and clones that follow nothing', () => {
    const tracking = (...specs: string[]): string =>
      upstreamOf(new Map([['remote.o.fetch', specs]]), 'o', 'a/b').tracking;
    expect(tracking('+refs/heads/*:refs/remotes/o/*')).toBe('refs/remotes/o/a/b');
    expect(tracking('refs/heads/x:refs/remotes/o/x', '+refs/heads/a/b:refs/remotes/o/q')).toBe(
      'refs/remotes/o/q',
    );
    expect(tracking('+refs/*:refs/*')).toBe('refs/session-log/upstream/a/b');
    expect(tracking()).toBe('refs/session-log/upstream/a/b');
    expect(tracking('^refs/heads/a/b', '+refs/heads/*:refs/remotes/o/*')).toBe('refs/remotes/o/a/b');
  });

  it('journal: the last step counts, torn lines are passed over, later headers add their mark', () => {
    const header = JSON.stringify({ v: 1, mark: 'ab', tree: '/t', gitDir: '/t/.git', branch: null });
    const text = [
      header,
      '{"step":"commit","paths":["a"]}',
      '{"owed":[{"from":"x","to":"y"}]}',
      `{"step":"move","old":"${SHA}","new":"${NEXT}"}`,
      JSON.stringify({ mark: 'cd', tree: '/t', gitDir: '/t/.git' }),
      '{"step":"unknown"}',
      '{"step":"mo',
    ].join('\n');
    expect(parseJournal(bytes(text), 7)).toEqual({
      marks: ['ab', 'cd'],
      tree: '/t',
      gitDir: '/t/.git',
      branch: null,
      last: { step: 'move', old: SHA, new: NEXT },
      owed: [],
      lastWriteMs: 7,
    });
    expect(parseJournal(bytes(''), 0)).toBe('torn');
    expect(parseJournal(bytes('{"mark":"../../x","tree":"/t","gitDir":"/"}'), 0)).toBe('torn');
  });

  it('what a commit holds', () => {
    const raw = (letter: string): string => `:100644 100644 ${SHA} ${NEXT} ${letter}`;
    expect(
      parseChanged([
        raw('A'),
        'a\tb.md',
        raw('M'),
        'c.bin',
        raw('D'),
        'd',
        '3\t0\ta\tb.md',
        '-\t-\tc.bin',
        '0\t9\td',
      ]),
    ).toMatchObject([
      { path: 'a\tb.md', change: 'created', added: 3 },
      { path: 'c.bin', change: 'changed', added: 0 },
      { path: 'd', change: 'removed', added: 0, removed: 9 },
    ]);
    expect(
      parseBatch(bytes(`${SHA} blob 3\na\nb\n${NEXT} missing\n${SHA} blob 0\n\n`)).map(
        (blob) => blob && new TextDecoder().decode(blob),
      ),
    ).toEqual(['a\nb', null, '']);
  });

  it.each(['C:\\x', 'c:/x', 'D\uf03a\uf05cx', 'a\uf05cb', 'a\nb', 'x\u007f', 'C:'])('%j is garbled', (path) =>
    expect(isGarbled(path)).toBe(true),
  );
  it.each(['a:b.md', 'CC:\\x', 'dir/C: x', 'ünï', 'a\\b', '😀'])('%j is not', (path) =>
    expect(isGarbled(path)).toBe(false),
  );
  it.each(['session-logs/a.md', 'projects/p/session-logs/2026-06/a.MD', 'clients/c/session-logs/x/y.md'])(
    '%j is a session log',
    (path) => expect(isSessionLog(path)).toBe(true),
  );
  it.each([
    'a.md',
    'session-logs',
    'session-logs/a.txt',
    'x/session-logs/a.md',
    'projects/session-logs/a.md',
  ])('%j is none', (path) => expect(isSessionLog(path)).toBe(false));

  it('a message cannot be forged by a name', () => {
    const { subject, body } = commitMessage(
      { name: 'A\nMachine: X', email: '', user: 'a', machine: 'm', host: 'H\r\nI' },
      ['x/ev\nil.md'],
      0,
    );
    expect(subject).toBe('sync: H I ev il.md');
    expect(body).toBe('Author: A Machine: X\nMachine: H I (m)\nTimestamp: 1970-01-01T00:00:00.000Z');
  });
});
