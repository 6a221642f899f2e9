import type { Settings } from '../../../shared/domain/settings.ts';
import { ok } from '../../../shared/result.ts';
import { keyOf, readKnown } from '../capture/known-sessions.ts';
import type { CopyRules } from '../capture/push-copies.ts';
import { capturedFolder } from '../save/write-captured.ts';
import type { Keyring } from '../sealing/keyring.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { logsOfSessions } from './written-sessions.ts';

/** What decides which safe copies may be pushed. */
export interface CopyRulesParts {
  readonly sync: Omit<SyncDeps, 'copies'>;
  readonly keyring: Pick<Keyring, 'isSealing'>;
  readonly captures: string;
  readonly settings: () => Settings;
}

/**
 * Copies hold whole transcripts, so they only go to a sealed store unless a person said otherwise, and never where the logs of their
 * session would not: one whose log stays here (`sync.stayHere`), or would if it had one, stays here.
 */
export function copyRules({ sync, keyring, captures, settings }: CopyRulesParts): CopyRules {
  return {
    async why() {
      const { copiesToStore } = settings().capture;
      if (copiesToStore === 'always') return ok(null);
      if (copiesToStore === 'never') return ok('never');
      // A machine that seals has the key: its logs went before the copies.
      return ok((await keyring.isSealing()) ? null : 'in-the-clear');
    },
    async staying() {
      if (settings().sync.stayHere.length === 0) return ok(() => false);
      const stays = sync.surroundings.staysHere();
      const { sessions } = await readKnown(sync.files, captures, sync.logger);
      const logs = await logsOfSessions(sync);
      if (!logs.ok) return logs;
      return ok((place) => {
        const known = sessions.get(keyOf(place));
        const folder = capturedFolder(place.agent, known?.project ?? null, place.month);
        const paths = [known?.log ?? '', `${folder}/session.md`, ...(logs.value.get(place.id) ?? [])];
        return paths.some((path) => path !== '' && stays(path));
      });
    },
  };
}
