import * as v from 'valibot';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { MachineUuid, TenantId } from '../../../shared/domain/ids.ts';
import { shortHash } from '../../../shared/domain/short-hash.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { MIB, readState, recallState, stateObject, writeState } from '../files/state-file.ts';
import { isRecipient } from '../machine/key-file.ts';
import type { MachineSecret } from '../machine/machine-keys.ts';
import type { Age } from '../ports/age.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { epochKey, parseEpoch, proofBy, type EpochFile, type EpochKey } from './epoch-key.ts';
import { KEY_OBJECT_LIMIT, keyNames, printOf, type KeyNames } from './key-names.ts';
import { memberSchema, type Member } from './member.ts';
import { createMovedMachines, isRecent, type MovedMachines } from './moved-machines.ts';
import { createPlainWord, type PlainWord } from './plain-word.ts';
import { damagedEpoch, isNotAdmitted, notAdmitted, strangeEpoch } from './sealing-errors.ts';

/** Dependencies of a team's keys. */
export interface KeyringDeps {
  readonly files: Files;
  readonly bytes: Bytes;
  readonly clock: Clock;
  readonly age: Age;
  readonly machineKeys: MachineSecret;
  /** The store beneath sealing. */
  readonly store: ObjectStore;
  readonly tenant: TenantId;
  readonly machine: MachineUuid;
  /** Absolute. */
  readonly stateFolder: string;
}

/** The team keys this machine has. Known keys stay known: a store is asked again only for a newer epoch. */
export interface Keyring extends MovedMachines, PlainWord {
  readonly names: KeyNames;
  /** Absolute path of the kept keys. */
  readonly folder: string;
  /**
   * The key for new objects; null while the store is plain.
   * @returns `denied` when there is an epoch that this machine was not admitted to; `corrupt` when it cannot be trusted
   */
  newest(options?: { readonly fresh?: boolean }): Answer<EpochKey | null>;
  /**
   * Whether this machine was given a key, openable now or not: from then on it stores nothing in the clear, unless a person decided so
   * ({@link PlainWord}).
   */
  isSealing(): Promise<boolean>;
  /** The key of an epoch, fetched if unknown. */
  epoch(number: number): Answer<EpochKey>;
  /** Keys known here, without asking the store; newest first. */
  known(): Answer<readonly EpochKey[]>;
  /** Keeps a key just created or fetched. @param sealed the file that holds it, sealed to this machine */
  keep(key: EpochKey, sealed: Uint8Array): Answer<void>;
  /** Keeps an epoch about to begin, so that it can be finished whatever happens. */
  draft(number: number, sealed: Uint8Array, members: readonly Member[]): Answer<void>;
  /** Returns the kept {@link draft}; null when none is open. */
  readDraft(): Answer<EpochDraft | null>;
  dropDraft(): Promise<void>;
  /** Whether a recovery key was created here that nobody has yet. */
  owesRecovery(): Promise<boolean>;
  /** Records, before a recovery key is created, that nobody has it; or that somebody does. */
  oweRecovery(isOwed: boolean): Answer<void>;
}

/** An epoch begun here. */
export interface EpochDraft {
  readonly key: EpochKey;
  readonly file: EpochFile;
  readonly members: readonly Member[];
}

const DRAFT = {
  schema: stateObject({ number: v.number(), sealed: v.string(), members: v.array(memberSchema) }),
  maxBytes: MIB,
};

const OWED = { schema: stateObject({}), maxBytes: MIB };

/** Opens the known keys of one tenant in one store. Reads nothing before the first call. */
export function createKeyring(deps: KeyringDeps): Keyring {
  const names = keyNames(deps.tenant);
  const folder = `${deps.stateFolder}/keys-${shortHash(`${deps.store.url}\n${deps.tenant}\n${deps.machine}`)}`;
  const keys = new Map<number, EpochKey>();
  let loading: Answer<void> | null = null;
  let lookedAt: number | null = null;
  const hasKey = createHasKey(deps, folder, keys);
  const parts = { ...createDrafts(deps, folder), ...createPlainWord(deps.files, folder), folder };

  const top = (): number => Math.max(0, ...keys.keys());

  async function loaded(): Answer<void> {
    loading ??= loadKept(deps, folder, keys);
    const done = await loading;
    if (!done.ok) loading = null;
    return done;
  }
  async function keep(key: EpochKey, sealed: Uint8Array): Answer<void> {
    const kept = await deps.files.replace(`${folder}/${key.number}.age`, sealed);
    if (kept.ok) keys.set(key.number, key);
    return kept;
  }
  async function fetch(number: number): Answer<EpochKey | null> {
    const found = await fetchEpoch(deps, names, keys, number);
    if (!found.ok || found.value === null) return found as Result<null, AppError>;
    if ('sealed' in found.value) {
      const kept = await keep(found.value.key, found.value.sealed);
      return kept.ok ? ok(found.value.key) : kept;
    }
    // Begun here and interrupted before this machine had its own key.
    const begun = await parts.readDraft();
    if (begun.ok && begun.value !== null && begun.value.key.recipient === found.value.recipient)
      return ok(begun.value.key);
    return err(notAdmitted(deps.store.url, number, keys.size > 0));
  }
  /** Reads new epochs. */
  async function look(): Answer<void> {
    // An epoch begun but given to nobody is skipped once there is a later one.
    let missing: AppError | null = null;
    for (let number = top() + 1; ; number++) {
      const next = await fetch(number);
      if (!next.ok && !isNotAdmitted(next.error)) return next;
      if (!next.ok) {
        missing ??= next.error;
        continue;
      }
      if (next.value === null) return missing === null ? ok(undefined) : err(missing);
      keys.set(number, next.value);
      missing = null;
    }
  }

  return {
    names,
    keep,
    known: async () => {
      const ready = await loaded();
      return ready.ok ? ok([...keys.values()].sort((a, b) => b.number - a.number)) : ready;
    },
    newest: async ({ fresh = false } = {}) => {
      const ready = await loaded();
      if (!ready.ok) return ready;
      if (fresh || !isRecent(deps.clock, lookedAt)) {
        const looked = await look();
        if (!looked.ok) return looked;
        lookedAt = deps.clock.monotonic();
      }
      const newest = keys.get(top()) ?? null;
      return newest === null && (await hasKey())
        ? err(damagedEpoch(await lastKept(deps, folder)))
        : ok(newest);
    },
    isSealing: async () => (await hasKey()) && !(await parts.storesPlain()),
    ...parts,
    epoch: async (number) => {
      const ready = await loaded();
      if (!ready.ok) return ready;
      const known = keys.get(number);
      if (known !== undefined) return ok(known);
      const fetched = await fetch(number);
      if (!fetched.ok) return fetched;
      return fetched.value === null ? err(damagedEpoch(number)) : ok(fetched.value);
    },
    ...createMovedMachines(deps, names, folder),
  };
}

/** Whether this machine was given a key; opens none. */
function createHasKey(
  deps: Pick<KeyringDeps, 'files' | 'clock'>,
  folder: string,
  keys: ReadonlyMap<number, EpochKey>,
): () => Promise<boolean> {
  let missedAt: number | null = null;
  return async () => {
    if (keys.size > 0) return true;
    if (isRecent(deps.clock, missedAt)) return false;
    const isKept = (await lastKept(deps, folder)) > 0;
    missedAt = isKept ? null : deps.clock.monotonic();
    return isKept;
  };
}

/** The newest epoch with a key here; 0 when there is none. */
async function lastKept({ files }: Pick<KeyringDeps, 'files'>, folder: string): Promise<number> {
  const found = await files.names(folder);
  return found.ok ? Math.max(0, ...found.value.map(keptEpoch)) : 0;
}

/** The epoch of a key file; 0 for any other file. */
function keptEpoch(name: string): number {
  return Number(/^([1-9]\d{0,8})\.age$/.exec(name)?.[1] ?? 0);
}

/** Loads earlier opened keys; they are kept beside the ledger, sealed to this machine. */
async function loadKept(deps: KeyringDeps, folder: string, keys: Map<number, EpochKey>): Answer<void> {
  const found = await deps.files.names(folder);
  if (!found.ok) return found;
  for (const name of found.value) {
    const number = keptEpoch(name);
    if (number === 0) continue;
    const sealed = await deps.files.read(`${folder}/${name}`);
    if (!sealed.ok) return sealed;
    if (sealed.value === null) continue;
    const opened = await openEpoch(deps, number, sealed.value);
    // A damaged copy is fetched again; an unavailable machine key is reported.
    if (opened.ok) keys.set(number, opened.value.key);
    else if (opened.error.code !== 'corrupt') return opened;
  }
  return ok(undefined);
}

/**
 * Fetches an epoch from the store.
 * @returns null when there is none; its recipient alone when this machine has no key for it
 */
async function fetchEpoch(
  deps: KeyringDeps,
  names: KeyNames,
  keys: ReadonlyMap<number, EpochKey>,
  number: number,
): Answer<
  { readonly key: EpochKey; readonly sealed: Uint8Array } | { readonly recipient: string | null } | null
> {
  const said = await deps.store.get(names.recipient(number), { limit: KEY_OBJECT_LIMIT });
  if (!said.ok || said.value === null) return said as Result<null, AppError>;
  const recipient = recipientIn(said.value.bytes);
  const own = await deps.machineKeys.recipient();
  if (!own.ok) return own;
  const name = names.memberKey(number, deps.machine, printOf(deps.bytes, own.value));
  const found = await deps.store.get(name, { limit: KEY_OBJECT_LIMIT });
  if (!found.ok) return found;
  if (found.value === null) return ok({ recipient });
  const opened = await openEpoch(deps, number, found.value.bytes);
  if (!opened.ok) return opened;
  const { key, file } = opened.value;
  if (key.recipient !== recipient || !isProved(deps, keys, key, file)) return err(strangeEpoch(number));
  return ok({ key, sealed: found.value.bytes });
}

function createDrafts(
  deps: KeyringDeps,
  folder: string,
): Pick<Keyring, 'draft' | 'readDraft' | 'dropDraft' | 'owesRecovery' | 'oweRecovery'> {
  const path = `${folder}/draft.json`;
  const owed = `${folder}/recovery-owed.json`;
  return {
    draft: (number, sealed, members) =>
      writeState(deps.files, path, { schema: 1, number, members, sealed: hexOf(sealed) }),
    readDraft: () => openDraft(deps, folder),
    dropDraft: async () => {
      // A file that remains is compared with the store before use.
      await deps.files.remove(path);
    },
    owesRecovery: async () => (await recallState(deps.files, owed, OWED)) !== null,
    oweRecovery: (isOwed) => (isOwed ? writeState(deps.files, owed, { schema: 1 }) : deps.files.remove(owed)),
  };
}

async function openDraft(deps: KeyringDeps, folder: string): Answer<EpochDraft | null> {
  const read = await readState(deps.files, `${folder}/draft.json`, DRAFT);
  if (!read.ok || read.value === null) return read as Result<null, AppError>;
  const { number, sealed, members } = read.value;
  const opened = await openEpoch(deps, number, bytesOf(sealed));
  return opened.ok ? ok({ ...opened.value, members }) : opened;
}

/** The recipient in `recipient.txt`; null if none. */
export function recipientIn(bytes: Uint8Array): string | null {
  const lines = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((line) => line.trim());
  return lines.find((line) => isRecipient(line)) ?? null;
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

async function openEpoch(
  { age, bytes, machineKeys, tenant }: KeyringDeps,
  number: number,
  sealed: Uint8Array,
): Answer<{ readonly key: EpochKey; readonly file: EpochFile }> {
  const own = await machineKeys.key();
  if (!own.ok) return own;
  const opened = await age.open(sealed, [own.value.secret]);
  const file = opened.ok ? parseEpoch(opened.value.plain, tenant, number) : null;
  const recipient = file === null ? null : await age.recipientOf(file.secret);
  if (file === null || recipient === null) return err(damagedEpoch(number));
  return ok({ key: epochKey(bytes, number, { secret: file.secret, recipient }), file });
}

/** A machine must trust its first epoch; a later one must have been created by somebody with an earlier key. */
function isProved(
  { bytes, tenant }: KeyringDeps,
  keys: ReadonlyMap<number, EpochKey>,
  key: EpochKey,
  { proof }: EpochFile,
): boolean {
  const known = [...keys.keys()];
  if (known.length === 0 || key.number < Math.min(...known)) return true;
  const earlier = proof === null ? undefined : keys.get(proof.from);
  if (proof === null || earlier === undefined || proof.from >= key.number) return false;
  return proofBy(bytes, earlier, tenant, key).digest === proof.digest;
}
