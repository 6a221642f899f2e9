import type { TenantId } from '../../../shared/domain/ids.ts';
import { secretIn } from '../machine/key-file.ts';
import type { AgeKey } from '../ports/age.ts';
import type { Bytes } from '../ports/bytes.ts';

/** The team's key for one epoch. */
export interface EpochKey extends AgeKey {
  readonly number: number;
  /** Encrypts the facts of an object outside of age's sealed data: hexadecimal, 256 bits. */
  readonly factsKey: string;
  /** Creates opaque names, where a machine hides them: hexadecimal, 256 bits. */
  readonly namesKey: string;
}

/** Proves that an epoch's creator had the key of an earlier one. */
export interface EpochProof {
  readonly from: number;
  readonly digest: string;
}

/** An epoch as in the file sealed to a member. */
export interface EpochFile {
  readonly secret: string;
  readonly proof: EpochProof | null;
}

/** The key with its derived keys. */
export function epochKey(bytes: Pick<Bytes, 'hmac'>, number: number, key: AgeKey): EpochKey {
  return {
    number,
    ...key,
    factsKey: bytes.hmac(key.secret, 'facts of objects, 1'),
    namesKey: bytes.hmac(key.secret, 'names of objects, 1'),
  };
}

/** What only a holder of the earlier key can compute for a new one. */
export function proofBy(
  bytes: Pick<Bytes, 'hmac'>,
  earlier: EpochKey,
  tenant: TenantId,
  next: { readonly number: number; readonly recipient: string },
): EpochProof {
  const said = `next epoch, 1\n${tenant}\n${next.number}\n${next.recipient}`;
  return { from: earlier.number, digest: bytes.hmac(earlier.secret, said) };
}

/** Formats an age identity file with two lines of ours: `age -d -i` accepts it and opens the epoch's objects. */
export function formatEpoch(
  tenant: TenantId,
  key: AgeKey & { readonly number: number },
  proof: EpochProof | null,
): Uint8Array {
  const lines = [
    `# session-log: tenant ${tenant}, epoch ${key.number}`,
    ...(proof === null ? [] : [`# proof: ${proof.from} ${proof.digest}`]),
    `# public key: ${key.recipient}`,
    key.secret,
    '',
  ];
  return new TextEncoder().encode(lines.join('\n'));
}

/** Parses {@link formatEpoch}; null when it is not of that tenant and epoch. */
export function parseEpoch(bytes: Uint8Array, tenant: TenantId, number: number): EpochFile | null {
  const lines = new TextDecoder().decode(bytes).split('\n');
  if (lines[0] !== `# session-log: tenant ${tenant}, epoch ${number}`) return null;
  const secret = secretIn(bytes);
  if (secret === null) return null;
  const [, from, digest] = /^# proof: (\d{1,9}) ([0-9a-f]{64})$/.exec(lines[1] ?? '') ?? [];
  return {
    secret,
    proof: from === undefined || digest === undefined ? null : { from: Number(from), digest },
  };
}
