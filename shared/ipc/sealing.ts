import type { AppError } from '../app-error.ts';
import type { MachineUuid } from '../domain/ids.ts';

/**
 * Where this machine stands: `clear` = nothing is sealed, `member` = it has the keys, `outside` = the store is sealed and it has none;
 * `unknown` = that could not be found out.
 */
export type SealingStanding = 'clear' | 'member' | 'outside' | 'unknown';

/** Somebody who has the newest key. */
export interface KeyHolder {
  /** A machine's UUID, or `recovery`. */
  readonly id: string;
  /** Public half of its key: tells two of one name apart. */
  readonly recipient: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** How a bucket is set up. */
interface BucketSetup {
  readonly location: string;
  readonly versioning: boolean;
  /** Seconds. */
  readonly softDeleteS: number;
  /** Seconds. */
  readonly retentionS: number;
  readonly publicAccessPrevented: boolean;
  readonly uniformAccess: boolean;
}

/** A remote of a workspace. */
export interface GitRemote {
  /** Top of the work tree, absolute. */
  readonly workspace: string;
  readonly name: string;
  /** Without credentials. */
  readonly url: string;
  /** Logs go there with the secrets in them (`git.withSecrets`), or this is the vault. */
  readonly takesSecrets: boolean;
}

/** What leaves this machine for the store, how, and who can read it there. */
export interface SealingAudit {
  readonly store: { readonly url: string; readonly tenant: string; readonly sameDisk: boolean };
  /** What the next push takes there; at most 200 paths are named. */
  readonly leaving: { readonly logs: number; readonly bytes: number; readonly paths: readonly string[] };
  /** Logs that are never pushed, and logs of which values are kept here while labels leave. */
  readonly staying: number;
  readonly withheld: number;
  /** Where git takes the logs of the workspaces. */
  readonly remotes: readonly GitRemote[];
  readonly standing: SealingStanding;
  /** The epoch that is sealed with; null where this machine has none. */
  readonly epoch: number | null;
  /** Objects of this machine in the store, with the newest key, and in the clear or with an older one. */
  readonly sealed: number;
  readonly notSealed: number;
  /** A person has said that this machine stores in the clear, although the team has keys. */
  readonly storesPlain: boolean;
  /** Names of other machines of which something lies there in the clear. */
  readonly inTheClear: readonly string[];
  readonly members: readonly KeyHolder[];
  /** Who the store takes this machine for; null where it does not say. */
  readonly account: string | null;
  readonly bucket: BucketSetup | null;
  /** Whether this machine's rights open the folder of another tenant: they must not. */
  readonly otherTenant: { readonly tenant: string; readonly answer: 'refused' | 'open' | 'unknown' };
  /** When logs were last taken back as a proof, epoch milliseconds; null when never. */
  readonly provedAt: number | null;
  /** Why a part is not known. */
  readonly problems: readonly AppError[];
}

/** A machine that asks to be let in. */
export interface AdmissionRequest {
  readonly machine: MachineUuid;
  /** As it calls itself: only the words say who it is. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Eight words that two people compare. */
  readonly words: readonly string[];
  /** A member is called the same and has another key. */
  readonly nameIsTaken: boolean;
}

/** What of something that needs a person is a request to join; null for anything else. */
export function requestIn({ details }: Pick<AppError, 'details'>): AdmissionRequest | null {
  const request = details?.['request'] as AdmissionRequest | undefined;
  return request !== undefined && Array.isArray(request.words) ? request : null;
}

/** Who is in, and who asks to be. */
export interface SealingTeam {
  readonly epoch: number;
  /** The fingerprint of the team's key: the same on every machine that is in. */
  readonly words: readonly string[];
  readonly members: readonly KeyHolder[];
  readonly requests: readonly AdmissionRequest[];
}

/** What came of asking to join. */
export interface SealingJoin {
  /** Of this machine's key: a colleague compares them. */
  readonly words: readonly string[];
  /** There was nothing to ask for. */
  readonly isMember: boolean;
}

/** A recovery key that was made here and that nobody has said to have kept; null when there is none. */
export interface RecoveryKey {
  readonly key: string | null;
}

/** What a colleague needs to come into the same store. Holds no secret. */
export interface ColleagueInvitation {
  readonly store: string;
  readonly tenant: string;
  /** Of a server that is not Google's; empty for Google's. */
  readonly endpoint: string;
  /** For the welcome of the app. */
  readonly link: string;
  /** What the colleague runs in a terminal instead. */
  readonly lines: readonly string[];
}
