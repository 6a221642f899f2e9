import type { AppError, Answer } from '../../../shared/app-error.ts';
import { appError } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import { beginEpoch, finishEpoch } from '../sealing/begin-epoch.ts';
import type { EpochKey } from '../sealing/epoch-key.ts';
import { formatEpoch } from '../sealing/epoch-key.ts';
import { printOf } from '../sealing/key-names.ts';
import { createOnce, enrol, listMembers, type Member } from '../sealing/member.ts';
import { planSealing, sealObjects } from '../sealing/seal-objects.ts';
import { claimPartition } from '../sync/claim-partition.ts';
import { pushUnlocked } from '../sync/push.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import { withSyncLock } from '../sync/with-sync-lock.ts';
import type { Outcome } from './outcome.ts';
import type { SealingBase } from './sealing-base.ts';

export interface SealReport {
  /** The sealing epoch; null in a dry run over a plain store. */
  readonly epoch: number | null;
  /** This machine's objects sealed by this run. */
  readonly sealed: number;
  /** This machine's objects sealed with the newest key. */
  readonly already: number;
  /** Those still waiting, and their bytes. */
  readonly waiting: number;
  readonly bytes: number;
  readonly failed: readonly { readonly name: string; readonly error: AppError }[];
  /** Who can read newly sealed objects. */
  readonly members: readonly Pick<Member, 'id' | 'name' | 'since'>[];
  /** The recovery key, only in the run that creates it. */
  readonly recovery: string | null;
}

export interface SealOptions extends RunOptions {
  /** Make a recovery key even if there is one. */
  readonly newRecovery?: boolean;
  /** The recovery key of an earlier run is still on the screen: no other one is created in its place. */
  readonly recoveryShown?: boolean;
}

/**
 * Seals this machine's stored objects with the team's newest key, and creates the first key where there is none. Other machines' objects
 * are sealed by their own programs. Resumable.
 * @returns the problem says what is not sealed yet and why; a failure when it could not begin
 */
export function sealStore(base: SealingBase, options: SealOptions): Answer<Outcome<SealReport>> {
  return withSyncLock(base.sync, 'seal', options, () => steps(base, options));
}

/** Records that a person has the recovery key of the last run; until then {@link sealStore} creates another one. */
export function keepRecovery({ sealing: { deps } }: SealingBase): Answer<void> {
  return deps.keyring.oweRecovery(false);
}

async function steps(base: SealingBase, options: SealOptions): Answer<Outcome<SealReport>> {
  const { deps } = base.sealing;
  const found = await deps.keyring.newest({ fresh: true });
  if (!found.ok) return found;
  if (options.dryRun) return await plan(base, found.value, options);
  const isOwed = !options.recoveryShown && (await deps.keyring.owesRecovery());
  const key = await theKey(base, found.value, (options.newRecovery ?? false) || isOwed);
  if (!key.ok) return key;
  const { epoch, recovery } = key.value;
  const report = { epoch: epoch.number, sealed: 0, already: 0, waiting: 0, bytes: 0, failed: [], recovery };
  // From here on the report is always returned: it holds the recovery key.
  const failed = (error: AppError): Result<Outcome<SealReport>, AppError> =>
    ok({ report: { ...report, members: [] }, problem: error });
  const members = await listMembers(deps, epoch);
  if (!members.ok) return failed(members.error);
  const said = await deps.keyring.setStoresPlain(false);
  if (!said.ok) return failed(said.error);
  const claimed = await claimPartition(base.sync, options.signal);
  if (!claimed.ok) return failed(claimed.error);
  const pushed = await pushUnlocked(base.sync, options);
  if (!pushed.ok) return failed(pushed.error);
  const planned = await planSealing(deps, epoch, options.signal);
  if (!planned.ok) return failed(planned.error);
  const ledger = await openLedger(base.sync.files, ledgerPath(base.sync));
  if (!ledger.ok) return failed(ledger.error);
  const done = await sealObjects(deps, ledger.value, epoch, planned.value, options);
  const waiting = Math.max(planned.value.waiting, done.met) - done.done;
  // The index says how each object is stored: it is published again, then nothing of this machine is in the clear.
  const published =
    done.stop === null ? await pushUnlocked(base.sync, { ...options, ledger: ledger.value }) : ok(null);
  const marked = done.stop === null && waiting === 0 && published.ok ? await markMoved(base) : ok(false);
  const problem =
    done.stop ??
    (published.ok ? (published.value?.problem ?? null) : published.error) ??
    (marked.ok ? null : marked.error) ??
    (waiting > 0 ? notAll(waiting) : null);
  return ok({
    report: {
      ...report,
      sealed: done.done,
      already: planned.value.already,
      waiting,
      failed: done.failed,
      members: members.value.map(({ id, name, since }) => ({ id, name, since })),
    },
    problem,
  });
}

async function plan(
  { sealing: { deps } }: SealingBase,
  epoch: EpochKey | null,
  { signal }: RunOptions,
): Answer<Outcome<SealReport>> {
  const planned = await planSealing(deps, epoch, signal);
  if (!planned.ok) return planned;
  const members = epoch === null ? ok([]) : await listMembers(deps, epoch);
  if (!members.ok) return members;
  const { waiting, bytes, already } = planned.value;
  return ok({
    problem: null,
    report: {
      epoch: epoch?.number ?? null,
      sealed: 0,
      already,
      waiting,
      bytes,
      failed: [],
      members: members.value.map(({ id, name, since }) => ({ id, name, since })),
      recovery: null,
    },
  });
}

/** Returns the newest key, or creates the first one with its recovery key. One that nobody has seen is replaced. */
async function theKey(
  { sealing }: SealingBase,
  newest: EpochKey | null,
  newRecovery: boolean,
): Answer<{ readonly epoch: EpochKey; readonly recovery: string | null }> {
  const { deps } = sealing;
  const team = await sealing.team();
  if (!team.ok) return team;
  const { tenant, self } = team.value;
  const finished = await finishEpoch(deps, tenant, self);
  if (!finished.ok) return finished;
  const epoch = finished.value ?? newest;
  if (epoch !== null && !newRecovery) return ok({ epoch, recovery: null });
  const made = await deps.age.newKey();
  const name = epoch === null ? 'recovery' : `recovery-${printOf(deps.bytes, made.recipient).slice(0, 4)}`;
  const owed = await deps.keyring.oweRecovery(true);
  if (!owed.ok) return owed;
  const recovery: Member = { id: 'recovery', name, recipient: made.recipient, since: self.since };
  if (epoch === null) {
    const begun = await beginEpoch(deps, tenant, null, self, [self, recovery]);
    return begun.ok ? ok({ epoch: begun.value, recovery: made.secret }) : begun;
  }
  for (let number = 1; number <= epoch.number; number++) {
    const key = await deps.keyring.epoch(number);
    if (!key.ok) return key;
    const enrolled = await enrol(deps, key.value, formatEpoch(tenant, key.value, null), recovery);
    if (!enrolled.ok) return enrolled;
  }
  return ok({ epoch, recovery: made.secret });
}

/** Records for good that all objects of this machine are sealed: others then accept none in the clear. */
async function markMoved({ sealing: { deps }, sync }: SealingBase): Answer<boolean> {
  const text = `Everything of machine ${sync.self.uuid} is sealed.\n`;
  const created = await createOnce(
    deps.store,
    deps.keyring.names.movedMark(sync.self.uuid),
    new TextEncoder().encode(text),
  );
  if (!created.ok) return created;
  const kept = await deps.keyring.keepMoved(sync.self.uuid);
  return kept.ok ? ok(true) : err(kept.error);
}

function notAll(waiting: number): AppError {
  return appError(
    'partial',
    `${plural(waiting, 'object')} could not be sealed.`,
    'Run `session-log store seal` again; `session-log verify --deep` says what is wrong with them.',
  );
}
