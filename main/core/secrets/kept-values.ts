import * as v from 'valibot';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { shortHash } from '../../../shared/domain/short-hash.ts';
import { parseJson } from '../../../shared/json.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Files } from '../ports/files.ts';
import type { MachineKeys } from '../ports/machine-keys.ts';

/** One withheld value. */
export interface KeptValue {
  readonly kind: string;
  /** Offset of its label in the pushed bytes. */
  readonly at: number;
  /** The original value, one character per byte (ISO 8859-1): logs may contain bytes that are no text. */
  readonly value: string;
}

/** One log's values, in the order of its labels. */
export interface KeptLog {
  /** Relative to `session-logs/`. */
  readonly path: string;
  readonly values: readonly KeptValue[];
}

/** The store of withheld secrets' values: on this disk, sealed to this machine, one file per log. */
export interface KeptValues {
  keep(log: KeptLog): Answer<void>;
  /** @returns null when nothing of that log is kept */
  of(path: string): Answer<KeptLog | null>;
  /** All logs with kept values; skips what cannot be opened. */
  all(): Answer<readonly KeptLog[]>;
  /** Deletes a log's values. */
  drop(path: string): Answer<void>;
}

/** One log's values, as stored and as shared. */
export const keptLog = v.object({
  path: v.string(),
  values: v.array(v.object({ kind: v.string(), at: v.number(), value: v.string() })),
});

const KEPT = v.object({ schema: v.literal(1), ...keptLog.entries });

/** @param deps `folder`: absolute; `keys`: this machine's, so that a copied folder is useless */
export function createKeptValues(deps: {
  readonly files: Files;
  readonly bytes: Bytes;
  readonly keys: MachineKeys;
  readonly folder: string;
}): KeptValues {
  const { files, keys, folder } = deps;
  const fileOf = (path: string): string => `${folder}/${shortHash(path)}.age`;
  const open = async (file: string): Answer<KeptLog | null> => {
    const sealed = await files.read(file);
    if (!sealed.ok || sealed.value === null) return sealed as Result<null, AppError>;
    const plain = await keys.open(sealed.value);
    if (!plain.ok) return plain;
    const parsed = v.safeParse(KEPT, parseJson(new TextDecoder().decode(plain.value)));
    return ok(parsed.success ? parsed.output : null);
  };
  return {
    keep: async ({ path, values }) => {
      const plain = new TextEncoder().encode(JSON.stringify({ schema: 1, path, values }));
      const sealed = await keys.seal(plain);
      return sealed.ok ? files.replace(fileOf(path), sealed.value) : sealed;
    },
    of: async (path) => {
      const kept = await open(fileOf(path));
      // Names may share a short digest; the file says whose it is.
      return kept.ok && kept.value?.path !== path ? ok(null) : kept;
    },
    all: async () => {
      const names = await files.names(folder);
      if (!names.ok) return names;
      const logs: KeptLog[] = [];
      for (const name of names.value.filter((one) => one.endsWith('.age')).sort()) {
        const kept = await open(`${folder}/${name}`);
        if (kept.ok && kept.value !== null) logs.push(kept.value);
      }
      return ok(logs);
    },
    drop: (path) => files.remove(fileOf(path)),
  };
}
