import type { Files } from '../ports/files.ts';
import { readLauncher, type LaunchedProgram } from './launcher-script.ts';

/** What a path's launcher starts; null if there is none of ours. */
export async function readTarget(
  { files }: { readonly files: Files },
  path: string,
): Promise<LaunchedProgram | null> {
  const facts = await files.stat(path);
  if (!facts.ok || facts.value?.kind !== 'file' || facts.value.size > 16_384) return null;
  const read = await files.read(path);
  return read.ok && read.value !== null ? readLauncher(new TextDecoder().decode(read.value)) : null;
}

/** Whether both parts of a launcher's command exist. */
export async function isThere(
  { files }: { readonly files: Files },
  { node, cli }: LaunchedProgram,
): Promise<boolean> {
  for (const path of [node, cli]) {
    const facts = await files.stat(path);
    if (!facts.ok || facts.value === null) return false;
  }
  return true;
}
