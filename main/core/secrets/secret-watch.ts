import { ok } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { SecretScanner } from '../ports/secret-scanner.ts';
import type { StreamWatch } from '../ports/secret-watch.ts';
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
  return {
    idOf: (value) => secretId({ sha256 }, value),
    find: async (bytes, signal) => {
      const found = await scanner.find(bytes, signal);
      if (!found.ok || found.value.length === 0) return found;
      const harmless = await notSecrets.digests();
      if (harmless.size === 0) return found;
      return ok(found.value.filter(({ start, end }) => !harmless.has(sha256(bytes.subarray(start, end)))));
    },
    findInStream: async (chunks, signal) => {
      const found = await findInStream(chunks, (piece) => scanner.find(piece, signal, { isPiece: true }));
      if (!found.ok || found.value.found.length === 0) return found;
      const harmless = await notSecrets.digests();
      const counts = found.value.found.filter(({ value }) => !harmless.has(sha256(value)));
      return ok({ ...found.value, found: counts });
    },
  };
}
