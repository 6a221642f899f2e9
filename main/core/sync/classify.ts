/** How a local log relates to the stored one. */
export type Relation =
  /** The same bytes. */
  | 'same'
  /** The stored bytes are a prefix of the local ones: an append. */
  | 'grown'
  /** Neither is a prefix of the other. */
  | 'edited'
  /** The local log is shorter: stored bytes tell truncation from an edit. */
  | 'shorter';

/**
 * Relates a local log to a stored version by size and checksum alone.
 * @param local facts of the file; `prefixCrc32c` is that of its first `stored.size` bytes, null when it is shorter
 * @param stored facts of the stored log
 */
export function classify(
  local: { readonly size: number; readonly crc32c: number; readonly prefixCrc32c: number | null },
  stored: { readonly size: number; readonly crc32c: number },
): Relation {
  if (local.size === stored.size) return local.crc32c === stored.crc32c ? 'same' : 'edited';
  if (local.size < stored.size) return 'shorter';
  return local.prefixCrc32c === stored.crc32c ? 'grown' : 'edited';
}
