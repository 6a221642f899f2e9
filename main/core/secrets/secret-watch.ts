import { ok } from '../../../shared/result.ts';
import type { Finding } from '../../../shared/secrets/finding.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { SecretScanner } from '../ports/secret-scanner.ts';
import type { FoundInStream, FoundSecret, StreamWatch } from '../ports/secret-watch.ts';
import { findInStream } from './find-in-stream.ts';
import type { NotSecrets } from './not-secrets.ts';
import { secretId } from './secret-id.ts';

/** The scanner without what a person marked as no secret. */
export function createSecretWatch({
  scanner,
  notSecrets,
  bytes: { sha256 },
}: {
  readonly scanner: Pick<SecretScanner, 'find'>;
  readonly notSecrets: NotSecrets;
  readonly bytes: Pick<Bytes, 'sha256'>;
}): StreamWatch {
  const counting = async (start: Uint8Array, found: readonly FoundSecret[]): Promise<FoundInStream> => {
    if (found.length === 0) return { start, found, isClean: true };
    const harmless = await notSecrets.digests();
    return { start, found: found.filter(({ value }) => !harmless.has(sha256(value))), isClean: false };
  };
  return {
    idOf: (value) => secretId({ sha256 }, value),
    find: async (bytes, signal) => {
      const found = await scanner.find(bytes, signal);
      if (!found.ok || found.value.length === 0) return found;
      const harmless = await notSecrets.digests();
      if (harmless.size === 0) return found;
      return ok(found.value.filter(({ start, end }) => !harmless.has(sha256(bytes.subarray(start, end)))));
    },
    findWithValues: async (bytes, signal) => {
      const found = await scanner.find(bytes, signal);
      if (!found.ok) return found;
      return ok(await counting(bytes, withValues(bytes, found.value)));
    },
    findInStream: async (chunks, signal) => {
      const found = await findInStream(chunks, (piece) => scanner.find(piece, signal, { isPiece: true }));
      return found.ok ? ok(await counting(found.value.start, found.value.found)) : found;
    },
  };
}

/** Findings with their values, as views of the bytes. */
export function withValues(bytes: Uint8Array, found: readonly Finding[]): readonly FoundSecret[] {
  return found.map((one) => ({ ...one, value: bytes.subarray(one.start, one.end) }));
}
