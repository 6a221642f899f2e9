/** How long, how often and how much; injected, so that tests of every deadline take milliseconds. */
export interface GcsLimits {
  /** Deadline of a call with all its retries, milliseconds. */
  readonly callMs: number;
  /** Added to it for each MiB of a body: 1 MiB in 4 s is the slowest line that is waited for. */
  readonly perMiBMs: number;
  /** Nothing moved for so long: the attempt is given up. */
  readonly stallMs: number;
  /** Wait before the n-th retry: uniform in [0, min(cap, base x 2^n)]. */
  readonly backoffMs: number;
  readonly backoffCapMs: number;
  /** Retries of a host that cannot be reached at all: then waiting longer rarely helps, and people wait for the answer. */
  readonly unreachableRetries: number;
  /** How often damaged bytes are asked for, or sent, again. */
  readonly damageRetries: number;
  /** Connections at a time. */
  readonly sockets: number;
  /** Bodies of at least so many bytes go up in a resumable session. */
  readonly resumableFrom: number;
  /** Bytes of one request of such a session; a multiple of 256 KiB, as the service asks. */
  readonly chunk: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const GCS_LIMITS: GcsLimits = {
  callMs: 120_000,
  perMiBMs: 4_000,
  stallMs: 20_000,
  backoffMs: 1_000,
  backoffCapMs: 64_000,
  unreachableRetries: 2,
  damageRetries: 2,
  sockets: 16,
  resumableFrom: 5 * MIB,
  chunk: 4 * MIB,
};
