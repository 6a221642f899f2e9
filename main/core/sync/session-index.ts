import type { AppError } from '../../../shared/app-error.ts';
import { mapOk, ok, type Result } from '../../../shared/result.ts';
import { inMemory } from '../store/in-memory.ts';
import type { ByteSource } from '../ports/byte-source.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** The aggregate is rebuilt at most daily: it costs its whole size, and no program of ours reads it. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;

/**
 * Writes `index/session-index.json`, the aggregate that ADR-058 names, for outside readers. Derived from the shards: it may lag and may be
 * deleted at any time. It is the export of this machine's current index; losing a race for it is fine. Logs that stay here are in this
 * machine's index, but not in what it uploads. A sealed store has no outside readers, and gets counts only.
 * @returns whether it was written
 */
export async function refreshSessionIndex(
  deps: SyncDeps,
  options: RunOptions,
): Promise<Result<boolean, AppError>> {
  const signal = { signal: options.signal };
  const live = await deps.store.head(deps.layout.sessionIndex, signal);
  if (!live.ok) return live;
  if (live.value !== null && Math.abs(deps.clock.now() - live.value.updated) < MAX_AGE_MS) return ok(false);
  const leaving = (await deps.store.seals?.()) ? await counts(deps) : await wholeIndex(deps, signal);
  if (!leaving.ok || leaving.value === null) return leaving.ok ? ok(false) : leaving;
  const written = await deps.store.put(deps.layout.sessionIndex, leaving.value, {
    ...signal,
    ifGenerationMatch: live.value?.generation ?? '0',
    contentType: 'application/json',
  });
  if (written.ok) return ok(true);
  // Somebody else was faster, or the name is busy: theirs is as good as ours.
  return written.error.code === 'precondition' || written.error.code === 'throttled' ? ok(false) : written;
}

async function wholeIndex(
  deps: SyncDeps,
  signal: Pick<RunOptions, 'signal'>,
): Promise<Result<ByteSource | null, AppError>> {
  const measured = await deps.files.measure(deps.paths.cacheIndex, signal);
  return measured.ok && measured.value !== null
    ? await withoutStaying(deps, measured.value.source)
    : mapOk(measured, () => null);
}

async function counts({ index, self, surroundings }: SyncDeps): Promise<Result<ByteSource, AppError>> {
  const machines = await index.machines();
  if (!machines.ok) return machines;
  const stays = surroundings.staysHere();
  return mapOk(await index.entries(self.uuid), (entries) => {
    const own = entries.filter(({ path }) => !stays(path));
    const others = machines.value.filter(({ machine }) => machine !== self.uuid);
    const facts = {
      schema: 1,
      machines: machines.value.length,
      logs: others.reduce((sum, { logs }) => sum + logs, own.length),
      bytes: [...others.map(({ bytes }) => bytes), ...own.map(({ size }) => size)].reduce((a, b) => a + b, 0),
    };
    return inMemory(new TextEncoder().encode(`${JSON.stringify(facts)}\n`));
  });
}

/** The export without entries of own logs that stay here; the export itself if there are none. */
async function withoutStaying(deps: SyncDeps, source: ByteSource): Promise<Result<ByteSource, AppError>> {
  const own = await deps.index.entries(deps.self.uuid);
  if (!own.ok) return own;
  const stays = deps.surroundings.staysHere();
  const staying = own.value.filter(({ path }) => stays(path)).map(({ path }) => JSON.stringify(path));
  if (staying.length === 0) return ok(source);
  const starts = new Set(staying.map((path) => `{"machine":"${deps.self.uuid}","path":${path}`));
  const stream = (): AsyncGenerator<Uint8Array> => withoutLines(source.stream(), starts);
  let [size, crc] = [0, 0];
  for await (const piece of stream()) {
    size += piece.length;
    crc = crc32c(piece, crc);
  }
  return ok({ size, crc32c: crc, stream });
}

/**
 * An export has one line per entry, with a comma at its end.
 * @param starts beginnings of the lines to omit, up to the end of their path
 */
async function* withoutLines(
  chunks: AsyncIterable<Uint8Array>,
  starts: ReadonlySet<string>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let [between, end] = ['', ''];
  for await (const line of linesOf(chunks)) {
    if (starts.has(/^\{"machine":"[^"]*","path":"(?:[^"\\]|\\.)*"/.exec(line)?.[0] ?? '')) continue;
    const isEntry = line.startsWith('{"machine":');
    // The comma belongs between two that leave.
    yield encoder.encode(`${isEntry ? between : end}${line.replace(/,$/, '')}`);
    [between, end] = isEntry ? [',\n', '\n'] : ['\n', '\n'];
  }
  yield encoder.encode('\n');
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
