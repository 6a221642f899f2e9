import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { ObjectDownload, ObjectInfo } from '../ports/object-store.ts';
import type { EpochKey } from './epoch-key.ts';
import type { Keyring } from './keyring.ts';
import { isNameOf, unlockFacts, type ObjectFacts } from './object-facts.ts';
import type { SealDeps } from './seal-body.ts';
import { unlikeSealed } from './sealing-errors.ts';

/** The epoch in an object's metadata; 0 when absent. */
export function epochOf({ metadata }: Pick<ObjectInfo, 'metadata'>): number {
  return /^[1-9]\d{0,8}$/.test(metadata['epoch'] ?? '') ? Number(metadata['epoch']) : 0;
}

/** A member's facts beside an object, whatever its name; null if no member made them. */
export async function factsBeside(
  keyring: Pick<Keyring, 'epoch'>,
  { bytes }: Pick<SealDeps, 'bytes'>,
  info: ObjectInfo,
): Promise<ObjectFacts | null> {
  const facts = info.metadata['facts'];
  const epoch = facts === undefined ? null : await keyring.epoch(epochOf(info));
  return facts === undefined || !epoch?.ok ? null : unlockFacts(bytes, epoch.value.factsKey, facts);
}

/**
 * Opens a sealed object and verifies that a member sealed these bytes under this name.
 * @param number its epoch; 0 if unknown, and then every known one is tried
 * @returns `denied` without the key, `corrupt` when it is truncated, altered or swapped
 */
export async function openSealed(
  keyring: Keyring,
  deps: SealDeps,
  name: string,
  number: number,
  sealed: Uint8Array,
): Answer<Uint8Array> {
  const keys = await keysFor(keyring, number);
  if (!keys.ok) return keys;
  const opened = await deps.age.open(
    sealed,
    keys.value.map(({ secret }) => secret),
  );
  if (!opened.ok) return err(unlikeSealed(name, number === 0 ? WHY[opened.error] : WHY.damaged));
  const facts = provedBy(deps, keys.value, opened.value.label, name);
  if (!facts.ok) return facts;
  return asSealed(deps, name, facts.value, opened.value.plain);
}

/** @returns `corrupt` for bytes that do not match the facts */
export function asSealed(
  { bytes }: Pick<SealDeps, 'bytes'>,
  name: string,
  facts: ObjectFacts,
  plain: Uint8Array,
): Result<Uint8Array, AppError> {
  return bytes.sha256(plain) === facts.sha256 && plain.length === facts.size
    ? ok(plain)
    : err(unlikeSealed(name, OTHER_DIGEST));
}

const OTHER_DIGEST = 'does not match the digest that was sealed with it';

/** {@link openSealed} for what does not fit in memory: only `done` allows using the bytes. */
export async function openSealedStream(
  keyring: Keyring,
  deps: SealDeps,
  info: ObjectInfo,
  number: number,
  download: ObjectDownload,
  signal?: AbortSignal,
): Answer<ObjectDownload> {
  const { name } = info;
  const keys = await keysFor(keyring, number);
  if (!keys.ok) return keys;
  const opened = await deps.age.openStream(
    download.chunks,
    keys.value.map(({ secret }) => secret),
  );
  if (!opened.ok) return err(unlikeSealed(name, number === 0 ? WHY[opened.error] : WHY.damaged));
  const facts = provedBy(deps, keys.value, opened.value.label, name);
  if (!facts.ok) return facts;
  return ok(proving(deps, facts.value, { ...download, info, chunks: opened.value.chunks }, signal));
}

/** A download whose bytes may be used once `done` confirms that they match the facts. */
export function proving(
  deps: Pick<SealDeps, 'bytes'>,
  facts: ObjectFacts,
  { info, chunks, done: arrived }: ObjectDownload,
  signal?: AbortSignal,
): ObjectDownload {
  const { name } = info;
  const digest = deps.bytes.sha256Stream();
  const verdict = async (isWhole: boolean): Answer<void> => {
    const came = await arrived;
    if (!came.ok) return came;
    if (!isWhole) return err(unlikeSealed(name, WHY.damaged));
    return digest.hex() === facts.sha256 ? ok(undefined) : err(unlikeSealed(name, OTHER_DIGEST));
  };
  let settle: (result: Result<void, AppError>) => void = () => undefined;
  const done = new Promise<Result<void, AppError>>((resolve) => {
    settle = resolve;
  });
  // The store settles its own part when nobody reads on; that is the result then.
  const unread = (): void => void arrived.then((came) => settle(came.ok ? err(notRead()) : came));
  signal?.addEventListener('abort', unread, { once: true });
  const proved = async function* (): AsyncIterable<Uint8Array> {
    let isRead = false;
    try {
      for await (const chunk of chunks) {
        digest.update(chunk);
        yield chunk;
      }
      isRead = true;
    } catch {
      settle(await verdict(false));
    } finally {
      signal?.removeEventListener('abort', unread);
      if (isRead) settle(await verdict(true));
      else unread();
    }
  };
  return { info, chunks: proved(), done };
}

function notRead(): AppError {
  return appError('cancelled', 'The download was cancelled.', 'Run it again.');
}

const WHY = {
  foreign: 'is sealed with a key that this machine does not have',
  damaged: 'is cut or was changed',
} as const;

async function keysFor(keyring: Keyring, number: number): Answer<readonly EpochKey[]> {
  if (number === 0) return await keyring.known();
  const key = await keyring.epoch(number);
  return key.ok ? ok([key.value]) : key;
}

function provedBy(
  { bytes }: SealDeps,
  keys: readonly EpochKey[],
  label: Uint8Array | null,
  name: string,
): Result<ObjectFacts, AppError> {
  const text = label === null ? '' : new TextDecoder().decode(label);
  for (const { factsKey } of keys) {
    const facts = unlockFacts(bytes, factsKey, text);
    if (facts === null) continue;
    return isNameOf(facts, name)
      ? ok(facts)
      : err(
          unlikeSealed(
            name,
            `holds what was sealed as ${JSON.stringify(facts.name)}: the two were exchanged`,
          ),
        );
  }
  return err(unlikeSealed(name, 'was not sealed by a member of the team'));
}
