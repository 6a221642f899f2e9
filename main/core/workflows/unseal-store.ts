import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import { withhold, withheldOf } from '../../../shared/secrets/withhold.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import type { EpochKey } from '../sealing/epoch-key.ts';
import { listMembers } from '../sealing/member.ts';
import { provenPlain } from '../sealing/plain-proof.ts';
import { collect } from '../sealing/seal-body.ts';
import {
  planOwn,
  rewriteObjects,
  type ReadObject,
  type Rewrite,
  type Rewritten,
} from '../sealing/seal-objects.ts';
import { notSealed } from '../sealing/sealing-errors.ts';
import { valuesOf, type WithholdingMode } from '../secrets/withholding-files.ts';
import { readPartitionName } from '../store/layout.ts';
import { logMetadata, PLAIN } from '../store/stored-facts.ts';
import { claimPartition } from '../sync/claim-partition.ts';
import { pushUnlocked } from '../sync/push.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import { rowOf } from '../sync/upload-log.ts';
import { withSyncLock } from '../sync/with-sync-lock.ts';
import { measuredOf, MOST_CLEANED } from './clean-store.ts';
import type { KeptBase } from './kept-secrets.ts';
import type { Outcome } from './outcome.ts';
import type { SealingBase } from './sealing-base.ts';

/** Its other needs: the secret scanner, and how secrets are withheld now. */
export type UnsealBase = SealingBase & KeptBase & { readonly secrets: { mode(): Promise<WithholdingMode> } };

export interface UnsealReport {
  readonly store: string;
  /** This machine's objects that this run put in the clear. */
  readonly unsealed: number;
  /** Those still waiting, and their bytes. */
  readonly waiting: number;
  readonly bytes: number;
  /** Objects that stay sealed: copies of sessions, and earlier versions with a secret kept nowhere else. */
  readonly staySealed: number;
  readonly failed: readonly { readonly name: string; readonly error: AppError }[];
  /** Removed team machines, which can read this machine's logs again if the store lets them in. */
  readonly former: readonly string[];
}

/**
 * Stores everything of this machine in the clear, now and from now on, because a person decided so here; other machines go on sealing.
 * Found secrets stay here, with labels in their place. Resumable; `sealStore` is the way back.
 * @returns the problem says what is not in the clear yet and why; `precondition` where nothing is sealed
 */
export function unsealStore(base: UnsealBase, options: RunOptions): Answer<Outcome<UnsealReport>> {
  return withSyncLock(base.sync, 'unseal', options, () => steps(base, options));
}

async function steps(base: UnsealBase, options: RunOptions): Answer<Outcome<UnsealReport>> {
  const { sync } = base;
  const { deps } = base.sealing;
  const newest = await deps.keyring.newest({ fresh: true });
  if (!newest.ok) return newest;
  if (newest.value === null) return err(notSealed(deps.store.url));
  const planned = await planOwn(deps, (info) => !opens(base, info), options.signal);
  if (!planned.ok) return planned;
  const former = await formerMembers(base, newest.value);
  if (!former.ok) return former;
  const { waiting, bytes: toDo } = planned.value;
  const report = {
    store: sync.store.url,
    unsealed: 0,
    waiting,
    bytes: toDo,
    staySealed: 0,
    failed: [],
    former: former.value,
  };
  if (options.dryRun) return ok({ report, problem: null });
  const claimed = await claimPartition(sync, options.signal);
  if (!claimed.ok) return claimed;
  const ledger = await openLedger(sync.files, ledgerPath(sync));
  if (!ledger.ok) return ledger;
  const said = await deps.keyring.setStoresPlain(true);
  if (!said.ok) return said;
  const rewrite = inTheClear(base, newest.value, await base.secrets.mode(), options);
  const done = await rewriteObjects(
    deps,
    ledger.value,
    planned.value,
    { ...options, phase: 'unseal' },
    rewrite,
  );
  const left = Math.max(waiting, done.met) - done.done - done.left;
  // The index says how each object is stored.
  const published =
    done.stop === null ? await pushUnlocked(sync, { ...options, ledger: ledger.value }) : ok(null);
  const problem =
    done.stop ??
    (published.ok ? (published.value?.problem ?? null) : published.error) ??
    (left > 0 ? notAll(left) : null);
  const bytes = left > 0 ? report.bytes : 0;
  return ok({
    problem,
    report: {
      ...report,
      unsealed: done.done,
      waiting: left,
      bytes,
      staySealed: done.left,
      failed: done.failed,
    },
  });
}

/** Copies of sessions hold whole transcripts: sealed ones stay so. */
function opens({ sync }: UnsealBase, { name, metadata }: ObjectInfo): boolean {
  return metadata['codec'] === 'age' && !name.startsWith(sync.layout.copies(sync.self.uuid));
}

async function formerMembers({ sealing: { deps } }: UnsealBase, newest: EpochKey): Answer<readonly string[]> {
  const [keys, members] = [await deps.keyring.known(), await listMembers(deps, newest)];
  if (!keys.ok) return keys;
  if (!members.ok) return members;
  const former = new Set<string>();
  for (const key of keys.value) {
    const before = await listMembers(deps, key);
    if (!before.ok) return before;
    for (const { name, recipient, id } of before.value)
      if (id !== 'recovery' && !members.value.some((one) => one.recipient === recipient)) former.add(name);
  }
  return ok([...former].sort());
}

function inTheClear(base: UnsealBase, epoch: EpochKey, mode: WithholdingMode, options: RunOptions): Rewrite {
  const { deps } = base.sealing;
  return async (object) => {
    const shown = mode === 'labels' ? await withLabels(base, object, options) : ok<Shown>(object);
    if (!shown.ok || shown.value === null) return shown as Result<null, AppError>;
    const { name, source, sha256, metadata, row } = shown.value;
    const proven = await provenPlain(deps, epoch, name, source, asStored(metadata));
    return mapOk(proven, (said) => ({
      body: source,
      metadata: said,
      done: async () => undefined,
      contentType: /\.md(?:\.gen-\d+)?$/i.test(name)
        ? 'text/markdown; charset=utf-8'
        : 'application/octet-stream',
      sha256,
      ...(row === undefined ? {} : { row }),
    }));
  };
}

/** The object's metadata names its codec; sealed, it said `age`. */
function asStored(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { codec: _, ...rest } = metadata;
  return Object.keys(rest).length === 0 ? {} : { ...rest, codec: PLAIN };
}

type Shown = ReadObject & Pick<Rewritten, 'row'>;

/**
 * A log for storing in the clear. Its values are kept here before it leaves.
 * @returns null for what stays sealed: an earlier version with a secret kept nowhere else, and a log too large to scan
 */
async function withLabels(
  { sync, secrets: { watch, kept } }: UnsealBase,
  object: ReadObject,
  { signal }: RunOptions,
): Answer<Shown | null> {
  const { name, source, metadata } = object;
  const is = readPartitionName(sync.layout, sync.self.uuid, name);
  if (is.kind !== 'log' && is.kind !== 'kept') return ok(object);
  if (source.size > MOST_CLEANED) return ok(null);
  const whole = source.bytes ?? (await collect(source.stream()));
  const found = await watch.find(whole, signal);
  if (!found.ok) return found;
  if (found.value.length === 0) return ok(object);
  if (is.kind === 'kept') return ok(null);
  const { path } = is;
  const withheld = withheldOf(whole, found.value, sync.self.hostname);
  const before = await kept.of(path);
  if (!before.ok) return before;
  if (before.value === null) {
    const done = await kept.keep({ path, values: valuesOf(whole, withheld, found.value) });
    if (!done.ok) return done;
  }
  const measured = measuredOf(sync, withhold(whole, withheld), Number(metadata['log-mtime'] ?? 0));
  return ok({
    name,
    source: measured.source,
    sha256: measured.sha256,
    metadata: logMetadata({ ...measured, mtime: measured.mtimeMs }, sync.self.nonce),
    row: (stored) => rowOf(sync, path, measured, stored),
  });
}

function notAll(waiting: number): AppError {
  return appError(
    'partial',
    `${plural(waiting, 'object')} could not be put in the clear.`,
    'Run `session-log store unseal` again; `session-log verify --deep` says what is wrong with them.',
  );
}
