import type { Answer } from '../../../shared/app-error.ts';
import { mapOk } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { appendText } from './append-text.ts';
import { dailyAddition, dailyLogName } from './daily-log.ts';
import { inFolder } from '../files/folder-path.ts';
import type { SavePlan } from './save-plan.ts';
import type { LogWritten } from './write-log.ts';

/** The result for the machine's daily log. */
export interface DailyWritten {
  /** Relative to the data folder's `session-logs/`. */
  readonly path: string;
  readonly file: string;
  readonly action: 'appended' | 'unchanged';
}

const PRIVATE_MODE = 0o600;

/** Adds a save to the machine's daily log in the data folder. The caller holds the save lock. */
export async function writeDaily(
  files: Files,
  sessionLogs: string,
  plan: SavePlan,
  log: LogWritten,
): Answer<DailyWritten> {
  const path = dailyLogName(log.day);
  const file = inFolder(sessionLogs, path);
  const input = {
    identity: plan.identity,
    topic: log.topic,
    time: plan.time,
    mark: { session: log.session, saved: plan.time.local, text: plan.textHash },
    log: `${plan.home.name}/${log.path}`,
  };
  const appended = await appendText(files, file, PRIVATE_MODE, (existing) =>
    dailyAddition(existing, plan.text, input),
  );
  return mapOk(appended, (text) => ({ path, file, action: text === '' ? 'unchanged' : 'appended' }));
}
