import { uuidOfHash } from '../../../shared/domain/machine-identity.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { HardwarePart } from '../ports/machine-probe.ts';

/** The identity derived from hardware parts. */
export interface DerivedIdentity {
  readonly uuid: MachineUuid;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly hash: string;
  /** Part name to the first 16 hexadecimal digits of its SHA-256: enough to compare, nothing to read. */
  readonly components: Readonly<Record<string, string>>;
}

/**
 * ADR-058's algorithm: the `key:value` parts, sorted, joined by `|`; SHA-256; the first 32 digits are the UUID. Deterministic, so that a
 * machine with an ID from the ADR's script gets the same one here.
 * @param salt for a machine not distinguishable by its hardware
 */
export function deriveUuid(
  parts: readonly HardwarePart[],
  digest: Pick<Bytes, 'sha256'>,
  salt?: string,
): DerivedIdentity {
  const all = salt === undefined ? parts : [...parts, { key: 'salt', value: salt }];
  const composite = all
    .map(({ key, value }) => `${key}:${value}`)
    .sort(byCodePoint)
    .join('|');
  const hash = sha256(digest, composite);
  const components: Record<string, string> = {};
  for (const { key, value } of parts) components[key] = sha256(digest, value).slice(0, 16);
  return { uuid: uuidOfHash(hash), hash: `sha256:${hash}`, components };
}

/** Whether a part is unique to one machine; the others (`cpu`, `model`, …) are shared by a whole product line. */
export function isUniquePart(key: string): boolean {
  return key === 'hw_uuid' || key.endsWith('_hash');
}

function sha256(digest: Pick<Bytes, 'sha256'>, text: string): string {
  return digest.sha256(new TextEncoder().encode(text));
}

/** Python's order. JavaScript compares UTF-16 units, which differs above U+FFFF. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (const [at, char] of left.entries()) {
    const other = right[at];
    if (other === undefined) return 1;
    if (char !== other) return (char.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
  return left.length - right.length;
}
