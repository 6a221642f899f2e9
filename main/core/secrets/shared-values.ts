import * as v from 'valibot';
import { appError, type AppError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import { MIB, readState, stateObject, writeState } from '../files/state-file.ts';
import { isRecipient } from '../machine/key-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { MachineKeys } from '../ports/machine-keys.ts';
import { keptLog, type KeptLog, type KeptValues } from './kept-values.ts';

/** What a machine keeps behind its labels, as another machine of the same person gets it. */
export interface SharedLogs {
  /** Name of the machine, as its labels say it. */
  readonly host: string;
  readonly logs: readonly KeptLog[];
}

/**
 * Values that go to a person's other machines. Which machines those are only the person says, by their public keys: what a machine calls itself,
 * and who let it into the store, says nothing about whose it is.
 */
export interface SharedValues {
  /** Public keys (`age1…`) that this machine's values are sealed to; its own is not among them. */
  keys(): Promise<Result<readonly string[], AppError>>;
  /** @returns `invalid-input` for what is no key of another machine */
  add(key: string): Promise<Result<void, AppError>>;
  /** @returns `not-found` for a key that they do not go to */
  remove(key: string): Promise<Result<void, AppError>>;
  /** Tells whether the values or their readers are others than before, by one look at the disk; null while they have never gone anywhere. */
  mark(): Promise<Result<string | null, AppError>>;
  /** What the store is to hold. */
  sealed(): Promise<Result<Uint8Array, AppError>>;
  /** @returns null for what was not sealed to this machine, and for what no machine of ours wrote */
  open(sealed: Uint8Array): Promise<SharedLogs | null>;
  /** Where what came from another machine stays for times without the store; sealed as it came. */
  copyOf(machine: MachineUuid): Promise<string>;
}

const FORMAT = {
  schema: stateObject({ keys: v.array(v.pipe(v.string(), v.check(isRecipient))) }),
  maxBytes: MIB,
};
/** How old the last change has to be, milliseconds. */
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
  const keys = async (): Promise<Result<readonly string[], AppError>> =>
    mapOk(await known(), (state) => state?.keys ?? []);
  const change = async (
    to: (now: readonly string[]) => Result<readonly string[], AppError>,
  ): Promise<Result<void, AppError>> => {
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
      // Each change of a value is a file that takes another's place here.
      const facts = await files.stat(folder);
      if (!facts.ok) return facts;
      const at = facts.value?.mtimeMs ?? 0;
      // A change in the same tick of the clock would not be seen.
      return ok(deps.clock.now() - at < SETTLED_MS ? '' : `${at} ${state.value.keys.join(' ')}`);
    },
    async sealed() {
      const to = await keys();
      if (!to.ok) return to;
      const all = to.value.length === 0 ? ok([]) : await kept.all();
      if (!all.ok) return all;
      // Files elsewhere are of this disk alone.
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

/** As `age -a` writes it, and `age -d` reads it: nobody takes it for an object that is sealed with the key of the team. */
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
