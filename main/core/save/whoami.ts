import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { checkHost, readIdentity, sameHost, type Identity } from './identity.ts';
import { renderUserBlock } from './user-block.ts';
import { chooseWorkspace } from './workspace.ts';

/** Who signs logs in a workspace on this machine. */
export interface Whoami extends Pick<Identity, 'user' | 'fullName' | 'email' | 'role' | 'machine' | 'path'> {
  /** Root of the work tree. */
  readonly workspace: string;
  /** The User block, Markdown. */
  readonly block: string;
  readonly warnings: readonly string[];
}

export interface WhoamiRequest {
  readonly cwd: string;
  /** `--workspace`, absolute, or null. */
  readonly workspace: string | null;
  /** `git.workspaces` of the settings. */
  readonly registered: readonly string[];
  readonly hostname: string;
}

/**
 * Builds the User block from identity.json and users.json alone.
 * @returns `attention` when identity.json was written for another host; the block it would give is then in `details.block`, to be
 * looked at and not to be used
 */
export async function whoami(files: Files, request: WhoamiRequest): Promise<Result<Whoami, AppError>> {
  const workspace = await chooseWorkspace(files, request.cwd, request.workspace, request.registered);
  if (!workspace.ok) return workspace;
  const read = await readIdentity(files, workspace.value);
  if (!read.ok) return read;
  const identity = read.value;
  const block = renderUserBlock(identity);
  const host = checkHost(identity, request.hostname);
  if (!host.ok) {
    const { code, message, remedy, details } = host.error;
    return err(appError(code, message, remedy, { details: { ...details, block } }));
  }
  const machines = identity.registry?.users.get(identity.user)?.machines ?? [];
  const listed = machines.length === 0 || machines.some((name) => sameHost(name, identity.machine));
  const { user, fullName, email, role, machine, path } = identity;
  return ok({
    user,
    fullName,
    email,
    role,
    machine,
    path,
    workspace: workspace.value.root,
    block,
    warnings: listed
      ? []
      : [`users.json does not list "${machine}" among ${user}'s known_machines; add it there.`],
  });
}
