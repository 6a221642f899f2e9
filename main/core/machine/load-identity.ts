import { fail, type Answer } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import type { MachineIdentity } from '../../../shared/domain/machine-identity.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { readIdentityFile } from './read-identity-file.ts';

/**
 * Reads this machine's identity: calls no probe, and never creates anything.
 * @param path of machine-id.json, absolute
 * @returns `not-configured` before the first `init`; `corrupt` for a damaged file, which is left as it is
 */
export async function loadIdentity(files: Files, path: string): Answer<MachineIdentity> {
  const found = await readIdentityFile(files, path);
  if (!found.ok) return found;
  switch (found.value.kind) {
    case 'present':
      return ok(found.value.identity);
    case 'absent':
      return fail('not-configured', 'This machine has no identity yet.', 'Run `session-log init` once.', {
        action: 'session-log init',
      });
    case 'damaged':
      return fail(
        'corrupt',
        `The identity of this machine in ${quote(path)} cannot be read: ${found.value.problem}. It was left as it is.`,
        'Run `session-log init`: it keeps the damaged file, and restores the identity if that can be proved right.',
        { action: 'session-log init', details: { path, legible: found.value.legible.uuid ?? null } },
      );
  }
}
