import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { inFolder } from '../files/folder-path.ts';
import { configValue } from '../repository/git-config.ts';
import type { CommitIdentity } from './git-sync-deps.ts';
import { fieldsOf, git, type TreeRun } from './tree-run.ts';

const KEYS = ['user.name', 'user.email'] as const;

/**
 * Sets `user.name` and `user.email` of the repository and its submodules from identity.json, so that commits made beside ours have the
 * right author too. A submodule has its own configuration and would otherwise commit as the system's default user.
 */
export async function reconcileIdentity(run: TreeRun): Answer<void> {
  const wanted = wantedValues(run.request.identity);
  let noted = false;
  const set = async (file: string | null, key: string, value: string): Answer<void> => {
    if (!noted) {
      const step = await run.journal.step({ step: 'identity' }, false);
      if (!step.ok) return step;
      noted = true;
    }
    const where = file === null ? ['--local'] : ['--file', file];
    const written = await git(run, { args: ['config', ...where, '--replace-all', key, value] });
    return written.ok ? ok(undefined) : written;
  };
  for (const [key, value] of wanted) {
    if (configValue(run.repo.config, key) === value) continue;
    const written = await set(null, key, value);
    if (!written.ok) return written;
  }
  for (const folder of await submoduleGitDirs(run.deps.files, run.repo)) {
    const file = inFolder(folder, 'config');
    const listed = await git(run, {
      reads: true,
      args: ['config', '--file', file, '-z', '--get-regexp', String.raw`^user\.(name|email)$`],
      accept: [1],
    });
    // A damaged or incomplete submodule is not this run's concern.
    if (!listed.ok) continue;
    const present = new Set(fieldsOf(listed.value));
    for (const [key, value] of wanted) {
      if (present.has(`${key}\n${value}`)) continue;
      const written = await set(file, key, value);
      if (!written.ok)
        run.warnings.push(`The submodule at ${folder} keeps its own ${key}: ${written.error.message}`);
    }
  }
  return ok(undefined);
}

function wantedValues({ name, email }: CommitIdentity): readonly (readonly [string, string])[] {
  return [
    [KEYS[0], name] as const,
    // identity.json may lack an address; then the repository's own stays.
    ...(email === '' ? [] : [[KEYS[1], email] as const]),
  ];
}

/** Git directories below `modules/`, including nested submodules. Their names may contain slashes. */
async function submoduleGitDirs(
  files: Files,
  repo: { readonly gitDir: string; readonly commonDir: string },
): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    const names = await files.names(folder);
    if (!names.ok || depth > 8) return;
    for (const name of names.value) {
      const inner = inFolder(folder, name);
      const facts = await files.stat(inner);
      if (!facts.ok || facts.value?.kind !== 'folder') continue;
      const parts = await files.names(inner);
      if (!parts.ok) continue;
      if (parts.value.includes('HEAD') && parts.value.includes('config')) {
        found.push(inner);
        if (parts.value.includes('modules')) await visit(inFolder(inner, 'modules'), depth + 1);
      } else await visit(inner, depth + 1);
    }
  };
  for (const dir of new Set([repo.gitDir, repo.commonDir])) await visit(inFolder(dir, 'modules'), 0);
  return found;
}
