import type { MachineUuid, TenantId } from '../../../shared/domain/ids.ts';
import type { Bytes } from '../ports/bytes.ts';

/** Who holds a key of the team: a machine, or the recovery identity. */
export type MemberId = MachineUuid | 'recovery';

/** Names of the objects that the keys of a team are kept in. None of them is a log, and none holds a secret that is not sealed. */
export interface KeyNames {
  /** `tenant-<t>/keys/` */
  readonly root: string;
  /** Everything of one epoch. */
  epoch(number: number): string;
  /** The epoch's recipient in the clear: `age -R` takes the file. */
  recipient(number: number): string;
  /**
   * The epoch's secret, sealed to one member.
   * @param print short digest of the member's recipient, so that a machine that lost its key can be admitted with another
   */
  memberKey(number: number, member: MemberId, print: string): string;
  /** Who that member is; sealed with the epoch's key. */
  card(number: number, member: MemberId, print: string): string;
  readonly requests: string;
  /** Asks to join; sealed to the newest epoch. */
  request(machine: MachineUuid, print: string): string;
  readonly moved: string;
  /** Says that everything of a machine is sealed. */
  movedMark(machine: MachineUuid): string;
  readonly hidden: string;
  /** Says that the names of a machine are hidden, and by the key of which epoch; sealed. */
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

/** Bytes of the largest of them. */
export const KEY_OBJECT_LIMIT = 16 * 1024;

/** True for what lies among the keys, which is not sealed a second time. */
export function isKeyObject({ root }: Pick<KeyNames, 'root'>, name: string): boolean {
  return name.startsWith(root);
}

/** Sixteen digits of the digest of a recipient. */
export function printOf(bytes: Pick<Bytes, 'sha256'>, recipient: string): string {
  return bytes.sha256(new TextEncoder().encode(recipient)).slice(0, 16);
}
