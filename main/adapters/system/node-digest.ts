import { createHash } from 'node:crypto';
import type { Bytes } from '../../core/ports/bytes.ts';

/** Digests only, for commands that compress nothing and must start fast. */
export function createNodeDigest(): Pick<Bytes, 'sha256'> {
  return { sha256: (bytes) => createHash('sha256').update(bytes).digest('hex') };
}
