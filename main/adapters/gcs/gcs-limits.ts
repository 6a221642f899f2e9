/** Time, retry and size limits; injected, so that tests of every deadline take milliseconds. */
export interface GcsLimits {
  /** Deadline of a call including all retries, milliseconds. */
  readonly callMs: number;
  /** Added per MiB of a body: 1 MiB in 4 s is the slowest supported line. */
  readonly perMiBMs: number;
  /** An attempt without progress for this long is abandoned. */
  readonly stallMs: number;
  /** Wait before the n-th retry: uniform in [0, min(cap, base x 2^n)]. */
  readonly backoffMs: number;
  readonly backoffCapMs: number;
  /** Retries of an unreachable host: waiting longer rarely helps, and people wait for the answer. */
  readonly unreachableRetries: number;
  /** How often corrupted bytes are requested or sent again. */
  readonly damageRetries: number;
  /** Maximum concurrent connections. */
  readonly sockets: number;
  /** Bodies of at least this many bytes use a resumable upload session. */
  readonly resumableFrom: number;
  /** Bytes per request of such a session; a multiple of 256 KiB, as the service requires. */
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
