import { randomBytes } from 'node:crypto';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { joinBytes } from '../../../shared/join-bytes.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Age, AgeFailure, AgeKey, Opened, OpenedStream } from '../../core/ports/age.ts';
import { headerLength, LONGEST_HEADER, readHeader, writeHeader, type ReadHeader } from './age-header.ts';
import { isRecipient, wrapFileKey } from './age-keys.ts';
import { NONCE, payloadOpener, payloadSealer, PIECE, piecesFrom, piecesIn } from './age-payload.ts';
import { TAG } from './chacha.ts';
import { fingerprintWords } from './fingerprint.ts';

/**
 * The `age` format, with the keys and ciphers of Node's own library, so that no thread is needed. Headers, which strangers may have
 * written, are parsed by the TypeScript package of age's author.
 */
export function createAge(): Age {
  return {
    newKey,
    recipientOf,
    words: async (recipient) => fingerprintWords(recipient),
    seal: async (plain, to, label) => {
      const { header, nonce, seal } = begin(to, label);
      const parts: Uint8Array[] = [header, nonce];
      for (const { piece, isLast } of piecesIn(plain, PIECE)) parts.push(...seal(piece, isLast));
      return joinBytes(parts);
    },
    sealStream: async (plain, to, label) => sealFrom(plain, begin(to, label)),
    open,
    openStream,
  };
}

async function newKey(): Promise<AgeKey> {
  const secret = await generateX25519Identity();
  return { secret, recipient: await identityToRecipient(secret) };
}

async function recipientOf(secret: string): Promise<string | null> {
  try {
    const recipient = await identityToRecipient(secret);
    return isRecipient(recipient) ? recipient : null;
  } catch {
    return null;
  }
}

type Begun = { readonly header: Uint8Array } & ReturnType<typeof payloadSealer>;

function begin(to: readonly string[], label: Uint8Array | undefined): Begun {
  if (to.length === 0 || !to.every(isRecipient)) throw new RangeError('sealing needs recipients (age1…)');
  const fileKey = randomBytes(16);
  const wrapped = to.map((recipient) => wrapFileKey(recipient, fileKey));
  return { header: writeHeader(fileKey, wrapped, label), ...payloadSealer(fileKey) };
}

async function* sealFrom(
  plain: AsyncIterable<Uint8Array>,
  { header, nonce, seal }: Begun,
): AsyncGenerator<Uint8Array> {
  yield header;
  yield nonce;
  for await (const { piece, isLast } of piecesFrom(plain, PIECE)) yield* seal(piece, isLast);
}

async function open(sealed: Uint8Array, secrets: readonly string[]): Promise<Result<Opened, AgeFailure>> {
  const length = headerLength(sealed);
  if (length === null) return err('damaged');
  const header = await headerFor(sealed.subarray(0, length), secrets);
  if (!header.ok) return header;
  try {
    const rest = sealed.subarray(length);
    const openPiece = payloadOpener(header.value.fileKey, rest.subarray(0, NONCE));
    const parts = Array.from(piecesIn(rest.subarray(NONCE), PIECE + TAG), ({ piece, isLast }) =>
      openPiece(piece, isLast),
    );
    return ok({ plain: joinBytes(parts), label: header.value.label });
  } catch {
    return err('damaged');
  }
}

async function openStream(
  sealed: AsyncIterable<Uint8Array>,
  secrets: readonly string[],
): Promise<Result<OpenedStream, AgeFailure>> {
  const { start, length, rest } = await untilHeader(sealed);
  if (length === null) return err('damaged');
  const header = await headerFor(start.subarray(0, length), secrets);
  if (!header.ok) return header;
  const { fileKey, label } = header.value;
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    const openPiece = payloadOpener(fileKey, start.subarray(length, length + NONCE));
    for await (const { piece, isLast } of piecesFrom(rest(length + NONCE), PIECE + TAG))
      yield openPiece(piece, isLast);
  };
  return ok({ label, chunks: chunks() });
}

async function headerFor(
  header: Uint8Array,
  secrets: readonly string[],
): Promise<Result<ReadHeader, AgeFailure>> {
  try {
    const read = await readHeader(header, secrets);
    return read === null ? err('foreign') : ok(read);
  } catch {
    return err('damaged');
  }
}

/** Reads up to and including the nonce after the header. */
async function untilHeader(sealed: AsyncIterable<Uint8Array>): Promise<{
  readonly start: Uint8Array;
  /** Of the header; null when there is none. */
  readonly length: number | null;
  /** Everything from there on. */
  readonly rest: (from: number) => AsyncIterable<Uint8Array>;
}> {
  const iterator = sealed[Symbol.asyncIterator]();
  let [start, length]: [Uint8Array, number | null] = [new Uint8Array(), null];
  while ((length === null || start.length < length + NONCE) && start.length < LONGEST_HEADER + NONCE) {
    const next = await iterator.next();
    if (next.done) break;
    start = joinBytes([start, next.value]);
    length ??= headerLength(start);
  }
  const rest = async function* (from: number): AsyncGenerator<Uint8Array> {
    try {
      yield start.subarray(from);
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      // Tells the producer of the bytes that nobody reads on.
      await iterator.return?.();
    }
  };
  if (length === null) await iterator.return?.();
  return { start, length, rest };
}
