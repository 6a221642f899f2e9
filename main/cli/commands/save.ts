import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Command } from 'commander';
import { appError, exitCodeOf, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { Author } from '../../../shared/domain/author.ts';
import { formatBytes } from '../../../shared/format/amount.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { openLocal, type LocalContext } from '../../compose/open-local.ts';
import { agentSession } from '../agent-session.ts';
import type { Scope } from '../../core/save/log-folder.ts';
import type { SaveRequest, SaveWhere } from '../../core/save/save-plan.ts';
import { needsAuthor } from '../../core/workflows/save-place.ts';
import {
  checkSession,
  saveSession,
  type SaveSessionSteps,
  type SessionSaved,
} from '../../core/workflows/save-session.ts';
import { describeError, finish, finishOutcome, type CliContext } from '../cli-context.ts';
import { gitProgress } from '../git-progress.ts';
import { exitCodeOfReport } from '../git-receipt.ts';
import { noteScreen } from '../note-screen.ts';
import { parseCount } from '../parse-options.ts';
import { sessionText, storeText } from '../saved-text.ts';
import { forPeople } from '../terminal-encoding.ts';
import type { TakenText } from '../write-in-editor.ts';

interface SaveOptions {
  readonly topic?: string;
  readonly project?: string;
  readonly client?: string;
  readonly session?: string;
  readonly log?: string;
  readonly file?: string;
  readonly edit?: boolean;
  readonly workspace?: string;
  readonly sync: boolean;
  readonly wait?: string;
  readonly withSecrets?: boolean;
  readonly json?: boolean;
}

/** How long the store may delay an agent after its answer is printed; the rest happens later. */
const STORE_MS = 10_000;

/** The options of `save`, for both the command line parser and {@link parseSaveWords}. */
const OPTIONS: readonly (readonly [flags: string, description: string])[] = [
  ['--topic <words>', 'what the session was about; names the file'],
  ['--project <name>', 'the log belongs to this project'],
  ['--client <slug>', 'the log belongs to this client'],
  ['--session <id>', "id of the agent's session; a further save of it appends (from the environment)"],
  ['--log <path>', 'continue, or make, exactly this log'],
  ['--file <path>', 'take the text from a file; - for standard input'],
  ['--edit', 'write the text in an editor'],
  ['--workspace <folder>', 'a folder of the workspace (default: the current folder)'],
  ['--no-sync', 'only write; sync later'],
  ['--wait <seconds>', 'how long to wait for another sync of the workspace'],
  ['--with-secrets', 'commit the log even if there are secrets in it'],
  ['--json', 'print one JSON envelope'],
];

/** `session-log save`: writes the log of a session, then syncs. */
export function registerSave(program: Command, context: CliContext): void {
  const command = program
    .command('save')
    .description('write the log of this session (from standard input, a file or the editor), then sync');
  for (const [flags, description] of OPTIONS) command.option(flags, description);
  command.action((options: SaveOptions) => runSave(context, options));
}

/** Parses plain options of `save`; null for anything else (help, a typo, a missing value). */
export function parseSaveWords(words: readonly string[]): SaveOptions | null {
  const types = OPTIONS.map(([flags]) => {
    const type = flags.includes('<') ? 'string' : 'boolean';
    return [flags.slice(2).split(' ', 1)[0] ?? '', { type }] as const;
  });
  try {
    const { values } = parseArgs({ args: [...words], options: Object.fromEntries(types), strict: true });
    const {
      'no-sync': later,
      'with-secrets': withSecrets = false,
      ...options
    } = values as unknown as SaveOptions & {
      readonly 'no-sync'?: boolean;
      readonly 'with-secrets'?: boolean;
    };
    return { ...options, withSecrets, sync: later !== true };
  } catch {
    return null;
  }
}

/** Runs one save to its end and prints its result. */
export async function runSave(context: CliContext, options: SaveOptions): Promise<void> {
  const json = options.json ?? false;
  const wait = parseCount('wait', options.wait, 0);
  if (!wait.ok) return finish(context, json, wait, () => '');
  const local = openLocal();
  if (!local.ok) return failUnread(context, json, options, local.error);
  const { settings } = local.value;
  const where = whereOf(context, options);
  const asking = askingForAuthor(context, settings.author, json);
  const checkFirst = async (): Answer<void> =>
    where.ok ? asking((author) => checkSession(local.value, author, where.value)) : where;
  // Before the editor opens, not after, a person learns what is wrong.
  const editing = willEdit(options);
  const checked = editing ? await checkFirst() : ok(undefined);
  if (!checked.ok) return finish(context, json, checked, () => '');
  const text = await takeText(context, local.value, options, editing);
  if (!text.ok) return finish(context, json, text, () => '');
  if (!where.ok) return fail(context, json, text.value, where.error);
  const log = { ...where.value, text: text.value.bytes, from: text.value.from, topic: options.topic ?? null };
  const request = {
    log,
    sync: options.sync,
    withSecrets: options.withSecrets ?? false,
    waitMs: (wait.value ?? settings.git.lockWaitSeconds) * 1_000,
    signal: context.signal,
  };
  const steps = stepsOf(context, json, text.value);
  const saved = await asking((author) => saveSession(local.value, { ...request, author }, steps));
  if (!saved.ok) return fail(context, json, text.value, saved.error);
  const unpushed = json ? null : storeText(saved.value.store);
  if (unpushed !== null) context.warn(`${unpushed}\n`);
}

/** What is printed while a session is saved. */
function stepsOf(context: CliContext, json: boolean, text: TakenText): SaveSessionSteps {
  const progress = gitProgress(context);
  return {
    onWritten: text.discard,
    onProgress: progress.onProgress,
    show: async (saved) => {
      progress.clear();
      showSaved(context, json, saved);
      // With --json a program has read the notes, not a person.
      return json ? [] : noteScreen(saved.notes).shown.map((note) => note.hash);
    },
    async reachStore(reader) {
      const { drainWithin } = await import('../drain-queue.ts');
      return drainWithin(context, reader, STORE_MS);
    },
  };
}

/** Prints the receipt and sets the exit code. */
function showSaved(context: CliContext, json: boolean, saved: SessionSaved): void {
  const { report, problem, unsynced } = saved;
  if (json) finishOutcome(context, true, saved, () => '');
  else {
    context.out(forPeople(sessionText(saved), context.env));
    // The text already contains what the report says about its trees.
    const unsaid = unsynced ?? report.save.problem;
    if (unsaid !== null) context.warn(`${describeError(unsaid)}\n`);
  }
  if (problem !== null)
    context.exitWith((report.sync !== null && exitCodeOfReport(report.sync)) || exitCodeOf(problem));
}

/** Runs what needs to know the author; a person at the terminal who never gave it is asked, once, and it runs again. */
function askingForAuthor(
  context: CliContext,
  known: Author,
  json: boolean,
): <T>(run: (author: Author) => Answer<T>) => Answer<T> {
  let author = known;
  return async (run) => {
    const first = await run(author);
    if (first.ok || json || !needsAuthor(first.error)) return first;
    const { askForAuthor } = await import('../ask-author.ts');
    const said = await askForAuthor(context);
    if (said === null || !said.ok) return said ?? first;
    author = said.value;
    return run(author);
  };
}

async function takeText(
  context: CliContext,
  local: LocalContext,
  options: SaveOptions,
  editing: boolean,
): Answer<TakenText> {
  const stay = async (): Promise<void> => undefined;
  if (options.file !== undefined && options.file !== '-') {
    const path = resolve(context.cwd, options.file);
    const facts = await local.files.stat(path);
    if (!facts.ok) return facts;
    if ((facts.value?.size ?? 0) > TEXT_LIMIT) return err(tooLong());
    const read = await local.files.read(path);
    if (!read.ok)
      return read.error.code === 'invalid-input' ? err({ ...read.error, remedy: GIVE_A_FILE }) : read;
    if (read.value !== null)
      return ok({ bytes: read.value, from: { kind: 'file', path }, draft: false, discard: stay });
    return err(appError('not-found', `There is no file ${path}.`, 'Check the path given with --file.'));
  }
  if (editing) {
    const { writeInEditor } = await import('../write-in-editor.ts');
    return writeInEditor(context, local, options.topic ?? null);
  }
  const bytes = await context.readInput(TEXT_LIMIT);
  return bytes === null
    ? err(tooLong())
    : ok({ bytes, from: { kind: 'stream' }, draft: false, discard: stay });
}

/** Instead of what to do about a folder in the place of a log. */
const GIVE_A_FILE = 'Give a file with --file, or pass the text on standard input.';

/** For one save, in bytes: far more than a session has to say, and far less than a workspace, git and a reader can bear. */
const TEXT_LIMIT = 32 * 1024 * 1024;

function tooLong(): AppError {
  return appError(
    'invalid-input',
    `The text is larger than ${formatBytes(TEXT_LIMIT)}, too large for a session log. Nothing was written.`,
    'Save a summary, and name the file that holds the rest.',
  );
}

/** A person who provides no text writes it. */
function willEdit({ edit, file }: SaveOptions): boolean {
  if (file !== undefined && file !== '-') return false;
  return edit === true || (file === undefined && process.stdin.isTTY);
}

function scopeOf({ project, client }: SaveOptions): Result<Scope | null, AppError> {
  if (project !== undefined && client !== undefined)
    return err(
      appError(
        'usage',
        'A log belongs to a project or to a client, not to both.',
        'Give --project or --client.',
      ),
    );
  if (project !== undefined) return ok({ kind: 'project', name: project });
  return ok(client === undefined ? null : { kind: 'client', name: client });
}

function whereOf(
  context: CliContext,
  options: SaveOptions,
): Result<SaveWhere & Pick<SaveRequest, 'log'>, AppError> {
  const scope = scopeOf(options);
  if (!scope.ok) return scope;
  const absolute = (path: string | undefined): string | null =>
    path === undefined ? null : resolve(context.cwd, path);
  return ok({
    cwd: context.cwd,
    workspace: absolute(options.workspace),
    scope: scope.value,
    session: agentSession(options.session, context.env),
    log: absolute(options.log),
  });
}

/** Ends a save that could not even begin: text from standard input exists nowhere else, so it is read and shown. */
async function failUnread(
  context: CliContext,
  json: boolean,
  options: SaveOptions,
  error: AppError,
): Promise<void> {
  const streamed = (options.file === undefined || options.file === '-') && !willEdit(options);
  const bytes = streamed ? await context.readInput(TEXT_LIMIT) : null;
  const from = { kind: 'stream' } as const;
  fail(
    context,
    json,
    { bytes: bytes ?? new Uint8Array(), from, draft: false, discard: async () => undefined },
    error,
  );
}

/** Nothing is ever lost: a text that could not even be stored on disk goes to standard error. */
function fail(context: CliContext, json: boolean, text: TakenText, error: AppError): void {
  const { from } = text;
  const shown =
    from.kind === 'file' && text.draft
      ? { ...error, remedy: `${error.remedy} Your draft is in ${from.path}; save it with --file.` }
      : error;
  finish(context, json, err(shown), () => '');
  const kept = error.details?.['keptAt'];
  const nowhere = text.from.kind === 'stream' && (kept === undefined || kept === null);
  if (nowhere && text.bytes.length > 0) context.warn(`\n${new TextDecoder().decode(text.bytes)}\n`);
  context.exitWith(exitCodeOf(error));
}
