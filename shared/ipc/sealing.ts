import type { AppError } from '../app-error.ts';
import type { MachineUuid } from '../domain/ids.ts';
import type { BucketFacts } from '../domain/bucket-facts.ts';

/**
 * This machine's standing: `clear` = nothing is sealed, `member` = it has the keys, `outside` = the store is sealed and it has none;
 * `unknown` = that could not be determined.
 */
export type SealingStanding = 'clear' | 'member' | 'outside' | 'unknown';

/** A holder of the newest key. */
export interface KeyHolder {
  /** A machine's UUID, or `recovery`. */
  readonly id: string;
  /** Public half of its key: distinguishes holders with the same name. */
  readonly recipient: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** A remote of a workspace. */
export interface GitRemote {
  /** Root of the work tree, absolute. */
  readonly workspace: string;
  readonly name: string;
  /** Without credentials. */
  readonly url: string;
  /** Logs go there including their secrets (`git.withSecrets`), or this is the vault. */
  readonly takesSecrets: boolean;
}

/** What this machine pushes to the store, in what form, and who can read it there. */
export interface SealingAudit {
  readonly store: { readonly url: string; readonly tenant: string; readonly sameDisk: boolean };
  /** What the next push uploads; at most 200 paths are listed. */
  readonly leaving: { readonly logs: number; readonly bytes: number; readonly paths: readonly string[] };
  /** Logs that are never pushed, and logs whose secret values stay here while labels are pushed. */
  readonly staying: number;
  readonly withheld: number;
  /** Keys of other machines of this person that can read those values; `name` of the member who has it. */
  readonly sharedWith: readonly { readonly key: string; readonly name: string | null }[];
  /** Where git pushes the workspaces' logs. */
  readonly remotes: readonly GitRemote[];
  readonly standing: SealingStanding;
  /** The epoch used for sealing; null if this machine has none. */
  readonly epoch: number | null;
  /** This machine's objects in the store: with the newest key, and in the clear or with an older one. */
  readonly sealed: number;
  readonly notSealed: number;
  /** A person has decided that this machine stores in the clear, although the team has keys. */
  readonly storesPlain: boolean;
  /** The store has digests in place of this machine's paths. */
  readonly hidesNames: boolean;
  /** Names of other machines with objects in the clear. */
  readonly inTheClear: readonly string[];
  readonly members: readonly KeyHolder[];
  /** The account the store sees for this machine; null if it does not report one. */
  readonly account: string | null;
  readonly bucket: BucketFacts | null;
  /** Whether this machine has access to another tenant's folder: it must not. */
  readonly otherTenant: { readonly tenant: string; readonly answer: 'refused' | 'open' | 'unknown' };
  /** When a restore drill last succeeded, epoch milliseconds; null if never. */
  readonly provedAt: number | null;
  /** Why a part is unknown. */
  readonly problems: readonly AppError[];
}

/** A machine that asks to join. */
export interface AdmissionRequest {
  readonly machine: MachineUuid;
  /** Self-reported: only the words prove who it is. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Eight words that two people compare. */
  readonly words: readonly string[];
  /** A member has the same name and another key. */
  readonly nameIsTaken: boolean;
}

/** Returns the join request in something that needs a person; null for anything else. */
export function requestIn({ details }: Pick<AppError, 'details'>): AdmissionRequest | null {
  const request = details?.['request'] as AdmissionRequest | undefined;
  return request !== undefined && Array.isArray(request.words) ? request : null;
}

/** Members, and machines that ask to join. */
export interface SealingTeam {
  readonly epoch: number;
  /** The fingerprint of the team's key: the same on every member machine. */
  readonly words: readonly string[];
  readonly members: readonly KeyHolder[];
  readonly requests: readonly AdmissionRequest[];
}

/** The result of asking to join. */
export interface SealingJoin {
  /** Of this machine's key: a colleague compares them. */
  readonly words: readonly string[];
  /** True when it already was a member. */
  readonly isMember: boolean;
}

/** A recovery key created here and not yet confirmed as stored; null when there is none. */
export interface RecoveryKey {
  readonly key: string | null;
}

/** What a colleague needs to join the same store. Contains no secret. */
export interface ColleagueInvitation {
  readonly store: string;
  readonly tenant: string;
  /** Of a non-Google server; empty for Google's. */
  readonly endpoint: string;
  /** For the app's welcome. */
  readonly link: string;
  /** What the colleague runs in a terminal instead. */
  readonly lines: readonly string[];
}
