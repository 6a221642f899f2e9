import type { Files } from '../ports/files.ts';
import { inFolder, nameOf } from '../files/folder-path.ts';
import { readMark } from './find-own-log.ts';

/** Existing captured logs, by session. Whoever writes more of them must report it. */
export interface CapturedLogs {
  /**
   * The log of a session that began that day. Its topic may have differed when it was made.
   * @param stem folder and name below `session-logs/`, as it would be now
   */
  find(stem: string, session: string): Promise<string | null>;
  made(path: string, session: string): void;
}

/** Reads the logs of a folder and day once, on the first request for a session there. */
export function capturedLogs(files: Files, sessionLogs: string): CapturedLogs {
  const days = new Map<string, Promise<Map<string, string>>>();
  const dayOf = (path: string): Promise<Map<string, string>> => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const day = nameOf(path).slice(0, 10);
    const key = `${folder}/${day}`;
    const known = days.get(key) ?? readDay(files, sessionLogs, folder, day);
    days.set(key, known);
    return known;
  };
  return {
    find: async (stem, session) => (await dayOf(stem)).get(session) ?? null,
    made: (path, session) => void dayOf(path).then((day) => day.set(session, path)),
  };
}

async function readDay(
  files: Files,
  sessionLogs: string,
  folder: string,
  day: string,
): Promise<Map<string, string>> {
  const logs = new Map<string, string>();
  const names = await files.names(inFolder(sessionLogs, folder));
  for (const name of names.ok ? names.value : []) {
    if (!name.startsWith(day) || !name.endsWith('.md')) continue;
    const mark = await readMark(files, inFolder(sessionLogs, folder, name));
    if (mark !== null && !logs.has(mark.session)) logs.set(mark.session, `${folder}/${name}`);
  }
  return logs;
}
