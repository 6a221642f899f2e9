import { crc32c } from '../../../shared/domain/checksum.ts';
import type { Answer } from '../../../shared/app-error.ts';
import { bodyDamaged, sourceChanged } from '../../../shared/domain/store-errors.ts';
import { err, ok } from '../../../shared/result.ts';
import { ByteSourceChanged, type ByteSource } from '../ports/byte-source.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { EpochKey } from './epoch-key.ts';
import { lockFacts } from './object-facts.ts';

/**
 * Makes the proof beside an object that a member stores in the clear: anybody can read its bytes, but only members can make the proof, so
 * that nothing written without the key passes for theirs.
 * @returns `io` when the source changed while it was read, `corrupt` when it does not match its checksum
 */
export async function provenPlain(
  { bytes }: { readonly bytes: Pick<Bytes, 'sha256Stream' | 'lock'> },
  epoch: EpochKey,
  name: string,
  plain: ByteSource,
  metadata: Readonly<Record<string, string>>,
): Answer<Readonly<Record<string, string>>> {
  const digest = bytes.sha256Stream();
  let crc = 0;
  try {
    for await (const chunk of plain.stream()) {
      digest.update(chunk);
      crc = crc32c(chunk, crc);
    }
  } catch (thrown) {
    if (thrown instanceof ByteSourceChanged) return err(sourceChanged(name));
    throw thrown;
  }
  if (crc !== plain.crc32c) return err(bodyDamaged('The disk', name, 'write'));
  const facts = { name, sha256: digest.hex(), size: plain.size, metadata: {} };
  return ok({ ...metadata, epoch: String(epoch.number), facts: lockFacts(bytes, epoch.factsKey, facts) });
}
