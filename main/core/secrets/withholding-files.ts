import { appError, type AppError } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Finding } from '../../../shared/secrets/finding.ts';
import { withhold, withheldOf, withholdFrom, type Withheld } from '../../../shared/secrets/withhold.ts';
import { takeTurns } from '../concurrency/take-turns.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { ByteSource } from '../ports/byte-source.ts';
import type { Files, HeadOptions, Measured } from '../ports/files.ts';
import type { Logger } from '../ports/logger.ts';
import type { SecretWatch } from '../ports/secret-watch.ts';
import type { KeptValue, KeptValues } from './kept-values.ts';
import { putBack } from './put-back.ts';
import type { WithheldSizes } from './withheld-sizes.ts';

export interface WithholdingDeps {
  readonly files: Files;
  readonly bytes: Bytes;
  readonly watch: SecretWatch;
  readonly sizes: WithheldSizes;
  readonly kept: KeptValues;
  readonly logger: Logger;
  /** Absolute: `logs` is what is pushed from here, `cache` are other machines' logs, which are as their owners made them. */
  readonly folders: { readonly logs: string; readonly cache: string };
  /** Name of this machine, for the labels. */
  readonly host: string;
  /** Whether values are withheld now. */
  isOn(): boolean;
}

/** A log of which more than this would have to be held at once is not sent unseen. Bytes. */
const MOST_SCANNED = 256 * 1024 * 1024;
/** Larger logs are looked through one after the other: each is in memory meanwhile. */
const LARGE = 4 * 1024 * 1024;

/**
 * The disk as it may leave: `measure`, `readHead` and `scanLogs` show logs with labels in the place of secrets, so that everything made of
 * them (objects, ledger, shard, packs, rows of the index, search) knows nothing else; `replaceFrom` puts the values back into a log that
 * returns. `read` and all else are the disk as it is.
 */
export function createWithholdingFiles(deps: WithholdingDeps): Files {
  const { files, folders } = deps;
  const inTurn = takeTurns(1);
  const covers = (path: string): boolean =>
    /\.md$/i.test(path) && !path.startsWith(`${folders.cache}/`) && deps.isOn();
  return {
    ...files,
    scanLogs: async (folder) => {
      const scan = await files.scanLogs(folder);
      if (!scan.ok || folder.startsWith(folders.cache)) return scan;
      return ok({ ...scan.value, files: await deps.sizes.asTheyLeave(folder, scan.value.files) });
    },
    measure: async (path, options = {}) => {
      const measured = await files.measure(path, options);
      if (!measured.ok || measured.value === null || !covers(path)) return measured;
      const found = measured.value;
      const leaving = (): ReturnType<typeof measureLeaving> => measureLeaving(deps, path, found, options);
      return found.size > LARGE ? inTurn(leaving) : leaving();
    },
    readHead: (path, length, options = {}) =>
      covers(path) ? readLeavingHead(deps, path, length, options) : files.readHead(path, length),
    replaceFrom: async (path, chunks, commit, options) => {
      const name = nameOf(deps, path);
      const kept = name === null ? ok(null) : await deps.kept.of(name);
      // Without its values a log comes back with their labels: better than not at all.
      if (!kept.ok || kept.value === null) return files.replaceFrom(path, chunks, commit, options);
      return files.replaceFrom(path, putBack(chunks, kept.value.values, deps.host), commit, options);
    },
  };
}

/** The path of one of this machine's own logs; null for any other file. */
function nameOf({ folders }: WithholdingDeps, path: string): string | null {
  return path.startsWith(`${folders.logs}/`) ? path.slice(folders.logs.length + 1) : null;
}

async function measureLeaving(
  deps: WithholdingDeps,
  path: string,
  measured: Measured,
  options: NonNullable<Parameters<Files['measure']>[1]>,
): Promise<Result<Measured, AppError>> {
  if (measured.size > MOST_SCANNED) return err(tooLarge(path));
  const bytes = await wholeOf(measured.source);
  const found = await deps.watch.find(bytes, options.signal);
  if (!found.ok) return found;
  if (found.value.length === 0) {
    await deps.sizes.note(path, null);
    return ok(measured);
  }
  const withheld = withheldOf(bytes, found.value, deps.host);
  const leaving = await sumUp(deps, measured, withheld, options.prefixLength);
  await keepValues(deps, path, bytes, { measured, leaving, withheld, found: found.value });
  return ok(leaving);
}

async function sumUp(
  { bytes }: WithholdingDeps,
  measured: Measured,
  withheld: readonly Withheld[],
  prefixLength: number | undefined,
): Promise<Measured> {
  const inMemory =
    measured.source.bytes === undefined ? undefined : withhold(measured.source.bytes, withheld);
  const stream = (): AsyncIterable<Uint8Array> =>
    inMemory === undefined ? withholdFrom(measured.source.stream(), withheld) : oneChunk(inMemory);
  const digest = bytes.sha256Stream();
  let [size, crc, prefix] = [0, 0, 0];
  const wanted = prefixLength ?? 0;
  for await (const chunk of stream()) {
    digest.update(chunk);
    crc = crc32c(chunk, crc);
    if (size < wanted) prefix = crc32c(chunk.subarray(0, wanted - size), prefix);
    size += chunk.length;
  }
  const source: ByteSource = {
    size,
    crc32c: crc,
    ...(inMemory === undefined ? {} : { bytes: inMemory }),
    stream,
  };
  return {
    size,
    mtimeMs: measured.mtimeMs,
    sha256: digest.hex(),
    crc32c: crc,
    prefixCrc32c: prefixLength !== undefined && size >= prefixLength ? prefix : null,
    source,
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Keeps the values before anything can leave without them; once for what leaves, however often it is measured. */
async function keepValues(
  deps: WithholdingDeps,
  path: string,
  bytes: Uint8Array,
  log: {
    readonly measured: Measured;
    readonly leaving: Measured;
    readonly withheld: readonly Withheld[];
    readonly found: readonly Finding[];
  },
): Promise<void> {
  const name = nameOf(deps, path);
  const known = await deps.sizes.of(path);
  let isKept = known?.isKept === true && known.sha256 === log.leaving.sha256;
  if (name !== null && !isKept) {
    const kept = await deps.kept.keep({ path: name, values: valuesOf(bytes, log.withheld, log.found) });
    isKept = kept.ok;
    // They stand in the log itself as long as it is here; the next look at it tries again.
    if (!kept.ok) deps.logger.warn('withheld values are not kept yet', { path: name, code: kept.error.code });
  }
  await deps.sizes.note(path, {
    size: log.measured.size,
    mtime: Math.floor(log.measured.mtimeMs),
    leaves: log.leaving.size,
    sha256: log.leaving.sha256,
    isKept,
  });
}

/** The values behind labels, with the places of the labels in what leaves. */
export function valuesOf(
  bytes: Uint8Array,
  withheld: readonly Withheld[],
  found: readonly Finding[],
): readonly KeptValue[] {
  let moved = 0;
  return withheld.map(({ start, end, label }, nth) => {
    const at = start + moved;
    moved += label.length - (end - start);
    return { kind: found[nth]?.kind ?? '', at, value: byteText(bytes.subarray(start, end)) };
  });
}

/** One character a byte. */
function byteText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** The beginning of what leaves: as much of the file is read as that takes. */
async function readLeavingHead(
  deps: WithholdingDeps,
  path: string,
  length: number,
  { leaves }: HeadOptions,
): Promise<Result<Uint8Array | null, AppError>> {
  for (let wanted = length; ; wanted *= 2) {
    const head = await deps.files.readHead(path, wanted);
    if (!head.ok || head.value === null) return head;
    if (leaves !== undefined && deps.bytes.sha256(head.value) === leaves) return head;
    const found = await deps.watch.find(head.value);
    if (!found.ok) return found;
    const leaving =
      found.value.length === 0
        ? head.value
        : withhold(head.value, withheldOf(head.value, found.value, deps.host));
    if (leaving.length >= length || head.value.length < wanted || wanted > MOST_SCANNED)
      return ok(leaving.subarray(0, length));
  }
}

async function wholeOf(source: ByteSource): Promise<Uint8Array> {
  if (source.bytes) return source.bytes;
  const whole = new Uint8Array(source.size);
  let at = 0;
  for await (const chunk of source.stream()) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function tooLarge(path: string): AppError {
  return appError(
    'invalid-input',
    `${path} is too large to be looked through for secrets, so it is not pushed.`,
    'Move it out of session-logs, or push as it is: `session-log config set secrets.withhold never`.',
  );
}
