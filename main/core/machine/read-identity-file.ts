import type { Answer } from '../../../shared/app-error.ts';
import { parseMachineUuid, type MachineUuid } from '../../../shared/domain/ids.ts';
import {
  MAX_IDENTITY_BYTES,
  parseMachineIdentity,
  uuidOfHash,
  type MachineIdentity,
} from '../../../shared/domain/machine-identity.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';

/** machine-id.json as it was found. */
export type FoundIdentity =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present'; readonly identity: MachineIdentity }
  | {
      readonly kind: 'damaged';
      readonly bytes: Uint8Array;
      readonly problem: string;
      readonly legible: Legible;
    };

/** What a damaged file still has. */
export interface Legible {
  readonly uuid?: MachineUuid;
  readonly hash?: string;
  readonly nonce?: string;
  readonly salt?: string;
  readonly created?: string;
  /** Whether UUID and hash are both readable and match each other. */
  readonly certain: boolean;
}

/** Reads machine-id.json without changing anything; damage is a result, not a failure. */
export async function readIdentityFile(files: Files, path: string): Answer<FoundIdentity> {
  const read = await files.readHead(path, MAX_IDENTITY_BYTES + 1);
  if (!read.ok) return read;
  const bytes = read.value;
  if (bytes === null) return ok({ kind: 'absent' });
  const parsed = parseBytes(bytes);
  if (parsed.ok) return ok({ kind: 'present', identity: parsed.value });
  return ok({ kind: 'damaged', bytes, problem: parsed.error, legible: whatIsLegible(bytes) });
}

function parseBytes(bytes: Uint8Array): Result<MachineIdentity, string> {
  if (bytes.length > MAX_IDENTITY_BYTES) return { ok: false, error: 'it is far too large' };
  if (bytes.length === 0) return { ok: false, error: 'it is empty' };
  try {
    return parseMachineIdentity(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return { ok: false, error: 'it is not JSON' };
  }
}

function whatIsLegible(bytes: Uint8Array): Legible {
  const text = new TextDecoder().decode(bytes);
  const value = (key: string, form: string): string | undefined =>
    new RegExp(`"${key}"\\s*:\\s*"(${form})"`).exec(text)?.[1];
  const uuid = parseMachineUuid(value('machine_uuid', '[0-9a-fA-F-]{36}'));
  const hash = value('hardware_hash', 'sha256:[0-9a-f]{64}');
  const nonce = value('install_nonce', '[0-9a-f]{32}');
  const salt = value('salt', '[0-9a-f]{16}');
  const created = value('created', '[0-9TZ:.+-]{10,40}');
  return {
    ...(uuid.ok ? { uuid: uuid.value } : {}),
    ...(hash === undefined ? {} : { hash }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(salt === undefined ? {} : { salt }),
    ...(created === undefined ? {} : { created }),
    certain: uuid.ok && hash !== undefined && uuidOfHash(hash) === uuid.value,
  };
}
