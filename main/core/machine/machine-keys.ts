import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { formatMachineIdentity, IDENTITY_SCHEMA } from '../../../shared/domain/machine-identity.ts';
import { err, ok } from '../../../shared/result.ts';
import { withLock } from '../files/with-lock.ts';
import type { Age, AgeKey } from '../ports/age.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Keychain } from '../ports/keychain.ts';
import type { Locks } from '../ports/lock.ts';
import type { MachineKeys } from '../ports/machine-keys.ts';
import type { DataPaths } from '../files/data-paths.ts';
import { identityFile, isRecipient, secretIn } from './key-file.ts';
import { readIdentityFile } from './read-identity-file.ts';

/** Dependencies of a machine's key. */
export interface MachineKeyDeps {
  readonly files: Files;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly age: Age;
  readonly keychain: Keychain;
  readonly paths: Pick<DataPaths, 'machineId' | 'machineKey' | 'keyLock'>;
  /** False where file modes do not tell who may read it: Windows. */
  readonly hasRights: boolean;
}

/** {@link MachineKeys}, with the secret itself for what else it must open. */
export interface MachineSecret extends MachineKeys {
  key(): Answer<AgeKey>;
}

/** The keychain's name of a secret, by its recipient. */
const WAIT_MS = 10_000;
const KEY_FILE_LIMIT = 16 * 1024;
const GROUP_AND_OTHERS = 0o077;

/** This machine's key. Reads nothing before the first call; then keeps it in memory. */
export function createMachineKeys(deps: MachineKeyDeps): MachineSecret {
  let known: AgeKey | null = null;
  const key = async (): Answer<AgeKey> => {
    if (known !== null) return ok(known);
    const found = await findOrMake(deps);
    if (found.ok) known = found.value;
    return found;
  };
  return {
    key,
    recipient: async () => {
      const own = await key();
      return own.ok ? ok(own.value.recipient) : own;
    },
    seal: async (plain, alsoTo = []) => {
      const own = await key();
      if (!own.ok) return own;
      const strange = alsoTo.find((one) => !isRecipient(one));
      if (strange !== undefined) return err(noRecipient(strange));
      return ok(await deps.age.seal(plain, [...new Set([own.value.recipient, ...alsoTo])]));
    },
    open: async (sealed) => {
      const own = await key();
      if (!own.ok) return own;
      const opened = await deps.age.open(sealed, [own.value.secret]);
      if (opened.ok) return ok(opened.value.plain);
      return err(opened.error === 'foreign' ? foreign() : damaged());
    },
  };
}

async function findOrMake(deps: MachineKeyDeps): Answer<AgeKey> {
  const expected = await expectedRecipient(deps);
  if (!expected.ok) return expected;
  if (expected.value !== null) return await find(deps, expected.value);
  return await withLock(deps, { path: deps.paths.keyLock, command: 'key', waitMs: WAIT_MS }, async () => {
    // Another process may have been faster.
    const now = await expectedRecipient(deps);
    if (!now.ok) return now;
    return now.value === null ? await make(deps) : await find(deps, now.value);
  });
}

async function expectedRecipient({ files, paths }: MachineKeyDeps): Answer<string | null> {
  const found = await readIdentityFile(files, paths.machineId);
  if (!found.ok) return found;
  if (found.value.kind !== 'present') return err(noIdentity());
  const recipient = found.value.identity.key_recipient;
  return ok(typeof recipient === 'string' && isRecipient(recipient) ? recipient : null);
}

/** The secret of a recipient, from the file or else the keychain. */
async function find(deps: MachineKeyDeps, recipient: string): Answer<AgeKey> {
  const inFile = await keyInFile(deps);
  if (!inFile.ok) return inFile;
  if (inFile.value !== null)
    return inFile.value.recipient === recipient ? ok(inFile.value) : err(anotherKey(deps.paths.machineKey));
  const kept = await deps.keychain.read(recipient);
  if (!kept.ok)
    return err({ ...kept.error, message: `This machine's key cannot be had. ${kept.error.message}` });
  if (kept.value === null) return err(lost(deps.paths.machineKey));
  const belongs = (await deps.age.recipientOf(kept.value)) === recipient;
  return belongs ? ok({ secret: kept.value, recipient }) : err(anotherKey('the keychain'));
}

/** Stores the secret before its recipient: if killed in between, the next call uses the file, or creates another key. */
async function make(deps: MachineKeyDeps): Answer<AgeKey> {
  const left = await keyInFile(deps);
  if (!left.ok) return left;
  const key = left.value ?? (await deps.age.newKey());
  if (left.value === null && !(await keptInKeychain(deps, key))) {
    const text = identityFile(
      key,
      'The key of this machine: who has it reads what is sealed to it.',
      deps.clock.now(),
    );
    const made = await deps.files.create(deps.paths.machineKey, new TextEncoder().encode(text), {
      mode: 0o600,
    });
    if (!made.ok) return made;
  }
  const recorded = await recordRecipient(deps, key.recipient);
  return recorded.ok ? ok(key) : recorded;
}

/** A keychain counts only if it returns what it was given. */
async function keptInKeychain({ keychain }: MachineKeyDeps, key: AgeKey): Promise<boolean> {
  const written = await keychain.write(key.recipient, key.secret);
  if (!written.ok) return false;
  const read = await keychain.read(key.recipient);
  return read.ok && read.value === key.secret;
}

async function recordRecipient(deps: MachineKeyDeps, recipient: string): Answer<void> {
  const found = await readIdentityFile(deps.files, deps.paths.machineId);
  if (!found.ok) return found;
  if (found.value.kind !== 'present') return err(noIdentity());
  const { identity } = found.value;
  if (identity.schema > IDENTITY_SCHEMA) return err(newerIdentity(deps.paths.machineId));
  return await deps.files.replace(
    deps.paths.machineId,
    formatMachineIdentity({ ...identity, key_recipient: recipient }),
  );
}

async function keyInFile({ files, age, paths, hasRights }: MachineKeyDeps): Answer<AgeKey | null> {
  const path = paths.machineKey;
  const facts = await files.stat(path);
  if (!facts.ok) return facts;
  if (facts.value === null) return ok(null);
  if (facts.value.kind !== 'file') return err(unreadableKey(path));
  if (hasRights && (facts.value.mode & GROUP_AND_OTHERS) !== 0) return err(wideRights(path));
  const bytes = await files.readHead(path, KEY_FILE_LIMIT);
  if (!bytes.ok) return bytes;
  const secret = bytes.value === null ? null : secretIn(bytes.value);
  const recipient = secret === null ? null : await age.recipientOf(secret);
  return secret === null || recipient === null ? err(unreadableKey(path)) : ok({ secret, recipient });
}

function wideRights(path: string): AppError {
  return appError(
    'denied',
    `The key of this machine can be read by others: ${quote(path)}. It is not used like that.`,
    `Take the rights away: chmod 600 ${quote(path)}`,
    { details: { path } },
  );
}

function unreadableKey(path: string): AppError {
  return appError(
    'corrupt',
    `${quote(path)} holds no age key.`,
    'Restore the file from a backup, or move it away: then a new key is made, which opens nothing that was sealed before.',
    { details: { path } },
  );
}

function lost(path: string): AppError {
  return appError(
    'attention',
    'This machine\u2019s key is gone: neither the keychain nor the data folder has it.',
    `Bring ${quote(path)} back from a backup of this machine.`,
    { details: { path } },
  );
}

function anotherKey(place: string): AppError {
  return appError(
    'corrupt',
    `The key in ${place} is not the one that machine-id.json names.`,
    'Restore machine-id.json and the key from the same backup.',
  );
}

function noIdentity(): AppError {
  return appError('not-configured', 'This machine has no identity yet.', 'Run `session-log init`.');
}

function newerIdentity(path: string): AppError {
  return appError(
    'attention',
    'machine-id.json was written by a newer version of Session Log. Nothing was changed.',
    'Update Session Log on this machine.',
    { details: { path } },
  );
}

function noRecipient(text: string): AppError {
  return appError(
    'invalid-input',
    `${quote(text)} is not an age recipient.`,
    'Give one that begins with age1.',
  );
}

function foreign(): AppError {
  return appError(
    'denied',
    'It was sealed for other machines: this machine\u2019s key does not open it.',
    'Open it on the machine it was sealed for.',
  );
}

function damaged(): AppError {
  return appError(
    'corrupt',
    'What was sealed is cut or was changed; nothing of it was used.',
    'Restore it from a backup, or take it again from the machine that has it.',
  );
}
