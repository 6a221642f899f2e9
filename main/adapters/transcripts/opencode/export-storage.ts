import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { appError, isAppError } from '../../../../shared/app-error.ts';
import { isSessionId } from '../../../../shared/transcripts/agents.ts';
import type { DatabaseEntries, DatabaseReader } from '../reading/database-sessions.ts';
import { readError } from '../reading/read-file.ts';
import { fields, number, parsed, text, type Fields } from '../reading/values.ts';

/** The format of an export from the tables of opencode 2, as part of its name. */
export const SECOND_FORM = 'v2';

/**
 * The folders of opencode before 1.2: `storage/session/<project>/<session>.json`, a session's messages in `storage/message/<session>/`, a
 * message's parts in `storage/part/<message>/`, one file each. A path is that of the session's file.
 */
export const STORAGE: DatabaseReader = { list: sessionIn, export: exportStored };

/** Larger files are not exported, only their size. */
const LARGEST_FILE = 32 << 20;

function sessionIn(path: string): DatabaseEntries {
  const info = infoOf(path);
  const id = basename(path, '.json');
  const changedAt = number(fields(info['time'])['updated']) ?? Math.floor(statSync(path).mtimeMs);
  const size = namesIn(join(storageOf(path), 'message', id)).length;
  return { sessions: [{ id, parent: text(info['parentID']), changedAt, size }] };
}

/** Exports a session in the form of `opencode export`. Concurrent changes may or may not be included. @throws AppError */
function* exportStored(path: string, id: string): Generator<Buffer> {
  const storage = storageOf(path);
  yield Buffer.from(`{"info":${JSON.stringify(infoOf(path))},"messages":[`);
  // Names are ids that increase with time.
  for (const [index, message] of namesIn(join(storage, 'message', id)).entries()) {
    const info = oneLine(join(storage, 'message', id, message));
    yield Buffer.from(`${index === 0 ? '' : ','}\n{"info":${info},"parts":[`);
    const folder = join(storage, 'part', basename(message, '.json'));
    for (const [at, part] of namesIn(folder).entries())
      yield Buffer.from(`${at === 0 ? '' : ','}${oneLine(join(folder, part))}`);
    yield Buffer.from(']}');
  }
  yield Buffer.from('\n]}\n');
}

function storageOf(path: string): string {
  return dirname(dirname(dirname(path)));
}

function infoOf(path: string): Fields {
  const info = parsed(read(path));
  if (info !== null) return fields(info);
  throw appError(
    'corrupt',
    `not understood: ${path} is no session of opencode.`,
    'Look for a newer version of Session Log: session-log doctor.',
  );
}

/** A file's JSON on one line; a placeholder if it is too large or torn. */
function oneLine(path: string): string {
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > LARGEST_FILE) return JSON.stringify({ type: 'left-out', bytes: size });
  const value = size === 0 ? null : parsed(read(path));
  return JSON.stringify(value === null ? { type: 'torn' } : value);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw isAppError(error) ? error : readError(path, error);
  }
}

/** A folder's JSON files, sorted by name; none if it does not exist. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json') && isSessionId(basename(name, '.json')))
      .sort();
  } catch {
    return [];
  }
}
