import type { TenantId } from '../../../shared/domain/ids.ts';
import { secretIn } from '../machine/key-file.ts';
import type { AgeKey } from '../ports/age.ts';
import type { Bytes } from '../ports/bytes.ts';

/** The key of the team for one epoch. */
export interface EpochKey extends AgeKey {
  readonly number: number;
  /** Keeps the facts of an object that stand outside of what age seals: hexadecimal, 256 bits. */
  readonly factsKey: string;
  /** Makes names that say nothing, where a machine wants that: hexadecimal, 256 bits. */
  readonly namesKey: string;
}

/** Says that whoever made an epoch had the key of an earlier one. */
export interface EpochProof {
  readonly from: number;
  readonly digest: string;
}

/** An epoch as the file says it that was sealed to a member. */
export interface EpochFile {
  readonly secret: string;
  readonly proof: EpochProof | null;
}

/** The key with what follows from it. */
export function epochKey(bytes: Pick<Bytes, 'hmac'>, number: number, key: AgeKey): EpochKey {
  return {
    number,
    ...key,
    factsKey: bytes.hmac(key.secret, 'facts of objects, 1'),
    namesKey: bytes.hmac(key.secret, 'names of objects, 1'),
  };
}

/** What only somebody who has the earlier key can say of a new one. */
export function proofBy(
  bytes: Pick<Bytes, 'hmac'>,
  earlier: EpochKey,
  tenant: TenantId,
  next: { readonly number: number; readonly recipient: string },
): EpochProof {
  const said = `next epoch, 1\n${tenant}\n${next.number}\n${next.recipient}`;
  return { from: earlier.number, digest: bytes.hmac(earlier.secret, said) };
}

/** A file of identities of age with two lines of ours: what the objects of an epoch are opened with, `age -d -i` takes it. */
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

/** Undoes {@link formatEpoch}; null when it is not of that tenant and epoch. */
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
