import { joinBytes } from '../../../shared/join-bytes.ts';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import type { Answer } from '../../../shared/app-error.ts';
import { bodyDamaged, sourceChanged } from '../../../shared/domain/store-errors.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Age } from '../ports/age.ts';
import { ByteSourceChanged, type ByteSource } from '../ports/byte-source.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Random } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { inMemory } from '../store/in-memory.ts';
import type { EpochKey } from './epoch-key.ts';
import { lockFacts, type ObjectFacts } from './object-facts.ts';

export interface SealDeps {
  readonly age: Age;
  readonly bytes: Bytes;
  readonly files: Files;
  readonly random: Random;
  /** Folder for sealing large bodies before upload; absolute. */
  readonly spool: string;
}

/** A body as stored. */
export interface SealedBody {
  readonly body: ByteSource;
  readonly metadata: Readonly<Record<string, string>>;
  /** The facts in that metadata. */
  readonly facts: ObjectFacts;
  /** Removes its temporary file. */
  readonly done: () => Promise<void>;
}

/** Size in bytes from which a body is sealed to disk instead of memory. */
const IN_MEMORY = 4 * 1024 * 1024;

/**
 * Seals one object: its bytes by age, with its facts in the header (which `age` skips) and beside it.
 * @returns `io` when the source changed while it was read, `corrupt` when it does not match its checksum: nobody could tell afterwards
 */
export async function sealBody(
  deps: SealDeps,
  epoch: EpochKey,
  name: string,
  plain: ByteSource,
  metadata: Readonly<Record<string, string>>,
): Answer<SealedBody> {
  try {
    return await sealWhole(deps, epoch, name, plain, metadata);
  } catch (thrown) {
    if (thrown instanceof ByteSourceChanged) return err(sourceChanged(name));
    throw thrown;
  }
}

async function sealWhole(
  deps: SealDeps,
  epoch: EpochKey,
  name: string,
  plain: ByteSource,
  metadata: Readonly<Record<string, string>>,
): Answer<SealedBody> {
  const small = plain.size <= IN_MEMORY ? (plain.bytes ?? (await collect(plain.stream()))) : null;
  const sums =
    small === null ? await sumsOf(deps, plain) : { crc: crc32c(small), sha256: deps.bytes.sha256(small) };
  if (sums.crc !== plain.crc32c) return err(bodyDamaged('The disk', name, 'write'));
  const { sha256 } = sums;
  const facts: ObjectFacts = { name, sha256, size: plain.size, metadata };
  const label = new TextEncoder().encode(lockFacts(deps.bytes, epoch.factsKey, facts));
  const sealed =
    small === null
      ? await toDisk(deps, await deps.age.sealStream(plain.stream(), [epoch.recipient], label))
      : ok({
          body: inMemory(await deps.age.seal(small, [epoch.recipient], label)),
          done: async () => undefined,
        });
  if (!sealed.ok) return sealed;
  const { body, done } = sealed.value;
  const beside = { ...facts, stored: { size: body.size, crc32c: crc32cToBase64(body.crc32c) } };
  return ok({
    body,
    done,
    facts: beside,
    metadata: {
      codec: 'age',
      epoch: String(epoch.number),
      facts: lockFacts(deps.bytes, epoch.factsKey, beside),
    },
  });
}

/** Collects a whole stream. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return joinBytes(parts);
}

async function sumsOf(
  { bytes }: SealDeps,
  plain: ByteSource,
): Promise<{ readonly crc: number; readonly sha256: string }> {
  const digest = bytes.sha256Stream();
  let crc = 0;
  for await (const chunk of plain.stream()) {
    digest.update(chunk);
    crc = crc32c(chunk, crc);
  }
  return { crc, sha256: digest.hex() };
}

async function toDisk(
  { files, random, spool }: SealDeps,
  sealed: AsyncIterable<Uint8Array>,
): Answer<Pick<SealedBody, 'body' | 'done'>> {
  const path = `${spool}/${random.hex(8)}.age`;
  const remove = async (): Promise<void> => {
    // What remains is sealed, and swept with other temporary files.
    await files.remove(path);
  };
  const written = await files.replaceFrom(path, sealed, async () => ok(undefined));
  if (!written.ok) return written;
  const measured = await files.measure(path);
  if (measured.ok && measured.value !== null) return ok({ body: measured.value.source, done: remove });
  await remove();
  return measured.ok ? ok({ body: inMemory(new Uint8Array()), done: remove }) : measured;
}
