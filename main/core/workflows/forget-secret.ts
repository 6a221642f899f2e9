import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { err, ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import type { SecretWatch } from '../ports/secret-watch.ts';
import type { KeptValues } from '../secrets/kept-values.ts';
import { secretId } from '../secrets/secret-id.ts';
import { readPartitionName } from '../store/layout.ts';
import { listPartition } from '../sync/list-partition.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import { replaceSecrets } from './clean-store.ts';
import type { ForgetBase } from './forget-log.ts';
import { beyondReach, confirmations, markForgotten, type ForgetReport } from './forget-report.ts';
import { forgetKept, keptDeps, withholdFile, type KeptBase } from './kept-secrets.ts';
import { publishKept } from './share-kept.ts';
import type { Outcome } from './outcome.ts';

/** The place a forgotten value's label names. */
const NOWHERE = 'no machine';
/** The full id is required: the value goes for good. */
const ID = /^[0-9a-f]{8}$/;

/**
 * Forgets one secret everywhere: a label replaces it in this machine's logs, their stored objects and earlier versions; its kept values go;
 * other machines drop their copies of these logs. Safe to repeat and to interrupt.
 * @param id as `secrets scan` and `secrets list` show it
 */
export async function forgetSecret(
  base: ForgetBase & KeptBase,
  id: string,
  options: RunOptions,
): Answer<Outcome<ForgetReport>> {
  const deps = { ...keptDeps(base), watch: only(base, id), kept: NOTHING_KEPT, host: NOWHERE };
  if (!ID.test(id)) return err(noId(id));
  const files = await filesWith(base, deps.watch);
  if (!files.ok) return files;
  const objects = await objectsWith(base, deps.watch, options);
  if (!objects.ok) return objects;
  const logs = [...new Set([...files.value, ...objects.value.map(({ path }) => path)])].sort();
  const kept = await base.secrets.kept.all();
  if (!kept.ok) return kept;
  const notReached = await beyondReach(base, logs);
  if (!notReached.ok) return notReached;
  const named = files.value.map((path) => inFolder(base.sync.paths.sessionLogs, path));
  const names = objects.value.map(({ name }) => name);
  const report = {
    what: 'secret',
    logs,
    objects: names,
    files: named,
    notReached: notReached.value,
  } as const;
  if (options.dryRun) return await reported(base, report, Infinity);

  const at = await markForgotten(base, logs, 'secret');
  if (!at.ok) return at;
  for (const file of named) {
    const done = await withholdFile(deps, file);
    if (!done.ok) return done;
  }
  const dropped = await forgetKept(keptDeps(base), id);
  if (!dropped.ok && (dropped.error.code !== 'not-found' || logs.length === 0)) return dropped;
  const cleaned = await replaceSecrets({ ...deps, sync: base.sync }, options);
  if (!cleaned.ok) return cleaned;
  const unshared = await publishKept(base, options);
  if (!unshared.ok) return unshared;
  return await reported(base, { ...report, objects: cleaned.value.cleaned }, at.value);
}

async function reported(
  base: ForgetBase,
  report: Omit<ForgetReport, 'machines'>,
  since: number,
): Answer<Outcome<ForgetReport>> {
  const machines = await confirmations(base, report.logs, since);
  return machines.ok ? ok({ report: { ...report, machines: machines.value }, problem: null }) : machines;
}

/** Finds one value only, even if a person marked it as no secret. */
function only({ sync: { bytes }, secrets: { watch } }: KeptBase, id: string): SecretWatch {
  return {
    idOf: (value) => watch.idOf(value),
    find: async (text, signal) => {
      const found = await watch.find(text, signal);
      return found.ok
        ? ok(found.value.filter(({ start, end }) => secretId(bytes, text.subarray(start, end)) === id))
        : found;
    },
  };
}

const NOTHING_KEPT: KeptValues = {
  keep: async () => ok(undefined),
  of: async () => ok(null),
  all: async () => ok([]),
  drop: async () => ok(undefined),
};

/** This machine's logs containing it. */
async function filesWith({ sync, disk }: ForgetBase, watch: SecretWatch): Answer<readonly LogPath[]> {
  const scan = await disk.scanLogs(sync.paths.sessionLogs);
  if (!scan.ok) return scan;
  const holding: LogPath[] = [];
  for (const { path } of scan.value.files) {
    const content = await disk.read(inFolder(sync.paths.sessionLogs, path));
    if (!content.ok) return content;
    const found = content.value === null ? ok([]) : await watch.find(content.value);
    if (!found.ok) return found;
    if (found.value.length > 0) holding.push(path as LogPath);
  }
  return ok(holding);
}

/** This machine's objects containing it. */
async function objectsWith(
  { sync }: ForgetBase,
  watch: SecretWatch,
  { signal }: RunOptions,
): Answer<readonly { readonly name: string; readonly path: LogPath }[]> {
  const listing = await listPartition(sync, signal);
  if (!listing.ok) return listing;
  const holding: { name: string; path: LogPath }[] = [];
  for (const { name } of [...listing.value.logs.values(), ...listing.value.kept]) {
    const object = await sync.store.get(name, { signal });
    if (!object.ok) return object;
    const found = object.value === null ? ok([]) : await watch.find(object.value.bytes, signal);
    if (!found.ok) return found;
    const is = readPartitionName(sync.layout, sync.self.uuid, name);
    if (found.value.length > 0 && (is.kind === 'log' || is.kind === 'kept'))
      holding.push({ name, path: is.path });
  }
  return ok(holding);
}

function noId(id: string): AppError {
  return appError(
    'invalid-input',
    `${JSON.stringify(id.slice(0, 20))} is not the id of a secret.`,
    'Take all eight digits, as `session-log secrets scan` and `session-log secrets list` show them.',
  );
}
