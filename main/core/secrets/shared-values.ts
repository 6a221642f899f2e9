import * as v from 'valibot';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import { MIB, readState, stateObject, writeState } from '../files/state-file.ts';
import { isRecipient } from '../machine/key-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { MachineKeys } from '../ports/machine-keys.ts';
import { keptLog, type KeptLog, type KeptValues } from './kept-values.ts';

/** A machine's values as another machine of the same person gets them. */
export interface SharedLogs {
  /** Name of the machine, as in its labels. */
  readonly host: string;
  readonly logs: readonly KeptLog[];
}

/**
 * Values shared with a person's other machines. Only the person names those, by their public keys: what a machine calls itself, and who
 * admitted it to the store, does not prove whose it is.
 */
export interface SharedValues {
  /** Public keys (`age1…`) this machine's values are sealed to, without its own. */
  keys(): Answer<readonly string[]>;
  /** @returns `invalid-input` unless it is a key of another machine */
  add(key: string): Answer<void>;
  /** @returns `not-found` for an unknown key */
  remove(key: string): Answer<void>;
  /** A stamp of the values and their readers, from one stat call; null while they were never shared. */
  mark(): Answer<string | null>;
  /** The content for the store. */
  sealed(): Answer<Uint8Array>;
  /** @returns null if it was not sealed to this machine or not written by one of ours */
  open(sealed: Uint8Array): Promise<SharedLogs | null>;
  /** Path of the offline copy of another machine's values; sealed as received. */
  copyOf(machine: MachineUuid): Promise<string>;
}

const FORMAT = {
  schema: stateObject({ keys: v.array(v.pipe(v.string(), v.check(isRecipient))) }),
  maxBytes: MIB,
};
/** Minimum age of the last change, milliseconds. */
const SETTLED_MS = 2_000;
const sharedLogs = v.object({ schema: v.literal(1), host: v.string(), logs: v.array(keptLog) });

/** @param deps `folder`: absolute; `host`: name of this machine, for labels */
export function createSharedValues(deps: {
  readonly files: Files;
  readonly clock: Pick<Clock, 'now'>;
  readonly machineKeys: MachineKeys;
  readonly kept: KeptValues;
  readonly folder: string;
  readonly host: string;
}): SharedValues {
  const { files, machineKeys, kept, folder, host } = deps;
  const path = `${folder}/own-machines.json`;
  const known = () => readState(files, path, FORMAT);
  const keys = async (): Answer<readonly string[]> => mapOk(await known(), (state) => state?.keys ?? []);
  const change = async (
    to: (now: readonly string[]) => Result<readonly string[], AppError>,
  ): Answer<void> => {
    const now = await keys();
    const next = now.ok ? to(now.value) : now;
    return next.ok ? await writeState(files, path, { schema: 1, keys: next.value }) : next;
  };
  return {
    keys,
    async add(key) {
      const own = await machineKeys.recipient();
      if (!own.ok) return own;
      if (!isRecipient(key) || key === own.value) return err(noKey());
      return await change((now) => ok([...new Set([...now, key])]));
    },
    remove: (key) =>
      change((now) => (now.includes(key) ? ok(now.filter((one) => one !== key)) : err(notShared()))),
    async mark() {
      const state = await known();
      if (!state.ok || state.value === null) return state as Result<null, AppError>;
      // Each changed value replaces a file here.
      const facts = await files.stat(folder);
      if (!facts.ok) return facts;
      const at = facts.value?.mtimeMs ?? 0;
      // A change in the same clock tick would be missed.
      return ok(deps.clock.now() - at < SETTLED_MS ? '' : `${at} ${state.value.keys.join(' ')}`);
    },
    async sealed() {
      const to = await keys();
      if (!to.ok) return to;
      const all = to.value.length === 0 ? ok([]) : await kept.all();
      if (!all.ok) return all;
      // Files elsewhere belong to this disk.
      const logs = all.value.filter((log) => !log.path.startsWith('/'));
      const plain = new TextEncoder().encode(JSON.stringify({ schema: 1, host, logs }));
      return mapOk(await machineKeys.seal(plain, to.value), armored);
    },
    async open(sealed) {
      const plain = await machineKeys.open(unarmored(sealed) ?? sealed);
      if (!plain.ok) return null;
      try {
        const parsed = v.safeParse(sharedLogs, JSON.parse(new TextDecoder().decode(plain.value)));
        return parsed.success ? parsed.output : null;
      } catch {
        return null;
      }
    },
    copyOf: async (machine) => `${folder}/from/${machine}.age`,
  };
}

const [BEGIN, END] = ['-----BEGIN AGE ENCRYPTED FILE-----', '-----END AGE ENCRYPTED FILE-----'];

/** In the form of `age -a`, which `age -d` reads: nobody takes it for an object sealed with the team's key. */
function armored(bytes: Uint8Array): Uint8Array {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return new TextEncoder().encode([BEGIN, ...(text.match(/.{1,64}/g) ?? []), END, ''].join('\n'));
}

/** Undoes {@link armored}; null for anything else. */
function unarmored(bytes: Uint8Array): Uint8Array | null {
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
  if (lines[0] !== BEGIN || lines.at(-1) !== END) return null;
  try {
    return Uint8Array.from(atob(lines.slice(1, -1).join('')), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function noKey(): AppError {
  return appError(
    'invalid-input',
    'That is not the key of another machine.',
    'Run `session-log secrets share` on your other machine: it shows its key, which begins with age1.',
  );
}

function notShared(): AppError {
  return appError(
    'not-found',
    'Values do not go to that key.',
    '`session-log secrets share` lists the keys that they go to.',
  );
}
