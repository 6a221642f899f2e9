import { fail, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';

/** One copied log: its origin, its copy, and the proof. */
export interface ManifestFile {
  readonly source: string;
  readonly blob: string | null;
  readonly target: string;
  readonly sha256: string;
  readonly size: number;
  readonly because: string;
}

/** A migration's record, for proof and undo. Kept in `migrations/` of the data folder: it cannot be recreated. */
export interface Manifest {
  readonly schema: 1;
  readonly id: string;
  /** Absolute path of the work tree. */
  readonly repo: string;
  readonly head: string;
  /** ISO 8601. */
  readonly created: string;
  readonly folders: readonly string[];
  readonly files: readonly ManifestFile[];
  /** The commit that removed the logs from git, with its contents; null without `--apply`. */
  readonly untracked: {
    readonly commit: string;
    readonly paths: readonly { readonly path: string; readonly mode: string; readonly blob: string }[];
    readonly ignored: readonly string[];
  } | null;
  readonly undone: string | null;
}

/** Writes a manifest, new or changed. */
export function saveManifest(files: Files, folder: string, manifest: Manifest): Answer<void> {
  return files.replace(
    `${folder}/${manifest.id}.json`,
    new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`),
  );
}

/** The manifests of a repository, newest first. An unreadable one is an error: it may be the only undo. */
export async function readManifests(files: Files, folder: string, repo: string): Answer<readonly Manifest[]> {
  const all = await readAllManifests(files, folder);
  return all.ok ? ok(all.value.filter((manifest) => manifest.repo === repo)) : all;
}

/** The manifests of all repositories, newest first; see {@link readManifests}. */
export async function readAllManifests(files: Files, folder: string): Answer<readonly Manifest[]> {
  const names = await files.names(folder);
  if (!names.ok) return names;
  const manifests: Manifest[] = [];
  for (const name of names.value.filter((each) => each.endsWith('.json'))) {
    const content = await files.read(`${folder}/${name}`);
    if (!content.ok) return content;
    const manifest = content.value === null ? null : parse(content.value);
    if (manifest === null)
      return fail(
        'corrupt',
        `The record of a migration, ${folder}/${name}, cannot be understood.`,
        'Move it away if you no longer need to undo that migration.',
      );
    manifests.push(manifest);
  }
  return ok(manifests.sort((a, b) => (a.created < b.created ? 1 : -1)));
}

function parse(bytes: Uint8Array): Manifest | null {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Manifest>;
    return value.schema === 1 && typeof value.repo === 'string' && Array.isArray(value.files)
      ? (value as Manifest)
      : null;
  } catch {
    return null;
  }
}
