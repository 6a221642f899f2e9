import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, mapOk, ok } from '../../../shared/result.ts';
import { isAboutLogs } from '../../../shared/domain/log-name.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/lock.ts';
import { locateRepo } from '../repository/repo.ts';
import { localDay } from '../logs/describe-log.ts';
import { collectSources, type CollectDeps, type CollectRequest, type Sources } from './collect-sources.ts';
import { daysOf, unnamedAmong, type CopyDays, type Unnamed } from './copy-facts.ts';
import { readManifests, saveManifest, type Manifest, type ManifestFile } from './manifest.ts';
import {
  planMigration,
  versionName,
  type MigrationPlan,
  type PlannedCopy,
  type SourceVersion,
  type Written,
} from './plan-migration.ts';
import { untrackLogs } from './untrack.ts';

export interface MigrateDeps extends CollectDeps {
  readonly locks: Locks;
  readonly clock: Clock;
  /** Absolute: this machine's logs, and the folder of manifests. */
  readonly paths: { readonly sessionLogs: string; readonly migrations: string };
}

export interface MigrateRequest extends Omit<CollectRequest, 'tree'> {
  /** A folder of the work tree, absolute. */
  readonly repo: string;
  /** Assign logs without a known machine to this one. */
  readonly takeUnknown: boolean;
  /** `report` changes nothing; `copy` copies; `apply` also removes the logs from git, in a separate commit. */
  readonly mode: 'report' | 'copy' | 'apply';
  /** Ends a copy between two logs; finished copies stay, with their manifest. */
  readonly signal?: AbortSignal | undefined;
}

export interface MigrateReport {
  readonly repo: string;
  readonly folders: readonly string[];
  readonly mode: MigrateRequest['mode'];
  readonly copied: readonly ManifestFile[];
  /** The days of the logs to be copied; null when there are none. */
  readonly days: CopyDays | null;
  /** Whether the person ended it before everything was copied. */
  readonly isStopped: boolean;
  /** Copies from an earlier run. */
  readonly already: readonly ManifestFile[];
  readonly contained: number;
  readonly elsewhere: readonly { readonly path: string; readonly machine: string }[];
  readonly unknown: readonly { readonly path: string; readonly author: string }[];
  /** All logs that name no machine, whether copied or left. */
  readonly unnamed: Unnamed;
  readonly refused: readonly { readonly path: string; readonly problem: string }[];
  /** READMEs and templates beside the logs, not copied. */
  readonly passedOver: readonly string[];
  readonly manifest: string | null;
  readonly commit: string | null;
  /** Tracked logs left in git because they were not copied here. */
  readonly leftInGit: number;
}

/**
 * Moves session logs out of a git repository into this machine's data folder: byte for byte, with a manifest of hashes, repeatable and
 * undoable. Other machines' logs are left to them, because each writes only its own partition.
 */
export async function migrate(deps: MigrateDeps, request: MigrateRequest): Answer<MigrateReport> {
  const repo = await locateRepo(deps.git, request.repo, { readMs: 60_000 });
  if (!repo.ok) return repo;
  const { tree, commonDir } = repo.value;
  const sources = await collectSources(deps, { ...request, tree });
  if (!sources.ok) return sources;
  const label = tree.split('/').at(-1) ?? 'repo';
  const plan = planMigration(sources.value.versions, sources.value.folders, label, request.takeUnknown);
  const copies = await settleTargets(deps, plan.copies, label);
  if (!copies.ok) return copies;
  const files = copies.value.map(({ copy, there }) => ({
    there,
    file: manifestFile(copy),
    source: copy.source,
  }));
  const base = {
    repo: tree,
    folders: sources.value.folders,
    mode: request.mode,
    days: daysOf(copies.value.filter(({ there }) => !there).map(({ copy }) => copy.source)),
    unnamed: unnamedAmong([...plan.copies.map(({ source }) => source), ...plan.unknown]),
    ...describe(plan),
  };
  const [fresh, already] = [
    files.filter(({ there }) => !there),
    files.filter(({ there }) => there).map(({ file }) => file),
  ];
  if (request.mode === 'report')
    return ok({
      ...base,
      copied: fresh.map(({ file }) => file),
      isStopped: false,
      already,
      manifest: null,
      commit: null,
      leftInGit: 0,
    });

  const place = { tree, commonDir, sources: sources.value };
  return mapOk(await carryOut(deps, request, place, fresh, already), (done) => ({
    ...base,
    already,
    ...done,
  }));
}

interface Fresh {
  readonly file: ManifestFile;
  readonly source: SourceVersion;
}

/** Copies, removes from git if requested, and records what was done, however it ended. */
async function carryOut(
  deps: MigrateDeps,
  request: MigrateRequest,
  place: { readonly tree: string; readonly commonDir: string; readonly sources: Sources },
  fresh: readonly Fresh[],
  already: readonly ManifestFile[],
): Answer<Pick<MigrateReport, 'copied' | 'isStopped' | 'manifest' | 'commit' | 'leftInGit'>> {
  const { tree, commonDir, sources } = place;
  const made = await makeCopies(deps, fresh, request.signal);
  const isWhole = made.problem === null && !made.isStopped;
  const safe = new Set([...made.copied, ...already].map(({ source }) => source));
  const wanted = request.mode === 'apply' && isWhole;
  const paths = wanted ? sources.tracked.filter(({ path }) => safe.has(path)) : [];
  const { folders, head } = sources;
  const untracked =
    paths.length === 0 ? ok(null) : await untrackLogs(deps, { tree, commonDir, paths, folders, head });
  // Finished copies keep their proof and their undo.
  const manifest = await record(deps, tree, sources, made.copied, untracked.ok ? untracked.value : null);
  if (made.problem !== null) return err(made.problem);
  if (!untracked.ok) return untracked;
  if (!manifest.ok) return manifest;
  return ok({
    copied: made.copied,
    isStopped: made.isStopped,
    manifest: manifest.value,
    commit: untracked.value?.commit ?? null,
    leftInGit: wanted
      ? sources.tracked.filter(({ path }) => !safe.has(path) && !isAboutLogs(path)).length
      : 0,
  });
}

interface Made {
  readonly copied: readonly ManifestFile[];
  /** What ended it early; null if nothing. */
  readonly problem: AppError | null;
  readonly isStopped: boolean;
}

/** Copies logs one by one until all are done, one fails, or the person ends it. */
async function makeCopies(
  deps: MigrateDeps,
  fresh: readonly Fresh[],
  signal: AbortSignal | undefined,
): Promise<Made> {
  const copied: ManifestFile[] = [];
  for (const { file, source } of fresh) {
    if (signal?.aborted === true) return { copied, problem: null, isStopped: true };
    const path = `${deps.paths.sessionLogs}/${file.target}`;
    const made = await deps.files.create(path, source.bytes);
    if (!made.ok) return { copied, problem: made.error, isStopped: false };
    if (made.value === 'exists')
      return {
        copied,
        problem: appError(
          'attention',
          `${file.target} appeared while the logs were copied.`,
          'Run the migration again; what is copied stays.',
        ),
        isStopped: false,
      };
    copied.push(file);
    // A log without a day in name or text is as old as the commit that added it. One that cannot be dated is copied anyway.
    if (source.written.atMs > 0) await deps.files.setTime(path, fileTime(source.written));
  }
  return { copied, problem: null, isStopped: false };
}

/** A file time on the writer's day, in this machine's zone too: else noon of that day here. */
function fileTime({ atMs, day }: Written): number {
  if (day === null || localDay(atMs) === day) return atMs;
  const [year, month, dayOfMonth] = day.split('-').map(Number);
  return new Date(year ?? 1970, (month ?? 1) - 1, dayOfMonth, 12).getTime();
}

/** A run without changes leaves no manifest. */
async function record(
  deps: MigrateDeps,
  tree: string,
  sources: Sources,
  copied: readonly ManifestFile[],
  untracked: Manifest['untracked'],
): Answer<string | null> {
  if (copied.length === 0 && untracked === null) return ok(null);
  const created = new Date(deps.clock.now()).toISOString();
  const id = `${created.slice(0, 10)}-${deps.random.hex(4)}`;
  const manifest: Manifest = {
    schema: 1,
    id,
    repo: tree,
    head: sources.head,
    created,
    folders: sources.folders,
    files: copied,
    untracked,
    undone: null,
  };
  const saved = await saveManifest(deps.files, deps.paths.migrations, manifest);
  return saved.ok ? ok(`${deps.paths.migrations}/${id}.json`) : saved;
}

/** Gives each copy a free name, or finds that the same bytes are there already. */
async function settleTargets(
  deps: MigrateDeps,
  copies: readonly PlannedCopy[],
  label: string,
): Answer<{ readonly copy: PlannedCopy; readonly there: boolean }[]> {
  const settled: { copy: PlannedCopy; there: boolean }[] = [];
  for (const copy of copies) {
    const names = [copy.target, versionName(copy.target, label, copy.source.blob ?? copy.source.sha256)];
    let done = false;
    for (const target of new Set(names)) {
      const measured = await deps.files.measure(`${deps.paths.sessionLogs}/${target}`);
      if (!measured.ok) return measured;
      if (measured.value !== null && measured.value.sha256 !== copy.source.sha256) continue;
      settled.push({ copy: { ...copy, target }, there: measured.value !== null });
      done = true;
      break;
    }
    if (!done)
      return fail(
        'attention',
        `${copy.target} and ${names[1] ?? ''} exist with other contents.`,
        'Rename one of them, then run the migration again.',
      );
  }
  return ok(settled);
}

function manifestFile({ source, target }: PlannedCopy): ManifestFile {
  const because = source.assignment.kind === 'unknown' ? 'it was asked for' : source.assignment.because;
  return {
    source: source.path,
    blob: source.blob,
    target,
    sha256: source.sha256,
    size: source.bytes.length,
    because,
  };
}

function describe(
  plan: MigrationPlan,
): Pick<MigrateReport, 'contained' | 'elsewhere' | 'unknown' | 'refused' | 'passedOver'> {
  const paths = (versions: readonly SourceVersion[]): SourceVersion[] => [
    ...new Map(versions.map((version) => [version.path, version])).values(),
  ];
  return {
    contained: plan.contained.length,
    elsewhere: paths(plan.elsewhere).map(({ path, assignment }) => ({
      path,
      machine: assignment.kind === 'other' ? assignment.machine : '',
    })),
    unknown: paths(plan.unknown).map(({ path, assignment }) => ({
      path,
      author: assignment.kind === 'unknown' ? assignment.author : '',
    })),
    refused: plan.refused,
    passedOver: plan.passedOver,
  };
}

/** The newest migration of a repository that was not undone. */
export async function lastMigration(
  deps: Pick<MigrateDeps, 'files' | 'paths'>,
  tree: string,
): Answer<Manifest> {
  const manifests = await readManifests(deps.files, deps.paths.migrations, tree);
  if (!manifests.ok) return manifests;
  const last = manifests.value.find(({ undone }) => undone === null);
  return last
    ? ok(last)
    : fail('not-found', 'No migration of this repository is left to undo.', 'Nothing was changed.');
}
