import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import { crc32cFromBase64 } from '../../../shared/domain/checksum.ts';
import {
  callCancelled,
  callTimedOut,
  generationGone,
  nameRefused,
  putProblem,
} from '../../../shared/domain/store-errors.ts';
import { err, ok } from '../../../shared/result.ts';
import { withinDeadline } from '../../../shared/within-deadline.ts';
import type { Clock, Random } from '../../core/ports/clock.ts';
import type { CallOptions, ObjectStore } from '../../core/ports/object-store.ts';
import { nearFolderCalls, nodeFolderCalls, type FolderCalls } from './folder-calls.ts';
import { commitWrite } from './folder-commit.ts';
import { closeQuietly, type FolderContext } from './folder-context.ts';
import { folderError } from './folder-errors.ts';
import { listFolder } from './folder-list.ts';
import { folderNameProblem } from './folder-names.ts';
import { createListThread, type ListThread } from './list-thread.ts';
import { downloadOf, findLive, openLive, readChunks, readWhole } from './folder-read.ts';
import { infoOf } from './folder-record.ts';
import { createFolderRoot, provesWritable, type FolderRoot } from './folder-root.ts';

export interface FolderStoreOptions {
  /** Absolute path of the folder. */
  readonly root: string;
  /**
   * Create the folder and its marker when missing. Only for the embedded store and for the command that connects a new folder:
   * everywhere else a missing marker means that the share is not mounted.
   */
  readonly create: boolean;
  /** True for the embedded store, which is this user's alone; any other folder's permissions follow its root. */
  readonly isPrivate?: boolean;
  /** True when the folder is on the disk that holds the logs. */
  readonly sameDisk: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits?: Partial<FolderStoreLimits>;
  /** The file system; a test may replace it. */
  readonly calls?: FolderCalls;
  readonly platform?: NodeJS.Platform;
}

export interface FolderStoreLimits {
  /** Deadline of a call without a body, and base deadline of one with a body; milliseconds. A dead network mount blocks forever. */
  readonly callMs: number;
  /** Added to the deadline per MiB of a body, milliseconds. */
  readonly perMiBMs: number;
}

const LIMITS: FolderStoreLimits = { callMs: 60_000, perMiBMs: 2_000 };
const LARGEST_PAGE = 1000;
const MIB = 1024 * 1024;
/** Assumed for the deadline of calls whose size is not known in advance. */
const IN_MEMORY = 64 * MIB;

/**
 * A store in a folder: a NAS share, a folder that another program synchronizes, or the embedded default. Other tools read the
 * visible tree, which is exactly the object names; our own records are in `.session-log-store/`. Layout and proofs: docs/stores.md.
 */
export function createFolderObjectStore(options: FolderStoreOptions): ObjectStore {
  if (!isAbsolute(options.root)) throw new Error('the root of a folder store is an absolute path');
  const root = resolve(options.root);
  const { clock } = options;
  const isNear = options.sameDisk && options.calls === undefined;
  const context: FolderContext = {
    root,
    url: pathToFileURL(root).href,
    clock,
    random: options.random,
    calls: options.calls ?? (isNear ? nearFolderCalls() : nodeFolderCalls),
    platform: options.platform ?? process.platform,
    safeFolders: new Set(),
    syncs: new Map(),
    isPrivate: options.isPrivate ?? false,
    listing: { resume: null },
    rootMode: null,
  };
  const limits = { ...LIMITS, ...options.limits };

  const call = createCall(context, createFolderRoot(context, options.create), limits);
  return {
    url: context.url,
    sameDisk: options.sameDisk,
    statesRecords: true,
    ...reads(context, call, isNear ? createListThread(context) : null),
    ...writes(context, call),
    probe: (probe = {}) =>
      call('probe', probe, 0, async () => {
        const start = clock.monotonic();
        const writable = await provesWritable(context);
        if (!writable.ok) return writable;
        const latencyMs = clock.monotonic() - start;
        return ok({ url: context.url, writable: writable.value, account: null, latencyMs });
      }),
    close: async () => {},
  };
}

/** Runs one call of the port: within its deadline, on an available store, with system errors as values. */
type Call = <T>(
  operation: string,
  options: CallOptions,
  bytes: number,
  work: (signal: AbortSignal) => Answer<T>,
) => Answer<T>;

function createCall(context: FolderContext, folder: FolderRoot, limits: FolderStoreLimits): Call {
  const { clock, root, url } = context;
  return async (operation, { signal }, bytes, work) => {
    const ms = limits.callMs + Math.ceil(bytes / MIB) * limits.perMiBMs;
    const sleep = (wait: number, stop?: AbortSignal): Promise<boolean> => clock.sleep(wait, stop);
    const ended = await withinDeadline({ ms, sleep, signal }, async (stop) => {
      try {
        const there = await folder.check();
        return there.ok ? await work(stop) : there;
      } catch (error) {
        const failure = folderError(root, operation, error);
        // The share may have disappeared midway, and then every message but this one misleads.
        const there = await folder.check();
        return err(there.ok ? failure : there.error);
      }
    });
    if (ended.kind === 'done') return ended.value;
    return err(ended.kind === 'timeout' ? callTimedOut(url, operation, ms) : callCancelled(url));
  };
}

function reads(
  context: FolderContext,
  call: Call,
  thread: ListThread | null,
): Pick<ObjectStore, 'list' | 'head' | 'get' | 'getStream'> {
  return {
    list: (prefix, list = {}) =>
      call('list', list, 0, async (signal) => {
        const size = Math.max(1, Math.min(list.pageSize ?? LARGEST_PAGE, LARGEST_PAGE));
        const request = { prefix, after: list.pageToken ?? '', size };
        // Where there is more than one page, the others are worth a thread.
        const page = request.after === '' ? null : await thread?.list(request, signal);
        return page ?? (await listFolder(context, request, signal));
      }),
    head: (name, head = {}) =>
      call('head', head, 0, async () => {
        const problem = refusal(name);
        if (problem) return err(problem);
        const live = await findLive(context, name);
        return live.ok ? ok(live.value && infoOf(live.value.record)) : live;
      }),
    get: (name, get = {}) =>
      call('get', get, IN_MEMORY, async (signal) => {
        const problem = refusal(name);
        if (problem) return err(problem);
        const opened = await openLive(context, name, get.generation);
        if (!opened.ok || opened.value === null) return opened.ok ? ok(null) : opened;
        return await readWhole(context, opened.value, { ...get, signal });
      }),
    getStream: (name, get = {}) =>
      call('getStream', get, 0, async (signal) => {
        const problem = refusal(name);
        if (problem) return err(problem);
        const opened = await openLive(context, name, get.generation);
        if (!opened.ok || opened.value === null) return opened.ok ? ok(null) : opened;
        if (!signal.aborted) return ok(downloadOf(context, opened.value, get));
        await closeQuietly(context, opened.value.fd);
        return err(callCancelled(context.url));
      }),
  };
}

function writes(context: FolderContext, call: Call): Pick<ObjectStore, 'put' | 'copy'> {
  return {
    put: async (name, body, put) => {
      const problem = putProblem(name, put) ?? refusal(name);
      if (problem) return err(problem);
      const { contentType, metadata = {}, ifGenerationMatch: expect } = put;
      return await call('put', put, body.size, (signal) =>
        commitWrite(context, { name, expect, body, contentType, metadata }, { ...put, signal }),
      );
    },
    copy: async (from, to, copy) => {
      const problem = putProblem(to, copy) ?? refusal(to) ?? refusal(from.name);
      if (problem) return err(problem);
      return await call('copy', copy, IN_MEMORY, async (signal) => {
        const opened = await openLive(context, from.name, from.generation);
        if (!opened.ok) return opened;
        if (opened.value === null) return err(generationGone(context.url, from.name, from.generation));
        const { record, fd } = opened.value;
        const { size, contentType, metadata } = record;
        let read = false;
        const stream = (): AsyncIterable<Uint8Array> => {
          read = true;
          return readChunks(context, fd, size, signal);
        };
        const body = { size, crc32c: crc32cFromBase64(record.crc32c) ?? 0, stream };
        const write = { name: to, expect: copy.ifGenerationMatch, body, contentType, metadata };
        try {
          return await commitWrite(context, write, { signal });
        } finally {
          // Readers close it themselves; a write that finished without reading does not.
          if (!read) await closeQuietly(context, fd);
        }
      });
    },
  };
}

function refusal(name: string): AppError | null {
  const problem = folderNameProblem(name);
  return problem === null ? null : nameRefused(name, problem);
}
