import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { TenantId } from '../../../shared/domain/ids.ts';
import { epochKey, formatEpoch, proofBy, type EpochKey, type EpochProof } from './epoch-key.ts';
import { createOnce, enrol, type Member, type TeamDeps } from './member.ts';
import { KEY_OBJECT_LIMIT } from './key-names.ts';
import { recipientIn } from './keyring.ts';

/**
 * Begins the next epoch for some members. Keeps the key here first, then creates its recipient (of two machines at once, one succeeds),
 * then gives it to each member, this machine first: if interrupted in between, {@link finishEpoch} continues.
 * @param earlier the newest epoch so far; null for a store's first one
 * @param members including this machine
 * @returns `precondition` when another machine began that epoch at the same time
 */
export async function beginEpoch(
  deps: TeamDeps,
  tenant: TenantId,
  earlier: EpochKey | null,
  self: Member,
  members: readonly Member[],
): Answer<EpochKey> {
  const number = (earlier?.number ?? 0) + 1;
  const made = await deps.age.newKey();
  const key = epochKey(deps.bytes, number, made);
  const proof = earlier === null ? null : proofBy(deps.bytes, earlier, tenant, key);
  const file = formatEpoch(tenant, key, proof);
  const draft = await deps.keyring.draft(number, await deps.age.seal(file, [self.recipient]), members);
  if (!draft.ok) return draft;
  const text = `# The key that tenant ${tenant} seals with, epoch ${number}\n${key.recipient}\n`;
  const created = await createOnce(
    deps.store,
    deps.keyring.names.recipient(number),
    new TextEncoder().encode(text),
  );
  if (!created.ok) return created;
  if (!created.value && !(await isLive(deps, key))) {
    await deps.keyring.dropDraft();
    return err(begunElsewhere(number));
  }
  return await enrolAll(deps, tenant, key, proof, self, members);
}

/** Finishes an epoch that this machine began and did not give to everybody. Nothing to do is fine. */
export async function finishEpoch(deps: TeamDeps, tenant: TenantId, self: Member): Answer<EpochKey | null> {
  const draft = await deps.keyring.readDraft();
  if (!draft.ok || draft.value === null) return draft as Result<null, AppError>;
  const { key, file, members } = draft.value;
  const live = await isLive(deps, key);
  if (live === null) return err(unreachable());
  if (!live) {
    await deps.keyring.dropDraft();
    return ok(null);
  }
  return await enrolAll(deps, tenant, key, file.proof, self, members);
}

async function enrolAll(
  deps: TeamDeps,
  tenant: TenantId,
  key: EpochKey,
  proof: EpochProof | null,
  self: Member,
  members: readonly Member[],
): Answer<EpochKey> {
  const file = formatEpoch(tenant, key, proof);
  const kept = await deps.keyring.keep(key, await deps.age.seal(file, [self.recipient]));
  if (!kept.ok) return kept;
  const others = members.filter(({ recipient }) => recipient !== self.recipient);
  for (const member of [self, ...others]) {
    const enrolled = await enrol(deps, key, file, member);
    if (!enrolled.ok) return enrolled;
  }
  await deps.keyring.dropDraft();
  return ok(key);
}

/** Whether the store has this key for its epoch; null when it does not respond. */
async function isLive({ store, keyring }: TeamDeps, key: EpochKey): Promise<boolean | null> {
  const said = await store.get(keyring.names.recipient(key.number), { limit: KEY_OBJECT_LIMIT });
  if (!said.ok) return null;
  return said.value !== null && recipientIn(said.value.bytes) === key.recipient;
}

function unreachable(): AppError {
  return appError(
    'offline',
    'The store does not answer.',
    'Try again when it does: what was begun is finished then.',
    {
      transient: true,
    },
  );
}

function begunElsewhere(number: number): AppError {
  return appError(
    'precondition',
    `Another machine began epoch ${number} at the same moment. Nothing was changed from here.`,
    'Look with `session-log machines requests`, and repeat if it is still needed.',
    { transient: true },
  );
}
