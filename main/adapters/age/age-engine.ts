import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient, Stanza } from 'age-encryption';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { AgeFailure, AgeKey, Opened, OpenedStream } from '../../core/ports/age.ts';

/** Marks our line in a header. Programs that do not know it read past it, as the format asks of them. */
const LABEL = 'session-log';
const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

/** A new X25519 identity. */
export async function newKey(): Promise<AgeKey> {
  const secret = await generateX25519Identity();
  return { secret, recipient: await identityToRecipient(secret) };
}

/** @returns null for what is no secret of an X25519 identity */
export async function recipientOf(secret: string): Promise<string | null> {
  try {
    const recipient = await identityToRecipient(secret);
    return RECIPIENT.test(recipient) ? recipient : null;
  } catch {
    return null;
  }
}

/** See {@link Age.seal}. */
export async function seal(
  plain: Uint8Array,
  to: readonly string[],
  label?: Uint8Array,
): Promise<Uint8Array> {
  return await encrypterFor(to, label).encrypt(plain);
}

/** See {@link Age.sealStream}. */
export async function sealStream(
  plain: AsyncIterable<Uint8Array>,
  to: readonly string[],
  label?: Uint8Array,
): Promise<AsyncIterable<Uint8Array>> {
  return await encrypterFor(to, label).encrypt(streamOf(plain));
}

/** See {@link Age.open}. */
export async function open(
  sealed: Uint8Array,
  secrets: readonly string[],
): Promise<Result<Opened, AgeFailure>> {
  const reading = decrypterFor(secrets);
  try {
    const plain = await reading.decrypter.decrypt(sealed);
    return ok({ plain, label: reading.label() });
  } catch (error) {
    return err(failureOf(error));
  }
}

/** See {@link Age.openStream}. */
export async function openStream(
  sealed: AsyncIterable<Uint8Array>,
  secrets: readonly string[],
): Promise<Result<OpenedStream, AgeFailure>> {
  const reading = decrypterFor(secrets);
  try {
    const chunks: AsyncIterable<Uint8Array> = await reading.decrypter.decrypt(streamOf(sealed));
    return ok({ chunks, label: reading.label() });
  } catch (error) {
    return err(failureOf(error));
  }
}

function encrypterFor(to: readonly string[], label?: Uint8Array): Encrypter {
  const wrong = to.find((recipient) => !RECIPIENT.test(recipient));
  if (to.length === 0 || wrong !== undefined) throw new RangeError('sealing needs recipients (age1…)');
  const encrypter = new Encrypter();
  for (const recipient of to) encrypter.addRecipient(recipient);
  if (label !== undefined) encrypter.addRecipient({ wrapFileKey: () => [new Stanza([LABEL], label)] });
  return encrypter;
}

/** The label is taken on the way: age shows every line of the header to each identity, and checks all of it before it opens anything. */
function decrypterFor(secrets: readonly string[]): {
  readonly decrypter: Decrypter;
  label(): Uint8Array | null;
} {
  const decrypter = new Decrypter();
  let label: Uint8Array | null = null;
  decrypter.addIdentity({
    unwrapFileKey: (stanzas) => {
      const own = stanzas.find(({ args }) => args.length === 1 && args[0] === LABEL);
      label = own === undefined ? null : own.body;
      return null;
    },
  });
  for (const secret of secrets) decrypter.addIdentity(secret);
  return { decrypter, label: () => label };
}

/** age-encryption tells them apart by their sentence alone. */
function failureOf(error: unknown): AgeFailure {
  return error instanceof Error && error.message.startsWith('no identity matched') ? 'foreign' : 'damaged';
}

function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next = await iterator.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: async () => {
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}
