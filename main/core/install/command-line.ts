import { appError, type AppError } from '../../../shared/app-error.ts';
import type { CommandLineState } from '../../../shared/ipc/payloads.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Files } from '../ports/files.ts';
import type { ProgramCopies } from '../ports/program-copies.ts';
import { inFolder, nameOf, parentOf } from '../files/folder-path.ts';
import { isThere, readTarget } from '../launcher/find-launcher.ts';
import { launcherScript, type LaunchedProgram } from '../launcher/launcher-script.ts';

/** How this program came to the machine, and where its command line belongs. Paths are absolute, with forward slashes. */
export interface CommandLinePlace {
  /** `source`: a clone; `npm`: a package manager of Node; `app`: carried by the packed app. */
  readonly kind: 'source' | 'npm' | 'app';
  readonly program: LaunchedProgram;
  readonly version: string;
  /** The app's folder has another name at its next start (an AppImage, a Mac app that was opened where it was downloaded). */
  readonly moves: boolean;
  /** Where the launcher belongs for a user. */
  readonly launcher: string;
  /** Commands that a package of the system brings, if this system has such. */
  readonly system: readonly string[];
  /** Folders that a shell looks for programs in. */
  readonly searchPath: readonly string[];
  /** There the installer puts the app's folder of programs on the path, and there are no launchers. */
  readonly windows: boolean;
}

export interface CommandLineDeps {
  readonly place: CommandLinePlace;
  readonly files: Files;
  readonly bytes: Pick<Bytes, 'sha256'>;
  readonly copies: ProgramCopies;
}

const EXECUTABLE = 0o755;

/** Says whether `session-log` can be started, from where, and what is wrong with it. Codes: `io`, `denied`. */
export async function commandLineState(deps: CommandLineDeps): Promise<Result<CommandLineState, AppError>> {
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
 * Writes the launcher, and first the copy that it starts where the app's own place does not stay. Repeating brings it up to date.
 * Codes: `usage` (not the packed app: nothing to install), `attention` (another program has the place), `io`, `denied`, `disk-full`.
 */
export async function installCommandLine(deps: CommandLineDeps): Promise<Result<CommandLineState, AppError>> {
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
  // Not before nothing starts them any more; a copy that cannot be removed costs space and nothing else.
  await copies.forget(place.moves ? copy : null);
  return commandLineState(deps);
}

/** Removes the launcher and the copies; what is not ours stays. Codes: `io`, `denied`. */
export async function removeCommandLine(deps: CommandLineDeps): Promise<Result<CommandLineState, AppError>> {
  const { place, files, copies } = deps;
  if (!place.windows && (await readTarget(deps, place.launcher)) !== null) {
    const gone = await files.remove(place.launcher);
    if (!gone.ok) return gone;
  }
  const forgotten = await copies.forget(null);
  return forgotten.ok ? commandLineState(deps) : forgotten;
}

/** Brings a launcher that the person has installed up to date; never makes one. For the start of the app. */
export async function refreshCommandLine(deps: CommandLineDeps): Promise<Result<CommandLineState, AppError>> {
  const now = await commandLineState(deps);
  const isStale = now.ok && (now.value.state === 'old' || now.value.state === 'gone');
  return isStale ? installCommandLine(deps) : now;
}

/**
 * The words with which hooks, timers and agents start the command line: a launcher that stays where it is across updates, if there is one,
 * else the program itself with its Node. Writes nothing.
 */
export async function launchWords(deps: CommandLineDeps): Promise<readonly string[]> {
  const { place } = deps;
  const state = place.kind === 'app' && !place.windows ? await commandLineState(deps) : null;
  const stays = state?.ok === true && (state.value.state === 'installed' || state.value.state === 'old');
  return stays ? [state.value.path] : [place.program.node, place.program.cli];
}

/**
 * As `launchWords`, for the app: installs the launcher first where there is none. Where another program has its place, the program itself is
 * named, as a copy that stays. Codes: `io`, `denied`, `disk-full`.
 */
export async function lastingLaunchWords(
  deps: CommandLineDeps,
): Promise<Result<readonly string[], AppError>> {
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

/** The command that a package of the system has brought with this very program. */
async function systemCommand(deps: CommandLineDeps): Promise<string | null> {
  for (const path of deps.place.system) {
    const target = await readTarget(deps, path);
    if (target?.cli === deps.place.program.cli) return path;
  }
  return null;
}

/** The program at the place where it will be tomorrow: itself, or its copy, which is named after its version and content. */
async function lastingProgram({
  place,
  files,
  bytes,
  copies,
}: CommandLineDeps): Promise<Result<LaunchedProgram, AppError>> {
  if (!place.moves) return ok(place.program);
  const read = await files.read(place.program.cli);
  if (!read.ok) return read;
  // The entry names its chunks by their content, so it is another one whenever any of them is.
  const build = bytes.sha256(read.value ?? new Uint8Array()).slice(0, 8);
  const root = copies.placeOf(`${place.version}-${build}`);
  const inside = (path: string): string => inFolder(root, path.slice(rootOf(place.program).length + 1));
  return ok({ node: inside(place.program.node), cli: inside(place.program.cli) });
}

/** The folder that holds a program: its entry is `out/main/cli.js` in it. */
function rootOf({ cli }: LaunchedProgram): string {
  return ['main', 'out', 'root'].reduce((folder) => parentOf(folder) ?? folder, cli);
}

function windowsCommand(place: CommandLinePlace): string {
  return inFolder(rootOf(place.program), 'bin', 'session-log.cmd');
}

function isOnPath({ searchPath, kind }: CommandLinePlace, path: string): boolean {
  // What npm installs is on the path of whoever called it; a clone is not there unless it was linked.
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
