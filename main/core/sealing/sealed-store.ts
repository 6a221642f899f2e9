import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { parseMachineUuid, type MachineUuid } from '../../../shared/domain/ids.ts';
import { objectTooLarge, putProblem } from '../../../shared/domain/store-errors.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import type { GetOptions, ObjectDownload, ObjectInfo, ObjectStore } from '../ports/object-store.ts';
import { isKeyObject } from './key-names.ts';
import type { Keyring } from './keyring.ts';
import { isNameOf, type ObjectFacts } from './object-facts.ts';
import { collect, sealBody, type SealDeps } from './seal-body.ts';
import { asSealed, epochOf, factsBeside, openSealed, openSealedStream, proving } from './open-body.ts';
import { plainAmongSealed } from './sealing-errors.ts';

/** Growth by sealing: header, label, and sixteen bytes per 64 KiB. */
const ROOM = 64 * 1024;
const IN_MEMORY = 4 * 1024 * 1024;
const MAGIC = new TextEncoder().encode('age-encryption.org/v1\n');

/**
 * The store for everything above it, and the only way there: writes are sealed with the team's newest key once there is one, and reads are
 * opened and verified. Without keys it is the store itself.
 */
export function createSealedStore(inner: ObjectStore, keyring: Keyring, deps: SealDeps): ObjectStore {
  const { names } = keyring;
  return {
    url: inner.url,
    sameDisk: inner.sameDisk,
    ...(inner.statesRecords === undefined ? {} : { statesRecords: inner.statesRecords }),
    seals: () => keyring.isSealing(),
    beginRun: () => keyring.recallWord(),
    access: async () => mapOk(await keyring.newest({ fresh: true }), () => undefined),
    probe: (options) => inner.probe(options),
    close: () => inner.close(),
    copy: async (from, to, options) => {
      const copied = await inner.copy(from, to, options);
      return copied.ok ? ok(await withFacts(keyring, deps, copied.value)) : copied;
    },
    list: async (prefix, options) => {
      const page = await inner.list(prefix, options);
      if (!page.ok) return page;
      const objects: ObjectInfo[] = [];
      for (const info of page.value.objects) objects.push(await withFacts(keyring, deps, info));
      return ok({ ...page.value, objects });
    },
    head: async (name, options) => {
      const found = await inner.head(name, options);
      if (!found.ok || found.value === null) return found;
      return ok(await withFacts(keyring, deps, found.value));
    },
    put: async (name, body, options) => {
      if (isKeyObject(names, name)) return await inner.put(name, body, options);
      const problem = putProblem(name, options);
      if (problem !== null) return err(problem);
      const epoch = await keyring.newest();
      if (!epoch.ok) return epoch;
      if (epoch.value === null) return await inner.put(name, body, options);
      if (await keyring.storesPlain()) {
        const { provenPlain } = await import('./plain-proof.ts');
        const proven = await provenPlain(deps, epoch.value, name, body, options.metadata ?? {});
        return proven.ok ? await inner.put(name, body, { ...options, metadata: proven.value }) : proven;
      }
      const sealed = await sealBody(deps, epoch.value, name, body, options.metadata ?? {});
      if (!sealed.ok) return sealed;
      const put = await inner.put(name, sealed.value.body, {
        ...options,
        contentType: 'application/octet-stream',
        metadata: sealed.value.metadata,
      });
      await sealed.value.done();
      return put.ok ? ok(presented(put.value, sealed.value.facts)) : put;
    },
    get: async (name, options) => {
      const limit = options?.limit === undefined ? {} : { limit: options.limit + ROOM };
      const found = await inner.get(name, { ...options, ...limit });
      if (!found.ok || found.value === null || isKeyObject(names, name)) return found;
      const { info, bytes } = found.value;
      const opened = await open(keyring, deps, info, bytes);
      if (!opened.ok) return opened;
      if (options?.limit !== undefined && opened.value.length > options.limit)
        return err(objectTooLarge(inner.url, name, opened.value.length, options.limit));
      return ok({ info: await withFacts(keyring, deps, info), bytes: opened.value });
    },
    getStream: async (name, options) => {
      const found = await inner.getStream(name, options);
      if (!found.ok || found.value === null || isKeyObject(names, name)) return found;
      return await openDownload(keyring, deps, found.value, options);
    },
  };
}

/** Presents an object with its writer's metadata. Facts that no member made are omitted, and it counts as damaged. */
async function withFacts(keyring: Keyring, deps: SealDeps, info: ObjectInfo): Promise<ObjectInfo> {
  if (!saysSealed(info)) return info;
  const facts = await factsOf(keyring, deps, info);
  return facts === null ? { ...info, metadata: { codec: 'age' } } : presented(info, facts);
}

function presented(info: ObjectInfo, facts: ObjectFacts): ObjectInfo {
  const stored = facts.stored ?? { size: -1, crc32c: '' };
  return {
    ...info,
    metadata: {
      ...facts.metadata,
      codec: 'age',
      epoch: info.metadata['epoch'] ?? '',
      'stored-size': String(stored.size),
      'stored-crc32c': stored.crc32c,
    },
  };
}

async function factsOf(keyring: Keyring, deps: SealDeps, info: ObjectInfo): Promise<ObjectFacts | null> {
  const facts = await factsBeside(keyring, deps, info);
  return facts !== null && isNameOf(facts, info.name) ? facts : null;
}

function saysSealed({ metadata }: ObjectInfo): boolean {
  return metadata['codec'] === 'age' && metadata['facts'] !== undefined;
}

/** Opens an object's bytes, or says why they cannot be used as they are. */
async function open(
  keyring: Keyring,
  deps: SealDeps,
  info: ObjectInfo,
  bytes: Uint8Array,
): Answer<Uint8Array> {
  const kind = await kindOf(keyring, deps, info, bytes);
  if (!kind.ok) return kind;
  if (kind.value === 'sealed') return await openSealed(keyring, deps, info.name, epochOf(info), bytes);
  return kind.value === 'plain' ? ok(bytes) : asSealed(deps, info.name, kind.value, bytes);
}

/**
 * Whether an object is sealed: by its metadata or, where that was lost on the way (a copied bucket), by its first bytes.
 * @returns facts that one in the clear must match, because its machine stores nothing without; `corrupt` if it has none
 */
async function kindOf(
  keyring: Keyring,
  deps: SealDeps,
  info: ObjectInfo,
  start: Uint8Array,
): Answer<'plain' | 'sealed' | ObjectFacts> {
  if (info.metadata['codec'] === 'age') return ok('sealed');
  const known = await keyring.known();
  if (!known.ok) return known;
  if (known.value.length === 0) return ok('plain');
  if (MAGIC.every((byte, at) => start[at] === byte)) return ok('sealed');
  const owner = ownerOf(info.name);
  if (owner === null) return ok('plain');
  const moved = await keyring.hasMoved(owner);
  if (!moved.ok) return moved;
  if (!moved.value) return ok('plain');
  const facts = await factsOf(keyring, deps, info);
  return facts === null ? err(plainAmongSealed(info.name)) : ok(facts);
}

/** An object's machine, by its name. */
function ownerOf(name: string): MachineUuid | null {
  for (const part of name.split('/')) {
    const uuid = parseMachineUuid(part.slice(0, 36));
    if (uuid.ok) return uuid.value;
  }
  return null;
}

async function openDownload(
  keyring: Keyring,
  deps: SealDeps,
  download: ObjectDownload,
  options: GetOptions | undefined,
): Answer<ObjectDownload> {
  const { info } = download;
  if (info.size > IN_MEMORY) {
    const first = await peek(download.chunks);
    const kind = await kindOf(keyring, deps, info, first.start);
    if (!kind.ok) return kind;
    const whole = { ...download, chunks: first.chunks };
    if (kind.value === 'plain') return ok(whole);
    if (kind.value !== 'sealed') return ok(proving(deps, kind.value, whole, options?.signal));
    const shown = await withFacts(keyring, deps, info);
    return await openSealedStream(keyring, deps, shown, epochOf(info), whole, options?.signal);
  }
  const bytes = await collect(download.chunks);
  const arrived = await download.done;
  // A failure in transit is the stream's, as the port promises.
  if (!arrived.ok) return ok({ info, chunks: none(), done: Promise.resolve(arrived) });
  if (options?.signal?.aborted) return err(stopped());
  const opened = await open(keyring, deps, info, bytes);
  const shown = await withFacts(keyring, deps, info);
  if (!opened.ok) return ok({ info: shown, chunks: none(), done: Promise.resolve(opened) });
  return ok({ info: shown, ...handedOut(opened.value, options?.signal) });
}

/** Bytes in memory, as a download: `done` tells whether they were read completely. */
function handedOut(
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Pick<ObjectDownload, 'chunks' | 'done'> {
  let settle: (result: Result<void, AppError>) => void = () => undefined;
  const done = new Promise<Result<void, AppError>>((resolve) => {
    settle = resolve;
  });
  const stop = (): void => settle(err(stopped()));
  signal?.addEventListener('abort', stop, { once: true });
  const chunks = async function* (): AsyncIterable<Uint8Array> {
    signal?.removeEventListener('abort', stop);
    settle(ok(undefined));
    if (bytes.length > 0) yield bytes;
  };
  return { chunks: chunks(), done };
}

function stopped(): AppError {
  return appError('cancelled', 'Stopped while reading.', 'Run it again.');
}

async function peek(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly start: Uint8Array; readonly chunks: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  const start = first.done ? new Uint8Array() : first.value;
  return {
    start,
    chunks: (async function* () {
      try {
        if (!first.done) yield start;
        for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
      } finally {
        // Tells the store that reading has stopped.
        await iterator.return?.();
      }
    })(),
  };
}

async function* none(): AsyncIterable<Uint8Array> {
  // A download that must not be used.
}
