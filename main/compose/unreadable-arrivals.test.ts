import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../shared/result.ts';
import { createNodeBytes } from '../adapters/system/node-bytes.ts';
import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeRandom } from '../adapters/system/node-random.ts';
import type { GitSyncDeps } from '../core/git-sync/git-sync-deps.ts';
import { gitSync } from '../core/git-sync/git-sync.ts';
import { lookForNotes } from '../core/git-sync/look-for-notes.ts';
import { collectArrivedNotes } from '../core/notes/collect-arrived.ts';
import type { TreeReport } from '../core/git-sync/report.ts';
import type { Git } from '../core/ports/git.ts';
import { noteLog } from '../testing/notes-fixture.ts';
import { openGitTools } from './git-tools.ts';

const MIKE = { user: 'mike', fullName: 'Mike Swanson' };
const BAD = 'session-logs/2026-01-05-eve-huge.md';
const GOOD = 'session-logs/2026-01-06-howard-x.md';

let root: string;
let tree: string;
let other: string;

function git(cwd: string, ...args: readonly string[]): void {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const settings = ['user.name=Mike', 'user.email=mike@example.com', 'init.defaultBranch=main'];
  execFileSync('git', [...settings.flatMap((one) => ['-c', one]), ...args], { cwd, env, stdio: 'ignore' });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unreadable-'));
  [tree, other] = [join(root, 'tree'), join(root, 'other')];
  git(root, 'init', '-q', '--bare', 'remote.git');
  git(root, 'clone', '-q', 'remote.git', tree);
  writeFileSync(join(tree, 'README.md'), '# Team\n');
  git(tree, 'add', '.');
  git(tree, 'commit', '-qm', 'Begin');
  git(tree, 'push', '-q', '-u', 'origin', 'HEAD');
  git(root, 'clone', '-q', 'remote.git', other);
  mkdirSync(join(other, 'session-logs'));
  writeFileSync(join(other, BAD), noteLog(`## Note for mike\n\nFrom the large one.\n\n${'x'.repeat(4_000)}`));
  writeFileSync(join(other, GOOD), noteLog('## Note for mike\n\nFrom the other.'));
  git(other, 'add', '.');
  git(other, 'commit', '-qm', 'Logs');
  git(other, 'push', '-q');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Git whose reading of one log is changed. */
function readingBad(change: Git['run']): Git {
  const { git: real } = openGitTools();
  const isBad: Git['run'] = (call) =>
    call.args[0] === 'cat-file' && call.args.some((arg) => arg.endsWith(BAD)) ? change(call) : real.run(call);
  return { ...real, run: isBad };
}

type Sync = (...args: Parameters<typeof lookForNotes>) => Promise<Pick<TreeReport, 'warnings'>>;
const syncing: Sync = async (...args) => unwrap(await gitSync(...args)).trees[0]!;
const looking: Sync = async (...args) => unwrap(await lookForNotes(...args));

/** One run that tells which notes it brought. */
async function run(sync: Sync, with_: Git) {
  const texts: string[] = [];
  const state = join(root, 'state');
  const notes = {
    ...openGitTools(),
    files: createNodeFiles(),
    clock: createNodeClock(),
    random: createNodeRandom(),
    bytes: createNodeBytes(),
    paths: {
      inbox: join(state, 'inbox.json'),
      receipts: join(state, 'receipts.json'),
      notesLock: join(state, 'notes.lock'),
    },
  };
  const deps: GitSyncDeps = {
    ...notes,
    git: with_,
    hooks: {
      collectNotes: async (arrived) => {
        const found = await collectArrivedNotes(notes, MIKE, arrived);
        if (found.ok) texts.push(...found.value.map((note) => note.text.split('\n')[0] ?? ''));
        return found;
      },
    },
  };
  const identity = { name: 'Mike', email: 'mike@example.com', user: 'mike', machine: '', host: 'h' };
  const { warnings } = await sync(deps, { workspace: tree, own: [], identity, waitMs: 0 });
  return { texts: texts.toSorted(), warnings };
}

const tooLarge = (): Git => {
  const { git: real } = openGitTools();
  return readingBad((call) => real.run({ ...call, outputLimit: 100 }));
};
const broken = (): Git => {
  const { git: real } = openGitTools();
  return readingBad((call) => real.run({ ...call, args: ['cat-file', 'blob', '--no-such-option'] }));
};
const both = [
  ['a sync', syncing],
  ['a look for notes', looking],
] as const;

it.each(both)(
  'a log too large to be read is named by %s, and takes nothing from the others',
  async (_, sync) => {
    const first = await run(sync, tooLarge());
    expect(first).toEqual({
      texts: ['From the other.'],
      warnings: [`${BAD} is too large to be looked through for notes: read it yourself.`],
    });
    // It will be as large next time.
    expect(await run(sync, tooLarge())).toEqual({ texts: [], warnings: [] });
  },
);

it.each(both)('a log that could not be read is read by the next run of %s', async (_, sync) => {
  const first = await run(sync, broken());
  expect(first.texts).toEqual(['From the other.']);
  expect(first.warnings).toEqual([expect.stringContaining(`Notes in ${BAD} could not be read`)]);
  expect((await run(sync, broken())).warnings).toHaveLength(1);
  const later = await run(sync, openGitTools().git);
  expect(later.texts).toContain('From the large one.');
  expect((await run(sync, openGitTools().git)).warnings).toEqual([]);
});
