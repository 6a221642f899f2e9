import type { MachineUuid, TenantId } from '../../../shared/domain/ids.ts';
import type { Bytes } from '../ports/bytes.ts';

/** Holder of a team key: a machine, or the recovery identity. */
export type MemberId = MachineUuid | 'recovery';

/** Names of the objects that hold a team's keys. None is a log, and none contains an unsealed secret. */
export interface KeyNames {
  /** `tenant-<t>/keys/` */
  readonly root: string;
  /** The folder of one epoch. */
  epoch(number: number): string;
  /** The epoch's recipient in the clear: input for `age -R`. */
  recipient(number: number): string;
  /**
   * The epoch's secret, sealed to one member.
   * @param print short digest of the member's recipient, so that a machine that lost its key can be admitted with another
   */
  memberKey(number: number, member: MemberId, print: string): string;
  /** The member's card; sealed with the epoch's key. */
  card(number: number, member: MemberId, print: string): string;
  readonly requests: string;
  /** Asks to join; sealed to the newest epoch. */
  request(machine: MachineUuid, print: string): string;
  readonly moved: string;
  /** Marks a machine as completely sealed. */
  movedMark(machine: MachineUuid): string;
  readonly hidden: string;
  /** Marks a machine's names as hidden, with the key's epoch; sealed. */
  hiddenMark(machine: MachineUuid): string;
}

/** The names of one tenant. */
export function keyNames(tenant: TenantId): KeyNames {
  const root = `tenant-${tenant}/keys/`;
  return {
    root,
    epoch: (number) => `${root}${number}/`,
    recipient: (number) => `${root}${number}/recipient.txt`,
    memberKey: (number, member, print) => `${root}${number}/${member}.${print}.age`,
    card: (number, member, print) => `${root}${number}/${member}.${print}.card`,
    requests: `${root}requests/`,
    request: (machine, print) => `${root}requests/${machine}.${print}.age`,
    moved: `${root}moved/`,
    movedMark: (machine) => `${root}moved/${machine}.txt`,
    hidden: `${root}names/`,
    hiddenMark: (machine) => `${root}names/${machine}.age`,
  };
}

/** Maximum size, in bytes. */
export const KEY_OBJECT_LIMIT = 16 * 1024;

/** Whether an object is among the keys, which are not sealed again. */
export function isKeyObject({ root }: Pick<KeyNames, 'root'>, name: string): boolean {
  return name.startsWith(root);
}

/** Sixteen digits of a recipient's digest. */
export function printOf(bytes: Pick<Bytes, 'sha256'>, recipient: string): string {
  return bytes.sha256(new TextEncoder().encode(recipient)).slice(0, 16);
}
