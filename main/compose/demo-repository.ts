import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Answer } from '../../shared/app-error.ts';
import { ok } from '../../shared/result.ts';
import { DEMO_MACHINES, type DemoMachine, type DemoRepository } from '../core/demo/demo-machines.ts';
import { gitCause, type Git } from '../core/ports/git.ts';
import type { DemoFolder } from './demo-folder.ts';

const DEADLINE_MS = 30_000;

/**
 * Creates a machine's clone of its repository, and the repository for the first one. Without git, a folder that passes for a work tree to
 * save logs in.
 * @returns absolute path of the work tree, and whether git works in it
 */
export async function makeDemoTree(
  git: Git,
  folder: DemoFolder,
  repository: DemoRepository,
  machine: DemoMachine,
): Answer<{ readonly tree: string; readonly git: boolean }> {
  const { person } = machine;
  const remote = join(folder.remotes, `${repository.name}.git`);
  const tree = join(folder.workspaces, machine.name, repository.name);
  const run = (cwd: string, ...args: string[]) =>
    git.run({
      cwd,
      args,
      deadlineMs: DEADLINE_MS,
      identity: { name: person.fullName, email: person.email },
    });
  await mkdir(dirname(tree), { recursive: true });
  await mkdir(folder.remotes, { recursive: true });
  const known = await run(folder.remotes, 'init', '--quiet', '--bare', '--initial-branch=main', remote);
  if (!known.ok && gitCause(known.error) === 'no-git') {
    await mkdir(join(tree, '.git'), { recursive: true });
    await writeTree(tree, repository);
    await sayWho(tree, machine);
    return ok({ tree, git: false });
  }
  if (!known.ok) return known;
  const cloned = await run(dirname(tree), 'clone', '--quiet', '--', remote, tree);
  if (!cloned.ok) return cloned;
  // A clone of an empty repository has no commit yet.
  const head = await git.run({
    cwd: tree,
    args: ['rev-parse', '--verify', '--quiet', 'HEAD'],
    reads: true,
    accept: [1, 128],
    deadlineMs: DEADLINE_MS,
  });
  if (!head.ok) return head;
  if (head.value.exitCode !== 0) {
    await writeTree(tree, repository);
    for (const args of [
      ['checkout', '--quiet', '-B', 'main'],
      ['add', '--all'],
      ['commit', '--quiet', '--message', 'Say what this is and who works here'],
      ['push', '--quiet', '--set-upstream', 'origin', 'main'],
    ]) {
      const done = await run(tree, ...args);
      if (!done.ok) return done;
    }
  }
  await sayWho(tree, machine);
  return ok({ tree, git: true });
}

async function writeTree(tree: string, { name, projects, clients }: DemoRepository): Promise<void> {
  const people = DEMO_MACHINES.map(({ name: host, person: { user, fullName, email, role } }) => [
    user,
    { full_name: fullName, email, role, known_machines: [host] },
  ]);
  const files: (readonly [string, string])[] = [
    ['README.md', `# ${name}\n`],
    ['.gitignore', '.claude/identity.json\n'],
    ['.claude/users.json', json({ users: Object.fromEntries(people) as unknown })],
    ...projects.map((project) => [`projects/${project}/README.md`, `# ${project}\n`] as const),
    ...clients.map((client) => [`clients/${client}/README.md`, `# ${client}\n`] as const),
  ];
  for (const [path, text] of files) {
    await mkdir(join(tree, dirname(path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }
}

async function sayWho(tree: string, { name, person }: DemoMachine): Promise<void> {
  const { user, fullName, email, role } = person;
  const identity = { user, full_name: fullName, email, role, machine: name };
  await writeFile(join(tree, '.claude', 'identity.json'), json(identity));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
