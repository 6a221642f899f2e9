import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import { isThere, readTarget } from '../install/command-line.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { changeFile } from '../save/change-file.ts';
import { inFolder } from '../save/folder-path.ts';
import {
  findHooks,
  HOOK_EVENTS,
  HOOK_WORDS,
  withHooks,
  withoutHooks,
  type FoundHook,
} from './claude-settings.ts';
import { launcherWords } from './launcher.ts';
import { saveCommandOrigin, saveCommandText } from './save-command.ts';
import { textDiff } from './text-diff.ts';

export interface HooksDeps {
  readonly files: Files;
  readonly bytes: Pick<Bytes, 'sha256'>;
  readonly clock: Clock;
}

export interface HooksRequest {
  /** The `.claude` folder of the user or of a project, absolute. */
  readonly folder: string;
  /** Command line of the CLI, see `launcherOf`. */
  readonly launcher: string;
  /** Where copies of changed files go, absolute. Settings may hold secrets, so not beside a project's own, where a commit could take them. */
  readonly backups: string;
  readonly dryRun: boolean;
  /** Replace a `save.md` that is not ours, or that somebody changed. */
  readonly force: boolean;
}

/** What happened to one file, or would. */
export interface FileChange {
  readonly path: string;
  /** `kept`: there is something else of that name, which was not touched. */
  readonly action: 'created' | 'changed' | 'unchanged' | 'removed' | 'kept';
  /** Copy of what was there before; null when nothing was replaced. */
  readonly backup: string | null;
  readonly diff: string;
}

export interface HooksChange {
  readonly dryRun: boolean;
  readonly settings: FileChange;
  readonly command: FileChange;
}

export interface HooksStatus {
  readonly settings: string;
  /** `partial`: one of the two hooks is missing; `outdated`: they start another program than this one. */
  readonly state: 'installed' | 'partial' | 'outdated' | 'absent';
  readonly hooks: readonly FoundHook[];
  /** Programs that the hooks start and that are not there. */
  readonly missing: readonly string[];
  readonly command: {
    readonly path: string;
    readonly state: 'installed' | 'outdated' | 'edited' | 'foreign' | 'absent';
  };
}

/** What is absent on other people's file systems is made like this; settings and commands are nobody else's business. */
const MODE = 0o600;

/**
 * Puts the hooks and the `/save` command into a `.claude` folder. Repeating changes nothing.
 * Codes: `corrupt` or `attention` (settings.json is not what it should be: untouched), `io`, `denied`, `disk-full`.
 */
export async function installHooks(
  deps: HooksDeps,
  request: HooksRequest,
): Promise<Result<HooksChange, AppError>> {
  const settings = await changeText(deps, request, settingsPath(request.folder), (text) =>
    withHooks(text, request.launcher),
  );
  if (!settings.ok) return settings;
  const command = await changeText(deps, request, commandPath(request.folder), (text) => {
    const fresh = saveCommandText(request.launcher, deps.bytes);
    const mayReplace = text === null || request.force || saveCommandOrigin(text, deps.bytes) === 'ours';
    return ok(mayReplace ? fresh : text);
  });
  if (!command.ok) return command;
  const kept = command.value.action === 'unchanged' && (await commandState(deps, request)) !== 'installed';
  return ok({
    dryRun: request.dryRun,
    settings: settings.value,
    command: kept ? { ...command.value, action: 'kept' } : command.value,
  });
}

/** Takes the hooks out again, and the `/save` command unless somebody made it their own. */
export async function removeHooks(
  deps: HooksDeps,
  request: HooksRequest,
): Promise<Result<HooksChange, AppError>> {
  const settings = await changeText(deps, request, settingsPath(request.folder), (text) =>
    text === null ? ok(null) : withoutHooks(text),
  );
  if (!settings.ok) return settings;
  const path = commandPath(request.folder);
  const read = await readText(deps.files, path);
  if (!read.ok) return read;
  const nothing = { path, backup: null, diff: '' };
  const done = (command: FileChange): Result<HooksChange, AppError> =>
    ok({ dryRun: request.dryRun, settings: settings.value, command });
  if (read.value === null) return done({ ...nothing, action: 'unchanged' });
  if (saveCommandOrigin(read.value, deps.bytes) !== 'ours' && !request.force)
    return done({ ...nothing, action: 'kept' });
  const removed: FileChange = { ...nothing, action: 'removed', diff: textDiff(read.value, '') };
  if (request.dryRun) return done(removed);
  const backup = await keepCopy(deps, request, path, read.value);
  if (!backup.ok) return backup;
  const gone = await deps.files.remove(path);
  return gone.ok ? done({ ...removed, backup: backup.value }) : gone;
}

/** Says what is installed, and whether it can still start. */
export async function hooksStatus(
  deps: HooksDeps,
  request: Pick<HooksRequest, 'folder' | 'launcher'>,
): Promise<Result<HooksStatus, AppError>> {
  const path = settingsPath(request.folder);
  const read = await readText(deps.files, path);
  if (!read.ok) return read;
  const found = read.value === null || read.value.trim() === '' ? ok([]) : findHooks(read.value);
  if (!found.ok) return err(inFile(found.error, path));
  const hooks = found.value;
  const current = hooks.filter(
    ({ event, command }) => command === `${request.launcher} ${HOOK_WORDS[event]}`,
  );
  const events = new Set(hooks.map((hook) => hook.event));
  const state =
    events.size === 0
      ? 'absent'
      : events.size < HOOK_EVENTS.length
        ? 'partial'
        : current.length < hooks.length
          ? 'outdated'
          : 'installed';
  const programs = new Set(
    hooks.flatMap(({ command }) => launcherWords(command)).filter((word) => /^(?:\/|[A-Za-z]:)/.test(word)),
  );
  const missing: string[] = [];
  for (const program of programs) {
    const facts = await deps.files.stat(program);
    if (facts.ok && facts.value === null) missing.push(program);
    // A launcher may be there while what it starts is not.
    const target = await readTarget(deps, program);
    if (target !== null && !(await isThere(deps, target))) missing.push(target.cli);
  }
  return ok({
    settings: path,
    state,
    hooks,
    missing,
    command: { path: commandPath(request.folder), state: await commandState(deps, request) },
  });
}

async function commandState(
  deps: HooksDeps,
  request: Pick<HooksRequest, 'folder' | 'launcher'>,
): Promise<HooksStatus['command']['state']> {
  const read = await readText(deps.files, commandPath(request.folder));
  if (!read.ok || read.value === null) return 'absent';
  if (read.value.replaceAll('\r\n', '\n') === saveCommandText(request.launcher, deps.bytes))
    return 'installed';
  const origin = saveCommandOrigin(read.value, deps.bytes);
  return origin === 'ours' ? 'outdated' : origin;
}

async function changeText(
  deps: HooksDeps,
  request: HooksRequest,
  path: string,
  change: (text: string | null) => Result<string | null, AppError>,
): Promise<Result<FileChange, AppError>> {
  const read = await readText(deps.files, path);
  if (!read.ok) return read;
  const before = read.value;
  const after = change(before);
  if (!after.ok) return err(inFile(after.error, path));
  const text = after.value;
  if (text === null || text === before) return ok({ path, action: 'unchanged', backup: null, diff: '' });
  const diff = textDiff(before ?? '', text);
  const action = before === null ? 'created' : 'changed';
  if (request.dryRun) return ok({ path, action, backup: null, diff });
  const backup = before === null ? ok(null) : await keepCopy(deps, request, path, before);
  if (!backup.ok) return backup;
  // Claude Code writes this file too: only what was read and shown may be replaced.
  let same = true;
  const written = await changeFile(deps.files, path, MODE, (existing) => {
    same = (existing === null ? null : decode(existing)) === before;
    return same ? new TextEncoder().encode(text) : null;
  });
  if (!written.ok) return written;
  if (!same)
    return err(
      appError('attention', `${path} was changed by another program just now.`, 'Repeat the command.', {
        transient: true,
      }),
    );
  return ok({ path, action, backup: backup.value, diff });
}

/** Keeps a copy under a name that says what it is of and when; the same content at the same second is one copy. */
async function keepCopy(
  deps: HooksDeps,
  request: HooksRequest,
  path: string,
  text: string,
): Promise<Result<string, AppError>> {
  const bytes = new TextEncoder().encode(text);
  const stamp = new Date(deps.clock.now()).toISOString().replaceAll(/[:-]|\.\d+/g, '');
  const copy = inFolder(
    request.backups,
    `${path.slice(path.lastIndexOf('/') + 1)}-${stamp}-${deps.bytes.sha256(bytes).slice(0, 8)}`,
  );
  return mapOk(await deps.files.create(copy, bytes), () => copy);
}

async function readText(files: Files, path: string): Promise<Result<string | null, AppError>> {
  const facts = await files.stat(path);
  if (!facts.ok) return facts;
  if (facts.value?.kind === 'symlink') {
    return err(
      appError(
        'attention',
        `${path} is a link to another place and was left as it is.`,
        'Name the folder it leads to: --folder <folder with the real settings.json>.',
      ),
    );
  }
  const read = await files.read(path);
  if (!read.ok) return read;
  if (read.value === null) return ok(null);
  const text = decode(read.value);
  if (text !== null) return ok(text);
  return err(
    appError('corrupt', `${path} is not UTF-8 and was left as it is.`, 'Save it as UTF-8 and repeat.'),
  );
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function inFile(error: AppError, path: string): AppError {
  return { ...error, message: `${path}: ${error.message}`, details: { ...error.details, path } };
}

function settingsPath(folder: string): string {
  return inFolder(folder, 'settings.json');
}

function commandPath(folder: string): string {
  return inFolder(folder, 'commands', 'save.md');
}

/** Every file that a change was about. */
export function changedFiles({ settings, command }: HooksChange): readonly FileChange[] {
  return [settings, command];
}
