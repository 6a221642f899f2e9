import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { expectProblem, expectSynced, scenario, useTemplate } from './scenario.ts';
import { git, mateCommits, onRemote, put, type World } from './world.ts';

useTemplate();

const FIRST = 'session-logs/2026-06-01-mike-first.md';
const LOG = 'session-logs/2026-06-06-mike-topic.md';

function script(folder: string, name: string, text: string): string {
  put(folder, { [name]: `#!/bin/sh\n${text}\n` });
  chmodSync(join(folder, name), 0o755);
  return join(folder, name);
}

const hook = (world: World, name: string, text: string): string =>
  script(join(world.tree, '.git/hooks'), name, text);
const said = (world: World): string =>
  existsSync(join(world.root, 'said')) ? readFileSync(join(world.root, 'said'), 'utf8') : '';

describe("the user's hooks", () => {
  scenario('run on the commit and on the push, and on nothing in between', async ({ world, sync }) => {
    for (const name of [
      'pre-commit',
      'commit-msg',
      'post-commit',
      'pre-push',
      'post-checkout',
      'post-rewrite',
      'pre-rebase',
      'post-merge',
      'reference-transaction',
    ])
      hook(world, name, `echo ${name} >> "${world.root}/said"`);
    mateCommits(world, { 'README.md': '# Anna\n' });
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG]));
    const names = said(world)
      .split('\n')
      .filter((name) => name !== '' && name !== 'reference-transaction');
    expect(names).toEqual(['pre-commit', 'commit-msg', 'post-commit', 'pre-push']);
  });

  scenario('may decline: nothing is committed, and their words are passed on', async ({ world, sync }) => {
    hook(world, 'pre-commit', 'echo "a secret is in the log" >&2; exit 1');
    put(world.tree, { [LOG]: 'x\n' });
    expectProblem(await sync([LOG]), 65, /a git hook declined it \(a secret is in the log\)/);
    expect(git(world, world.tree, 'log', '-1', '--format=%s')).toBe('seed');
    expect(readFileSync(join(world.tree, LOG), 'utf8')).toBe('x\n');
    expect(git(world, world.tree, 'status', '--porcelain', '--', LOG), 'is not announced to git').toBe(
      `?? ${LOG}`,
    );
  });

  scenario(
    'may format what is committed and add files: the next commit of anybody takes nothing back',
    async ({ world, sync }) => {
      const made = 'session-logs/made-by-the-hook.txt';
      hook(
        world,
        'pre-commit',
        `for f in $(git diff --cached --name-only); do echo formatted >> "$f"; git add "$f"; done
echo made > ${made}; git add ${made}`,
      );
      put(world.tree, { [LOG]: 'x\n', 'old.md': 'old\n' });
      git(world, world.tree, 'add', 'old.md');
      expectSynced(await sync([LOG]));
      expect(onRemote(world, LOG)).toBe('x\nformatted\n');
      expect(git(world, world.tree, 'status', '--porcelain', '--', LOG, made, 'old.md')).toBe('A  old.md');

      git(world, world.tree, 'commit', '-q', '--no-verify', '-m', 'of another session');
      expect(git(world, world.tree, 'show', `HEAD:${LOG}`)).toBe('x\nformatted');
      expect(git(world, world.tree, 'show', `HEAD:${made}`)).toBe('made');
    },
    { alone: true, commits: ['session-logs/made-by-the-hook.txt'] },
  );

  scenario('may try to act on the terminal: their words are made harmless', async ({ world, sync }) => {
    hook(world, 'pre-commit', String.raw`printf '\033]52;c;ZXZpbA==\007\033[2Jno\n' >&2; exit 1`);
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expectProblem(done, 65, /declined/);
    expect(done.text).not.toContain('\u001b');
  });

  scenario('may rewrite what is committed', async ({ world, sync }) => {
    hook(world, 'commit-msg', 'echo "Reviewed-by: nobody" >> "$1"');
    put(world.tree, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG]));
    expect(git(world, world.remote, 'log', '-1', '--format=%b', 'main')).toContain('Reviewed-by: nobody');
  });

  scenario('may live elsewhere (core.hooksPath)', async ({ world, sync }) => {
    script(join(world.root, 'shared-hooks'), 'pre-commit', 'echo no >&2; exit 1');
    git(world, world.tree, 'config', 'core.hooksPath', join(world.root, 'shared-hooks'));
    put(world.tree, { [LOG]: 'x\n' });
    expectProblem(await sync([LOG]), 65, /a git hook declined it \(no\)/);
  });

  scenario('that hang after the commit cost a warning, not the commit', async ({ world, sync }) => {
    hook(world, 'post-commit', 'exec sleep 600');
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG], { limits: { hookMs: 500 } });
    expectSynced(done);
    expect(done.tree?.warnings.join()).toContain('a hook that ran after it took too long');
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  scenario('that leave a daemon behind do not hold the run', async ({ world, sync }) => {
    hook(world, 'post-commit', `sleep 30 & echo $! > "${world.root}/pid"`);
    put(world.tree, { [LOG]: 'x\n' });
    const started = performance.now();
    expectSynced(await sync([LOG]));
    expect(performance.now() - started).toBeLessThan(10_000);
    process.kill(Number(readFileSync(join(world.root, 'pid'), 'utf8')));
  });

  scenario('may decline the push', async ({ world, sync }) => {
    hook(world, 'pre-push', 'echo "tests failed" >&2; exit 1');
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expectProblem(done, 65, /a git hook declined/);
    expect(done.tree?.commit).not.toBe(null);
    expect(onRemote(world, LOG)).toBe(null);
  });
});

describe('signatures', () => {
  /** A stand-in for gpg that signs at once; git takes what has the form of a signature. */
  const SIGNS = `echo "[GNUPG:] SIG_CREATED D 1 8 00 1 F" >&2
cat > /dev/null
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nsigned\\n-----END PGP SIGNATURE-----\\n'`;
  const signed = (world: World, commit: string): boolean =>
    git(world, world.remote, 'cat-file', 'commit', commit).includes('\ngpgsig ');

  scenario(
    'are made when the user wants them, and again when a commit is rebased',
    async ({ world, sync }) => {
      git(world, world.tree, 'config', 'gpg.program', script(world.root, 'gpg', SIGNS));
      git(world, world.tree, 'config', 'commit.gpgsign', 'true');
      put(world.tree, { [LOG]: 'x\n' });
      mateCommits(world, { 'README.md': '# Anna\n' });
      expectSynced(await sync([LOG]));
      expect(signed(world, 'main')).toBe(true);
    },
  );

  scenario('that were made by hand are not lost in a rebase', async ({ world, sync }) => {
    git(world, world.tree, 'config', 'gpg.program', script(world.root, 'gpg', SIGNS));
    put(world.tree, { 'by-hand.txt': 'x\n' });
    git(world, world.tree, 'add', 'by-hand.txt');
    git(world, world.tree, 'commit', '-q', '-S', '-m', 'by hand', '--', 'by-hand.txt');
    mateCommits(world, { 'README.md': '# Anna\n' });
    expectSynced(await sync([]));
    expect(git(world, world.remote, 'log', '-1', '--format=%s', 'main')).toBe('by hand');
    expect(signed(world, 'main')).toBe(true);
  });

  scenario('that cannot be made stop the commit', async ({ world, sync }) => {
    git(
      world,
      world.tree,
      'config',
      'gpg.program',
      script(world.root, 'gpg', 'echo "gpg: no secret key" >&2; exit 2'),
    );
    git(world, world.tree, 'config', 'commit.gpgsign', 'true');
    put(world.tree, { [LOG]: 'x\n' });
    expectProblem(await sync([LOG]), 65, /the commit could not be signed/);
    expect(git(world, world.tree, 'log', '-1', '--format=%s')).toBe('seed');
  });

  scenario('that wait for a passphrase in the rebase defer the push', async ({ world, sync }) => {
    const gpg = script(world.root, 'gpg', SIGNS);
    git(world, world.tree, 'config', 'gpg.program', gpg);
    git(world, world.tree, 'config', 'commit.gpgsign', 'true');
    put(world.tree, { 'by-hand.txt': 'x\n' });
    git(world, world.tree, 'add', 'by-hand.txt');
    git(world, world.tree, 'commit', '-q', '-m', 'by hand', '--', 'by-hand.txt');
    script(world.root, 'gpg', 'exec sleep 600');
    mateCommits(world, { 'README.md': '# Anna\n' });
    expectProblem(
      await sync([], { limits: { signMs: 300 } }),
      75,
      /signing its rebased commits waited longer/,
    );
    script(world.root, 'gpg', SIGNS);
    expectSynced(await sync([]));
    expect(signed(world, 'main')).toBe(true);
  });
});

describe('filters and line ends', () => {
  scenario('the private work tree runs no filter and checks nothing out', async ({ world, sync }) => {
    git(
      world,
      world.tree,
      'config',
      'filter.lfs.smudge',
      script(world.root, 'smudge', `echo "$GIT_LFS_SKIP_SMUDGE" >> "${world.root}/said"; cat`),
    );
    git(world, world.tree, 'config', 'filter.lfs.clean', 'cat');
    put(world.tree, { '.git/info/attributes': '*.bin filter=lfs\n' });
    mateCommits(world, { 'big.bin': 'pointer\n', [FIRST]: '# First, by Anna\n\nbegun\n' });
    put(world.tree, { [LOG]: 'x\n', [FIRST]: '# First\n\nbegun\n\nand more\n' });
    expectSynced(await sync([LOG, FIRST]));
    // Once, for the user's own tree, and there without the switch.
    expect(said(world)).toBe('\n');
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  for (const [how, key] of [
    ['runs for each file', 'clean'],
    ['runs beside git', 'process'],
  ] as const)
    scenario(`a filter that ${how} and fails is named, and no remote is blamed`, async ({ world, sync }) => {
      put(world.tree, { '.git/info/attributes': '*.md filter=broken\n', [LOG]: 'x\n', [FIRST]: 'changed\n' });
      git(world, world.tree, 'config', `filter.broken.${key}`, 'false');
      git(world, world.tree, 'config', 'filter.broken.required', 'true');
      const done = await sync([LOG]);
      expectProblem(done, 65, /the filter that \.gitattributes names for a file failed/);
      expect(done.text).not.toMatch(/remote (?:end|cannot)|deferred/);
    });

  scenario('autocrlf: the file keeps its line ends, the commit has its own', async ({ world, sync }) => {
    git(world, world.tree, 'config', 'core.autocrlf', 'true');
    put(world.tree, { [LOG]: 'one\r\ntwo\r\n' });
    mateCommits(world, { 'README.md': '# Anna\n' });
    expectSynced(await sync([LOG]));
    expect(readFileSync(join(world.tree, LOG), 'utf8')).toBe('one\r\ntwo\r\n');
    expect(onRemote(world, LOG)).toBe('one\ntwo\n');
    expect(readFileSync(join(world.tree, 'README.md'), 'utf8')).toBe('# Anna\r\n');
  });

  scenario(
    'autocrlf: an untracked file that is the same but for its line ends is taken over',
    async ({ world, sync }) => {
      git(world, world.tree, 'config', 'core.autocrlf', 'true');
      put(world.tree, { 'same.txt': 'one\r\ntwo\r\n' });
      mateCommits(world, { 'same.txt': 'one\ntwo\n' });
      const done = await sync([]);
      expectSynced(done);
      expect(done.tree?.warnings).toEqual([]);
      expect(readFileSync(join(world.tree, 'same.txt'), 'utf8')).toBe('one\r\ntwo\r\n');
    },
  );

  scenario('autocrlf: a move killed half-way is finished', async ({ world, sync }) => {
    git(world, world.tree, 'config', 'core.autocrlf', 'true');
    const old = git(world, world.tree, 'rev-parse', 'HEAD');
    const next = mateCommits(world, {
      'a.txt': 'one\ntwo\n',
      'b.txt': 'long line\n'.repeat(900),
      'README.md': '# Anna\n',
    });
    git(world, world.tree, 'fetch', '-q');
    put(world.tree, { 'a.txt': 'one\r\ntwo\r\n', 'b.txt': 'long line\r\n'.repeat(100) });
    const header = { v: 1, mark: 'deadbeef', tree: world.tree, gitDir: join(world.tree, '.git') };
    put(world.tree, {
      '.git/session-log/journal.jsonl': `${JSON.stringify(header)}\n${JSON.stringify({ step: 'move', old, new: next })}\n`,
    });
    expect((await sync([])).error).toBe(null);
    expect(git(world, world.tree, 'rev-parse', 'HEAD')).toBe(next);
    expect(git(world, world.tree, 'status', '--porcelain', '--', 'a.txt', 'b.txt', 'README.md')).toBe('');
  });

  scenario('a merge driver of the repository is used', async ({ world, sync }) => {
    mateCommits(world, {
      '.gitattributes': 'session-logs/index.md merge=union\n',
      'session-logs/index.md': '- a\n',
    });
    expectSynced(await sync([]));
    mateCommits(world, { 'session-logs/index.md': '- a\n- by anna\n' });
    put(world.tree, { 'session-logs/index.md': '- a\n- by mike\n' });
    expectSynced(await sync(['session-logs/index.md']));
    expect(onRemote(world, 'session-logs/index.md')).toBe('- a\n- by anna\n- by mike\n');
  });
});

describe('settings that must not reach a run', () => {
  for (const [what, settings] of [
    [
      'rebase.autoSquash, autoStash, updateRefs',
      { 'rebase.autoSquash': 'true', 'rebase.autoStash': 'true', 'rebase.updateRefs': 'true' },
    ],
    ['gc.auto, maintenance', { 'gc.auto': '1', 'maintenance.auto': 'true', 'gc.autoDetach': 'false' }],
    [
      'status.showUntrackedFiles, status.relativePaths',
      { 'status.showUntrackedFiles': 'no', 'status.relativePaths': 'true', 'status.branch': 'true' },
    ],
    [
      'push.default, fetch.prune, fetch.all',
      { 'push.default': 'nothing', 'fetch.prune': 'true', 'fetch.all': 'true', 'push.followTags': 'true' },
    ],
    [
      'color.ui, core.quotePath, log.showSignature',
      {
        'color.ui': 'always',
        'core.quotePath': 'true',
        'log.showSignature': 'true',
        'diff.noprefix': 'true',
        'diff.external': '/bin/false',
      },
    ],
    [
      'commit.verbose, commit.cleanup, core.commentChar',
      { 'commit.verbose': 'true', 'commit.cleanup': 'scissors', 'core.commentChar': 's' },
    ],
    ['core.fsmonitor', { 'core.fsmonitor': '/bin/false' }],
    [
      'submodule.recurse, push.recurseSubmodules',
      { 'submodule.recurse': 'true', 'push.recurseSubmodules': 'only' },
    ],
  ] as const) {
    scenario(what, async ({ world, sync }) => {
      for (const [key, value] of Object.entries(settings)) git(world, world.tree, 'config', key, value);
      put(world.tree, { 'fixup.txt': 'x\n' });
      git(world, world.tree, 'add', 'fixup.txt');
      git(world, world.tree, 'commit', '-q', '-m', 'fixup! seed', '--', 'fixup.txt');
      git(world, world.tree, 'branch', 'bystander');
      const bystander = git(world, world.tree, 'rev-parse', 'bystander');
      const loose = git(world, world.tree, 'count-objects');
      mateCommits(world, { 'README.md': '# Anna\n', 'session-logs/ünï.md': 'ü\n' });
      put(world.tree, { [LOG]: 'x\n' });
      const done = await sync([LOG]);
      expectSynced(done);
      expect(done.tree?.arrived?.logs).toEqual(['session-logs/ünï.md']);
      expect(git(world, world.remote, 'log', '--format=%s', 'main').split('\n').slice(0, 3)).toEqual([
        'sync: HAL 2026-06-06-mike-topic.md',
        'fixup! seed',
        'from anna',
      ]);
      expect(git(world, world.tree, 'rev-parse', 'bystander')).toBe(bystander);
      expect(Number.parseInt(git(world, world.tree, 'count-objects'), 10)).toBeGreaterThan(
        Number.parseInt(loose, 10),
      );
    });
  }
});
