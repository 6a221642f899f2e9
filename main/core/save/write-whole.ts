import { fail, type Answer } from '../../../shared/app-error.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { changeFile } from '../files/change-file.ts';
import { readMark } from './find-own-log.ts';
import { inFolder, nameOf } from '../files/folder-path.ts';
import type { LogWritten } from './write-log.ts';

/** The result for the whole log's copy in the data folder. */
export interface WholeWritten {
  /** Relative to the data folder's `session-logs/`. */
  readonly path: string;
  readonly file: string;
  readonly action: 'written' | 'unchanged';
}

const PRIVATE_MODE = 0o600;
const MAX_DISCRIMINATOR = 999;

/**
 * Updates the data folder's copy of a log from the workspace, so that the whole log goes to the store (`save.toStore`). Appends if the log
 * only grew, so the store sees a growing log. The caller holds the save lock.
 * @param sessionLogs the data folder's `session-logs/`, absolute
 */
export async function writeWhole(
  files: Files,
  sessionLogs: string,
  log: Pick<LogWritten, 'path' | 'file' | 'session' | 'day'>,
): Answer<WholeWritten> {
  const whole = await files.read(log.file);
  if (!whole.ok) return whole;
  const bytes = whole.value;
  if (bytes === null)
    return fail(
      'not-found',
      `${log.file} is gone; its copy in the data folder is as it was.`,
      'Save again when the log is back.',
    );
  const path = await copyPath(files, sessionLogs, log);
  if (!path.ok) return path;
  const file = inFolder(sessionLogs, path.value);
  const changed = await changeFile(files, file, PRIVATE_MODE, (existing) =>
    // A log truncated in the workspace does not shorten its copy.
    existing !== null && startsWith(existing, bytes) ? null : bytes,
  );
  return mapOk(changed, (wrote) => ({ path: path.value, file, action: wrote ? 'written' : 'unchanged' }));
}

/**
 * Path of the copy: by project or client, then by month, under the log's own name. Logs of two workspaces may share a name; the mark in
 * each names its owner.
 */
async function copyPath(
  files: Files,
  sessionLogs: string,
  { path, session, day }: Pick<LogWritten, 'path' | 'session' | 'day'>,
): Answer<string> {
  const name = parseLogName(path);
  const scope =
    name.project !== null
      ? `projects/${name.project}/`
      : name.client !== null
        ? `clients/${name.client}/`
        : '';
  const stem = `${scope}${(name.date ?? day).slice(0, 7)}/${nameOf(path).replace(/\.md$/i, '')}`;
  for (let n = 1; n <= MAX_DISCRIMINATOR; n++) {
    const candidate = `${stem}${n === 1 ? '' : `-${n}`}.md`;
    const file = inFolder(sessionLogs, candidate);
    const facts = await files.stat(file);
    if (!facts.ok) return facts;
    if (facts.value === null || (await readMark(files, file))?.session === session) return ok(candidate);
  }
  return fail(
    'attention',
    `${stem}.md and its numbered neighbours exist already.`,
    'Save with another --topic.',
  );
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  const latin1 = new TextDecoder('latin1');
  return latin1.decode(bytes.subarray(0, start.length)) === latin1.decode(start);
}
