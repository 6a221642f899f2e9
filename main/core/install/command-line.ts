import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { CommandLineState } from '../../../shared/ipc/payloads.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Files } from '../ports/files.ts';
import type { ProgramCopies } from '../ports/program-copies.ts';
import { inFolder, nameOf, parentOf } from '../files/folder-path.ts';
import { isThere, readTarget } from '../launcher/find-launcher.ts';
import { launcherScript, type LaunchedProgram } from '../launcher/launcher-script.ts';

/** How this program was installed, and where its command line belongs. Paths are absolute, with forward slashes. */
export interface CommandLinePlace {
  /** `source`: a clone; `npm`: a Node package manager; `app`: bundled in the packed app. */
  readonly kind: 'source' | 'npm' | 'app';
  readonly program: LaunchedProgram;
  readonly version: string;
  /** The app's path changes at its next start (an AppImage, a Mac app opened where it was downloaded). */
  readonly moves: boolean;
  /** Where a user's launcher belongs. */
  readonly launcher: string;
  /** Commands installed by system packages, if this system has such. */
  readonly system: readonly string[];
  /** Folders of a shell's search path. */
  readonly searchPath: readonly string[];
  /** There the installer puts the app's program folder on the path, and there are no launchers. */
  readonly windows: boolean;
}

export interface CommandLineDeps {
  readonly place: CommandLinePlace;
  readonly files: Files;
  readonly bytes: Pick<Bytes, 'sha256'>;
  readonly copies: ProgramCopies;
}

const EXECUTABLE = 0o755;

/** Reports whether `session-log` can be started, from where, and what is wrong. Codes: `io`, `denied`. */
export async function commandLineState(deps: CommandLineDeps): Answer<CommandLineState> {
  const { place } = deps;
  const say = (
    state: CommandLineState['state'],
    path: string,
    by: CommandLineState['by'],
  ): Result<CommandLineState, AppError> =>
    ok({ state, path, by, onPath: isOnPath(place, path), version: place.version });
  if (place.kind !== 'app') return say('installed', place.program.cli, place.kind);
  if (place.windows) return say('installed', windowsCommand(place), 'system');
  const system = await systemCommand(deps);
  if (system !== null) return say('installed', system, 'system');
  const facts = await deps.files.stat(place.launcher);
  if (!facts.ok) return facts;
  if (facts.value === null) return say('absent', place.launcher, 'app');
  const target = await readTarget(deps, place.launcher);
  if (target === null) return say('foreign', place.launcher, 'app');
  if (!(await isThere(deps, target))) return say('gone', place.launcher, 'app');
  const wanted = await lastingProgram(deps);
  if (!wanted.ok) return wanted;
  const current = target.node === wanted.value.node && target.cli === wanted.value.cli;
  return say(current ? 'installed' : 'old', place.launcher, 'app');
}

/**
 * Writes the launcher, and before it the copy it starts if the app's path is not stable. Repeating updates it. Codes: `usage` (not the
 * packed app: nothing to install), `attention` (another program has the path), `io`, `denied`, `disk-full`.
 */
export async function installCommandLine(deps: CommandLineDeps): Answer<CommandLineState> {
  const { place, files, copies } = deps;
  const now = await commandLineState(deps);
  if (!now.ok || now.value.state === 'installed') return now;
  if (now.value.state === 'foreign') return err(foreign(place.launcher));
  const wanted = await lastingProgram(deps);
  if (!wanted.ok) return wanted;
  const copy = nameOf(rootOf(wanted.value));
  if (place.moves) {
    const kept = await copies.keep(rootOf(place.program), copy);
    if (!kept.ok) return kept;
  }
  const text = launcherScript(
    wanted.value,
    `written by Session Log ${place.version}, which keeps it up to date; "session-log uninstall" removes it`,
  );
  const written = await files.replace(place.launcher, new TextEncoder().encode(text), { mode: EXECUTABLE });
  if (!written.ok) return written;
  // Only once nothing starts them any more; a copy that cannot be removed only costs space.
  await copies.forget(place.moves ? copy : null);
  return commandLineState(deps);
}

/** Removes our launcher and copies. Codes: `io`, `denied`. */
export async function removeCommandLine(deps: CommandLineDeps): Answer<CommandLineState> {
  const { place, files, copies } = deps;
  if (!place.windows && (await readTarget(deps, place.launcher)) !== null) {
    const gone = await files.remove(place.launcher);
    if (!gone.ok) return gone;
  }
  const forgotten = await copies.forget(null);
  return forgotten.ok ? commandLineState(deps) : forgotten;
}

/** Updates a launcher that the person has installed; never creates one. For the app's start. */
export async function refreshCommandLine(deps: CommandLineDeps): Answer<CommandLineState> {
  const now = await commandLineState(deps);
  const isStale = now.ok && (now.value.state === 'old' || now.value.state === 'gone');
  return isStale ? installCommandLine(deps) : now;
}

/**
 * The words with which hooks, timers and agents start the command line: a launcher that is stable across updates, if there is one, else the
 * program itself with its Node. Writes nothing.
 */
export async function launchWords(deps: CommandLineDeps): Promise<readonly string[]> {
  const { place } = deps;
  const state = place.kind === 'app' && !place.windows ? await commandLineState(deps) : null;
  const stays = state?.ok === true && (state.value.state === 'installed' || state.value.state === 'old');
  return stays ? [state.value.path] : [place.program.node, place.program.cli];
}

/**
 * Like `launchWords`, for the app: installs a missing launcher first. If another program has its path, names the program itself, as a
 * stable copy. Codes: `io`, `denied`, `disk-full`.
 */
export async function lastingLaunchWords(deps: CommandLineDeps): Answer<readonly string[]> {
  const { place, copies } = deps;
  if (place.kind !== 'app' || place.windows) return ok(await launchWords(deps));
  const installed = await installCommandLine(deps);
  if (installed.ok) return ok(await launchWords(deps));
  if (installed.error.code !== 'attention') return installed;
  const wanted = await lastingProgram(deps);
  if (!wanted.ok) return wanted;
  const kept = place.moves
    ? await copies.keep(rootOf(place.program), nameOf(rootOf(wanted.value)))
    : ok(undefined);
  return kept.ok ? ok([wanted.value.node, wanted.value.cli]) : kept;
}

/** The command installed by this program's system package. */
async function systemCommand(deps: CommandLineDeps): Promise<string | null> {
  for (const path of deps.place.system) {
    const target = await readTarget(deps, path);
    if (target?.cli === deps.place.program.cli) return path;
  }
  return null;
}

/** The program at a stable path: itself, or its copy, which is named by its version and content. */
async function lastingProgram({ place, files, bytes, copies }: CommandLineDeps): Answer<LaunchedProgram> {
  if (!place.moves) return ok(place.program);
  const read = await files.read(place.program.cli);
  if (!read.ok) return read;
  // The entry names its chunks by content, so it differs whenever any of them does.
  const build = bytes.sha256(read.value ?? new Uint8Array()).slice(0, 8);
  const root = copies.placeOf(`${place.version}-${build}`);
  const inside = (path: string): string => inFolder(root, path.slice(rootOf(place.program).length + 1));
  return ok({ node: inside(place.program.node), cli: inside(place.program.cli) });
}

/** A program's folder: its entry is `out/main/cli.js` in it. */
function rootOf({ cli }: LaunchedProgram): string {
  return ['main', 'out', 'root'].reduce((folder) => parentOf(folder) ?? folder, cli);
}

function windowsCommand(place: CommandLinePlace): string {
  return inFolder(rootOf(place.program), 'bin', 'session-log.cmd');
}

function isOnPath({ searchPath, kind }: CommandLinePlace, path: string): boolean {
  // npm installs into the caller's path; a clone is only there if it was linked.
  return kind === 'npm' || searchPath.includes(parentOf(path) ?? '');
}

function foreign(path: string): AppError {
  return appError(
    'attention',
    `${path} is another program and was left as it is.`,
    'If it is an older Session Log (npm install -g), it will do; otherwise move it away and try again.',
    { details: { path } },
  );
}
