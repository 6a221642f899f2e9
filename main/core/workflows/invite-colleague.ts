import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { SealingBase } from './sealing-base.ts';

/** What a colleague needs to come into the same store. Holds no secret. */
export interface Invitation {
  readonly store: string;
  readonly tenant: string;
  /** Of a server that is not Google's; empty for Google's. */
  readonly endpoint: string;
  /** What the colleague runs, in this order. */
  readonly lines: readonly string[];
}

/** @returns `not-configured` where the store is this machine's own folder */
export async function inviteColleague({
  settings,
  sealing,
}: SealingBase): Promise<Result<Invitation, AppError>> {
  const { url, tenant, endpoint } = settings.store;
  if (url === '') return err(nowhere());
  const key = await sealing.deps.keyring.newest({ fresh: true });
  const isPlain = key.ok && key.value === null;
  const lines = [
    ...(endpoint === '' ? [] : [`session-log config set store.endpoint "${endpoint}"`]),
    `session-log setup --store "${url}" --tenant "${tenant}"`,
    ...(isPlain ? [] : ['session-log machines join']),
  ];
  return ok({ store: url, tenant, endpoint, lines });
}

function nowhere(): AppError {
  return appError(
    'not-configured',
    'The store of this machine is a folder of its own: nobody else can use it.',
    'Choose one that you share: `session-log setup`.',
  );
}
