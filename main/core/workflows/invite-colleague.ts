import { appError, type AppError } from '../../../shared/app-error.ts';
import { invitationLink } from '../../../shared/domain/invitation.ts';
import type { ColleagueInvitation } from '../../../shared/ipc/sealing.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { SealingBase } from './sealing-base.ts';

/**
 * What a colleague needs to come into the same store. Asks nobody, and holds no secret.
 * @returns `not-configured` where the store is this machine's own folder
 */
export function inviteColleague({
  settings,
}: Pick<SealingBase, 'settings'>): Result<ColleagueInvitation, AppError> {
  const { url, tenant, endpoint } = settings.store;
  if (url === '') return err(nowhere());
  const link = invitationLink({ url, tenant, endpoint });
  return ok({ store: url, tenant, endpoint, link, lines: [`session-log setup "${link}"`] });
}

function nowhere(): AppError {
  return appError(
    'not-configured',
    'This machine’s store is its own folder: nobody else can use it.',
    'Choose one that you share: `session-log setup`.',
  );
}
