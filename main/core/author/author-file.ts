import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { oneLine } from '../../../shared/domain/log-text/headings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { inFolder } from '../files/folder-path.ts';
import { parseJsonObject, unusable } from '../files/json-file.ts';
import { parseUsersRegistry, type UsersRegistry } from './users-registry.ts';
import type { Workspace } from '../workspaces/workspace.ts';

/** Who works on this machine, from `.claude/identity.json` (never committed) and `.claude/users.json` (committed). Nothing is inferred. */
export interface Identity {
  readonly user: string;
  readonly fullName: string;
  /** `''` if absent; git then keeps its own. */
  readonly email: string;
  /** From users.json, else identity.json; null if absent in both. */
  readonly role: string | null;
  /** The host name in the file. */
  readonly machine: string;
  /** Absolute path of the identity.json, for messages. */
  readonly path: string;
  /** Null when the workspace has no users.json. */
  readonly registry: UsersRegistry | null;
  /** Absolute path of the second work tree, if the file has one. */
  readonly vaultPath: string | null;
}

const VALUE_LIMIT = 128;

/**
 * Reads the author of a workspace. A linked git work tree has no identity.json of its own (git ignores it), so its main work tree's is
 * read. Codes: `not-configured` when there is none, `corrupt` when a file is unreadable, `attention` when the two contradict each other.
 * The files are left as they are.
 */
export async function readIdentity(files: Files, workspace: Workspace): Answer<Identity> {
  for (const root of workspace.identityRoots) {
    const path = inFolder(root, '.claude', 'identity.json');
    const read = await files.read(path);
    if (!read.ok) return read;
    if (read.value === null) continue;
    const identity = parseIdentity(read.value, path);
    if (!identity.ok) return identity;
    const registry = await readUsersRegistry(files, [workspace.root, root]);
    if (!registry.ok) return registry;
    return withRegistry(identity.value, registry.value);
  }
  const expected = inFolder(workspace.root, '.claude', 'identity.json');
  return fail(
    'not-configured',
    `Nobody is named in ${expected}: the file does not exist.`,
    `Write it with \`session-log whoami --set "Full Name" --workspace "${workspace.root}"\`, and let git ignore it.`,
    { details: { path: expected } },
  );
}

/** The registry of the first of these workspace roots with one; null for none. */
export async function readUsersRegistry(
  files: Pick<Files, 'read'>,
  roots: readonly string[],
): Answer<UsersRegistry | null> {
  for (const root of new Set(roots)) {
    const path = inFolder(root, '.claude', 'users.json');
    const read = await files.read(path);
    if (!read.ok) return read;
    if (read.value !== null) return parseUsersRegistry(read.value, path);
  }
  return ok(null);
}

/** The common name of host spellings: `Hal-MBP.local`, `hal-mbp.example.com` and `HAL-MBP` are one machine. */
export function sameHost(one: string, other: string): boolean {
  const short = (name: string): string => (name.toLowerCase().split('.', 1)[0] ?? '').trim();
  return short(one) !== '' && short(one) === short(other);
}

/** `attention` with the fix when identity.json is for another host; ok otherwise. */
export function checkHost(identity: Identity, hostname: string): Result<void, AppError> {
  if (sameHost(identity.machine, hostname)) return ok(undefined);
  const known = identity.registry?.users.get(identity.user)?.machines ?? [];
  const listed = known.some((name) => sameHost(name, hostname));
  return fail(
    'attention',
    `${identity.path} was written for the machine "${identity.machine}", but this one is "${oneLine(hostname, VALUE_LIMIT)}".`,
    listed || known.length === 0
      ? `If this machine was renamed, set "machine": "${oneLine(hostname, VALUE_LIMIT)}" there; if the file was copied from another machine, write this machine's own. Then repeat.`
      : `users.json knows ${known.join(', ')} for ${identity.user}. If this is a new or renamed machine, set "machine" in identity.json and add it to known_machines; if the file was copied, write this machine's own. Then repeat.`,
    { details: { path: identity.path, claims: identity.machine, hostname } },
  );
}

function parseIdentity(bytes: Uint8Array, path: string): Result<Omit<Identity, 'registry'>, AppError> {
  const parsed = parseJsonObject(bytes, path);
  if (!parsed.ok) return parsed;
  const json = parsed.value;
  const text = (key: string): string => {
    const value = json[key];
    return typeof value === 'string' ? value : '';
  };
  for (const key of ['user', 'full_name', 'machine']) {
    const value = text(key);
    if (value === '' || oneLine(value, VALUE_LIMIT) !== value) {
      return err(
        unusable(path, `"${key}" is missing or is not one plain line of at most ${VALUE_LIMIT} characters`),
      );
    }
  }
  return ok({
    user: text('user'),
    fullName: text('full_name'),
    email: oneLine(text('email'), VALUE_LIMIT),
    role: oneLine(text('role'), VALUE_LIMIT) || null,
    machine: text('machine'),
    path,
    vaultPath: text('vault_path') || null,
  });
}

function withRegistry(
  identity: Omit<Identity, 'registry'>,
  registry: UsersRegistry | null,
): Result<Identity, AppError> {
  if (registry === null) return ok({ ...identity, registry });
  const entry = registry.users.get(identity.user);
  if (!entry) {
    return fail(
      'attention',
      `${identity.path} names the user "${identity.user}", whom ${registry.path} does not know.`,
      `Correct "user" (known: ${[...registry.users.keys()].slice(0, 20).join(', ')}), or add the person to users.json.`,
      { details: { user: identity.user, known: [...registry.users.keys()] } },
    );
  }
  return ok({ ...identity, role: entry.role ?? identity.role, registry });
}
