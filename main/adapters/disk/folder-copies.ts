import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { ProgramCopies } from '../../core/ports/program-copies.ts';
import { diskError } from './disk-error.ts';

/**
 * Stores copies in one folder, by name. A copy is created beside its destination and renamed, so that a program never starts from a partial
 * one.
 * @param home absolute path of the folder; created on demand
 */
export function createFolderCopies(home: string): ProgramCopies {
  const placeOf = (name: string): string => join(home, name);
  return {
    placeOf,
    keep: (folder, name) =>
      asResult(home, async () => {
        if (await isFolder(placeOf(name))) return;
        const draft = join(home, `.${name}-${process.pid}`);
        await mkdir(home, { recursive: true });
        await rm(draft, { recursive: true, force: true });
        try {
          await cp(folder, draft, { recursive: true });
          await rename(draft, placeOf(name));
        } catch (error) {
          await rm(draft, { recursive: true, force: true });
          // Another app start has created it meanwhile.
          if (!(await isFolder(placeOf(name)))) throw error;
        }
      }),
    forget: (except) =>
      asResult(home, async () => {
        if (except === null) return rm(home, { recursive: true, force: true });
        for (const name of await readdir(home).catch(() => []))
          if (name !== except) await rm(join(home, name), { recursive: true, force: true });
      }),
  };
}

async function isFolder(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  return facts?.isDirectory() ?? false;
}

async function asResult(path: string, work: () => Promise<void>): Answer<void> {
  try {
    await work();
    return ok(undefined);
  } catch (error) {
    return err(diskError('copy the command line to', path, error));
  }
}
