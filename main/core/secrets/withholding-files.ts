import type { Answer } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import { sourceChanged } from '../../../shared/domain/store-errors.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Finding } from '../../../shared/secrets/finding.ts';
import { withhold, withheldOf, withholdFrom, type Withheld } from '../../../shared/secrets/withhold.ts';
import { takeTurns } from '../concurrency/take-turns.ts';
import type { Bytes } from '../ports/bytes.ts';
import { ByteSourceChanged, type ByteSource } from '../ports/byte-source.ts';
import type { Files, HeadOptions, Measured } from '../ports/files.ts';
import type { Logger } from '../ports/logger.ts';
import type { FoundInStream, FoundSecret, StreamWatch } from '../ports/secret-watch.ts';
import type { HarmlessLogs } from './harmless-logs.ts';
import type { KeptValue, KeptValues } from './kept-values.ts';
import { withValues } from './secret-watch.ts';
import { putBack } from './put-back.ts';
import type { WithheldSizes } from './withheld-sizes.ts';

export interface WithholdingDeps {
  readonly files: Files;
  readonly bytes: Bytes;
  readonly watch: StreamWatch;
  readonly sizes: WithheldSizes;
  readonly kept: KeptValues;
  readonly harmless: HarmlessLogs;
  readonly logger: Logger;
  /** Absolute: `logs` are pushed from here, `cache` holds other machines' logs, unchanged. */
  readonly folders: { readonly logs: string; readonly cache: string };
  /** Name of this machine, for the labels. */
  readonly host: string;
  mode(): Promise<WithholdingMode>;
}

/**
 * Treatment of secrets: `labels` replace them in everything made of a log; `shown` does so in what is displayed (index, packs, search) but
 * not in its object, because the store is sealed; `off` leaves a log as it is.
 */
export type WithholdingMode = 'labels' | 'shown' | 'off';

/** Most bytes held of a log's beginning. */
const LONGEST_HEAD = 256 * 1024 * 1024;
/** Most digests remembered: some megabytes. */
const MOST_REMEMBERED = 50_000;
/** Larger logs are scanned one at a time. */
const LARGE = 4 * 1024 * 1024;

/**
 * The disk as pushed: `measure`, `readHead` and `scanLogs` show logs with labels instead of secrets, so that everything made of them
 * (objects, ledger, shard, packs, index rows, search) knows nothing else; `replaceFrom` restores the values in a returning log. `read` and
 * all else are the raw disk. For a sealed store `measure` and `scanLogs` use the log itself.
 */
export function createWithholdingFiles(deps: WithholdingDeps): Files {
  const { files, folders } = deps;
  const inTurn = takeTurns(1);
  /** Digests of logs that left whole and show whole, in this process: a push reads each twice. */
  const harmless = new Set<string>();
  const isCached = (path: string): boolean => path.startsWith(`${folders.cache}/`);
  const modeOf = async (path: string): Promise<WithholdingMode> =>
    /\.md$/i.test(path) ? await deps.mode() : 'off';
  return {
    ...files,
    scanLogs: async (folder) => {
      const scan = await files.scanLogs(folder);
      if (!scan.ok || isCached(`${folder}/`) || (await deps.mode()) !== 'labels') return scan;
      return ok({ ...scan.value, files: await deps.sizes.asTheyLeave(folder, scan.value.files) });
    },
    measure: async (path, options = {}) => {
      const measured = await files.measure(path, options);
      if (!measured.ok || measured.value === null || isCached(path)) return measured;
      const found = measured.value;
      if (options.isHarmless?.(found.sha256)) return measured;
      const mode = await modeOf(path);
      if (mode === 'off') return measured;
      const look = (): ReturnType<typeof measureLeaving> =>
        measureLeaving(deps, path, found, { ...options, mode });
      const looked = await (found.size > LARGE ? inTurn(look) : look());
      if (mode === 'shown' && looked.ok && looked.value === found) remember(harmless, found.sha256);
      return looked;
    },
    readHead: async (path, length, options = {}) => {
      const mode = await modeOf(path);
      // Others' logs have labels already, unless they come from a sealed store.
      if (mode === 'off' || (mode === 'labels' && isCached(path))) return await files.readHead(path, length);
      // Where logs are pushed unchanged, their digest does not tell their content.
      const isKnown = mode === 'labels' || harmless.has(options.leaves ?? '');
      return await readLeavingHead(deps, path, length, isKnown ? options : {});
    },
    replaceFrom: async (path, chunks, commit, options) => {
      const name = nameOf(deps, path);
      const kept = name === null ? ok(null) : await deps.kept.of(name);
      // Without its values a log returns with labels: better than nothing.
      if (!kept.ok || kept.value === null) return files.replaceFrom(path, chunks, commit, options);
      return files.replaceFrom(path, putBack(chunks, kept.value.values, deps.host), commit, options);
    },
  };
}

function remember(digests: Set<string>, digest: string): void {
  if (digests.size >= MOST_REMEMBERED) digests.clear();
  digests.add(digest);
}

/** The path of one of this machine's own logs; null for any other file. */
function nameOf({ folders }: WithholdingDeps, path: string): string | null {
  return path.startsWith(`${folders.logs}/`) ? path.slice(folders.logs.length + 1) : null;
}

async function measureLeaving(
  deps: WithholdingDeps,
  path: string,
  measured: Measured,
  options: NonNullable<Parameters<Files['measure']>[1]> & { readonly mode: WithholdingMode },
): Answer<Measured> {
  const looked = await lookThrough(deps, path, measured.source, options.signal);
  if (!looked.ok) return looked;
  const { start, found, isClean } = looked.value;
  if (isClean) await deps.harmless.add(measured.sha256);
  const withheld = withheldOf(start, found, deps.host);
  const isWhole = withheld.length === 0 || options.mode === 'shown';
  // An earlier pushed size means nothing for a log pushed unchanged.
  if (isWhole) await deps.sizes.note(path, null);
  if (withheld.length === 0) return ok(measured);
  if (isWhole) return ok({ ...measured, shown: labelled(measured.source, withheld) });
  const leaving = await sumUp(deps, measured, withheld, options.prefixLength);
  await keepValues(deps, path, { measured, leaving, withheld, found });
  return ok(leaving);
}

/** Finds the secrets of a log in memory, or of a large one as it is read from disk. */
async function lookThrough(
  { watch }: WithholdingDeps,
  path: string,
  source: ByteSource,
  signal: AbortSignal | undefined,
): Answer<FoundInStream> {
  const { bytes } = source;
  if (bytes !== undefined) {
    return await watch.findWithValues(bytes, signal);
  }
  try {
    return await watch.findInStream(source.stream(), signal);
  } catch (thrown) {
    if (thrown instanceof ByteSourceChanged) return err(sourceChanged(path));
    throw thrown;
  }
}

/** The bytes with labels, in memory if the log is. */
function labelled(source: ByteSource, withheld: readonly Withheld[]): Pick<ByteSource, 'bytes' | 'stream'> {
  if (source.bytes === undefined) return { stream: () => withholdFrom(source.stream(), withheld) };
  const bytes = withhold(source.bytes, withheld);
  return { bytes, stream: () => oneChunk(bytes) };
}

async function sumUp(
  { bytes }: WithholdingDeps,
  measured: Measured,
  withheld: readonly Withheld[],
  prefixLength: number | undefined,
): Promise<Measured> {
  const leaving = labelled(measured.source, withheld);
  const digest = bytes.sha256Stream();
  let [size, crc, prefix] = [0, 0, 0];
  const wanted = prefixLength ?? 0;
  for await (const chunk of leaving.stream()) {
    digest.update(chunk);
    crc = crc32c(chunk, crc);
    if (size < wanted) prefix = crc32c(chunk.subarray(0, wanted - size), prefix);
    size += chunk.length;
  }
  const source: ByteSource = { size, crc32c: crc, ...leaving };
  return {
    size,
    mtimeMs: measured.mtimeMs,
    sha256: digest.hex(),
    crc32c: crc,
    prefixCrc32c: prefixLength !== undefined && size >= prefixLength ? prefix : null,
    source,
    whole: { size: measured.size, crc32c: measured.crc32c, prefixCrc32c: measured.prefixCrc32c },
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Keeps the values before anything can leave without them; once for what leaves, however often it is measured. */
async function keepValues(
  deps: WithholdingDeps,
  path: string,
  log: {
    readonly measured: Measured;
    readonly leaving: Measured;
    readonly withheld: readonly Withheld[];
    readonly found: readonly FoundSecret[];
  },
): Promise<void> {
  const name = nameOf(deps, path);
  const known = await deps.sizes.of(path);
  let isKept = known?.isKept === true && known.sha256 === log.leaving.sha256;
  if (name !== null && !isKept) {
    const kept = await deps.kept.keep({ path: name, values: keptValues(log.withheld, log.found) });
    isKept = kept.ok;
    // They are in the log itself while it is here; the next scan retries.
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

/** The values behind labels, with the labels' offsets in the pushed bytes. */
export function valuesOf(
  bytes: Uint8Array,
  withheld: readonly Withheld[],
  found: readonly Finding[],
): readonly KeptValue[] {
  return keptValues(withheld, withValues(bytes, found));
}

function keptValues(withheld: readonly Withheld[], found: readonly FoundSecret[]): readonly KeptValue[] {
  let moved = 0;
  return withheld.map(({ start, end, label }, nth) => {
    const at = start + moved;
    moved += label.length - (end - start);
    return { kind: found[nth]?.kind ?? '', at, value: byteText(found[nth]?.value ?? new Uint8Array()) };
  });
}

/** One character a byte. */
function byteText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** The head of the pushed form: reads as much of the file as needed. */
async function readLeavingHead(
  deps: WithholdingDeps,
  path: string,
  length: number,
  { leaves }: HeadOptions,
): Answer<Uint8Array | null> {
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
    if (leaving.length >= length || head.value.length < wanted || wanted > LONGEST_HEAD)
      return ok(leaving.subarray(0, length));
  }
}
