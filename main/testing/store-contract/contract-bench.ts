import { expect } from 'vitest';
import type { AppError, ErrorCode } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { ByteSource } from '../../core/ports/byte-source.ts';
import type { ObjectInfo, ObjectStore, PutOptions } from '../../core/ports/object-store.ts';
import { crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { byteSourceOf } from '../byte-source-of.ts';

/** What an adapter brings to the contract. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** The same objects through a second, independent handle: another machine. */
  readonly other: ObjectStore;
  /** Changes one byte of a stored object behind the store's back; null where a test cannot reach it (a real bucket). */
  readonly damage: ((name: string) => Promise<void>) | null;
  /** True when the way to the store loses replies, so that "somebody replaced it" may include one's own write before that. */
  readonly losesReplies?: boolean;
  /** True for a store that seals: what it states of size and checksum is of the sealed bytes, it adds to what was written beside an object, and
   * no object passes for another by its name. */
  readonly seals?: boolean;
  dispose(): Promise<void>;
}

/** The store of one run of the contract, and the few verbs that its tests share. */
export interface ContractBench {
  open(subject: StoreUnderTest): void;
  close(): Promise<void>;
  readonly store: ObjectStore;
  readonly other: ObjectStore;
  readonly damage: StoreUnderTest['damage'];
  readonly losesReplies: boolean;
  readonly seals: boolean;
  /** Size and checksum as the store has to state them of a body. */
  stated(body: string | Uint8Array | ByteSource): Partial<Pick<ObjectInfo, 'size' | 'crc32c'>>;
  /** What was written beside an object, without what sealing adds. */
  said(info: ObjectInfo): Readonly<Record<string, string>>;
  /** A name prefix that no other test uses. */
  fresh(label: string): string;
  /** Writes and expects success. */
  put(
    name: string,
    body: string | Uint8Array | ByteSource,
    options?: Partial<PutOptions>,
  ): Promise<ObjectInfo>;
  /** The whole object as text; fails the test when there is none. */
  text(name: string): Promise<string>;
}

/** Makes the bench; `open` gives it its store. */
export function createBench(): ContractBench {
  let subject: StoreUnderTest | null = null;
  let prefixes = 0;
  const present = (): StoreUnderTest => {
    if (subject === null) throw new Error('the contract has no store yet');
    return subject;
  };
  return {
    open: (made) => {
      subject = made;
    },
    close: async () => {
      await subject?.dispose();
      subject = null;
    },
    get store() {
      return present().store;
    },
    get other() {
      return present().other;
    },
    get damage() {
      return present().damage;
    },
    get losesReplies() {
      return present().losesReplies ?? false;
    },
    get seals() {
      return present().seals ?? false;
    },
    stated: (body) => {
      const { size, crc32c } = bodyOf(body);
      return present().seals === true ? {} : { size, crc32c: crc32cToBase64(crc32c) };
    },
    said: ({ metadata }) => {
      if (present().seals !== true) return metadata;
      const { codec: _, epoch: _epoch, 'stored-size': _size, 'stored-crc32c': _crc, ...said } = metadata;
      return said;
    },
    fresh: (label) => `tenant-contract/${label}-${++prefixes}/`,
    put: async (name, body, options = {}) =>
      okOf(
        await present().store.put(name, bodyOf(body), {
          ifGenerationMatch: '0',
          contentType: 'text/markdown; charset=utf-8',
          ...options,
        }),
      ),
    text: async (name) => {
      const got = okOf(await present().store.get(name));
      if (got === null) throw new Error(`${name} is not there`);
      return new TextDecoder().decode(got.bytes);
    },
  };
}

/** A text, bytes or source as a source. */
export function bodyOf(body: string | Uint8Array | ByteSource): ByteSource {
  return typeof body === 'string' || body instanceof Uint8Array ? byteSourceOf(body) : body;
}

/** The value of a call that must have succeeded; the failure is the test's message. */
export function okOf<T>(result: Result<T, AppError>): T {
  if (!result.ok) throw new Error(`expected success, got ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The error of a call that must have failed with this code, and that a person can act on. */
export function failureOf(result: Result<unknown, AppError>, code: ErrorCode): AppError {
  if (result.ok) throw new Error(`expected ${code}, got success: ${JSON.stringify(result.value)}`);
  expect(result.error, JSON.stringify(result.error)).toMatchObject({ code });
  expect(result.error.message.length).toBeGreaterThan(10);
  expect(result.error.remedy.length).toBeGreaterThan(10);
  return result.error;
}

/** Runs tasks with bounded parallelism, in order of the list. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) await task(items[next++] as T);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Facts that came with bytes are the object's own; only the time may be cut to the second there. */
export function expectSameFacts(came: ObjectInfo | undefined, written: ObjectInfo): void {
  expect(came).toEqual({ ...written, updated: came?.updated });
  expect([written.updated, Math.floor(written.updated / 1000) * 1000]).toContain(came?.updated);
}
