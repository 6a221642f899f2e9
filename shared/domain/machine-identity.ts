import * as v from 'valibot';
import { err, ok, type Result } from '../result.ts';
import { parseMachineUuid, type MachineUuid } from './ids.ts';

/** A former UUID of this machine, kept to recognize its older partition as its own. */
export interface PreviousIdentity {
  readonly machine_uuid: MachineUuid;
  /** ISO 8601: when it was replaced. */
  readonly until: string;
  /** In words, for people. */
  readonly reason: string;
}

/**
 * machine-id.json. The first seven keys are ADR-058's, also written by its script; the rest are ours and missing from such a
 * file until it is completed. Unknown keys are preserved.
 */
export interface MachineIdentity {
  readonly machine_uuid: MachineUuid;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly hardware_hash: string;
  readonly hostname: string;
  /** As Python's `platform.system()`: `Darwin`, `Linux`, `Windows`. */
  readonly platform: string;
  readonly platform_version: string;
  readonly model: string;
  /** ISO 8601. */
  readonly created: string;
  /** 0 in a file that ADR-058's script wrote. */
  readonly schema: number;
  /** Hardware part to the first 16 hexadecimal digits of its SHA-256. */
  readonly components: Readonly<Record<string, string>>;
  /** Random, 32 hexadecimal digits; empty in a file not yet completed. Distinguishes two installs with one UUID. */
  readonly install_nonce: string;
  /** Part of the composite of a machine whose hardware could not be told apart from another's; absent otherwise. */
  readonly salt?: string;
  /** Nonces of installs that this one replaces, as confirmed by a person. Their claim on the partition may be taken over. */
  readonly succeeds: readonly string[];
  /** `age1…`: only this machine opens what is sealed to it. Absent until its key is created. */
  readonly key_recipient?: string;
  readonly previous: readonly PreviousIdentity[];
  readonly [unknown: string]: unknown;
}

/** The schema this version writes. */
export const IDENTITY_SCHEMA = 1;
/** Far above any real one: a larger file is not ours, and is not read. */
export const MAX_IDENTITY_BYTES = 64 * 1024;

const uuid = v.pipe(
  v.string('is no text'),
  v.transform((text) => text.toLowerCase()),
  v.custom<MachineUuid>((text) => parseMachineUuid(text).ok, 'is no machine UUID'),
);
const word = v.pipe(v.string('is no text'), v.maxLength(1024, 'is too long'));

const identitySchema = v.looseObject({
  machine_uuid: uuid,
  hardware_hash: v.pipe(v.string('is no text'), v.regex(/^sha256:[0-9a-f]{64}$/, 'is no SHA-256')),
  hostname: v.optional(word, ''),
  platform: v.optional(word, ''),
  platform_version: v.optional(word, ''),
  model: v.optional(word, ''),
  created: v.optional(word, ''),
  schema: v.optional(v.pipe(v.number('is no number'), v.integer('is no whole number'), v.minValue(0)), 0),
  components: v.optional(
    v.record(
      v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,64}$/, 'has an odd name')),
      v.pipe(v.string('is no text'), v.regex(/^[0-9a-f]{16}$/, 'is no hash')),
    ),
    {},
  ),
  install_nonce: v.optional(
    v.pipe(v.string('is no text'), v.regex(/^(?:[0-9a-f]{32})?$/, 'is no nonce')),
    '',
  ),
  salt: v.optional(v.pipe(v.string('is no text'), v.regex(/^[0-9a-f]{16}$/, 'is no salt'))),
  succeeds: v.optional(v.array(v.pipe(v.string('is no text'), v.maxLength(64))), []),
  key_recipient: v.optional(v.fallback(v.pipe(v.string(), v.maxLength(128)), '')),
  previous: v.optional(v.array(v.object({ machine_uuid: uuid, until: word, reason: word })), []),
});

/**
 * Parses machine-id.json, whoever wrote it.
 * @param raw the parsed JSON
 * @returns the identity, or in words what is wrong with it
 */
export function parseMachineIdentity(raw: unknown): Result<MachineIdentity, string> {
  const parsed = v.safeParse(identitySchema, raw);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return err(`${v.getDotPath(issue) ?? 'it'} ${issue.message}`);
  }
  // valibot omits an absent optional key, as the interface declares.
  const identity = parsed.output as MachineIdentity;
  // We never write a file without them: the keys were damaged, and treating them as absent would turn this into another install.
  if (identity.schema >= 1 && (identity.install_nonce === '' || !Object.hasOwn(raw as object, 'components')))
    return err('install_nonce or components are missing');
  return isConsistent(identity) ? ok(identity) : err('machine_uuid and hardware_hash do not belong together');
}

/** Formats machine-id.json: the known keys in the ADR's order, then ours, then unknown ones. */
export function formatMachineIdentity(identity: MachineIdentity): Uint8Array {
  const { machine_uuid, hardware_hash, hostname, platform, platform_version, model, created, ...rest } =
    identity;
  const ordered = {
    machine_uuid,
    hardware_hash,
    hostname,
    platform,
    platform_version,
    model,
    created,
    ...rest,
  };
  return new TextEncoder().encode(`${JSON.stringify(ordered, undefined, 2)}\n`);
}

/** The UUID derived from a hardware hash: its first 32 hexadecimal digits. */
export function uuidOfHash(hash: string): MachineUuid {
  const hex = hash.replace(/^sha256:/, '');
  const cut = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return cut.join('-') as MachineUuid;
}

/** A damaged digit must not yield another machine: the hash confirms the UUID, or the one it replaced. */
function isConsistent(identity: MachineIdentity): boolean {
  const own = uuidOfHash(identity.hardware_hash);
  return own === identity.machine_uuid || identity.previous.some(({ machine_uuid }) => machine_uuid === own);
}
