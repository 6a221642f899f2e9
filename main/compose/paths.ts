import { isAbsolute, join, normalize } from 'node:path';
import { appError, type AppError, fail } from '../../shared/app-error.ts';
import { quote } from '../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { DataPaths } from '../core/files/data-paths.ts';
import { userHome } from './user-home.ts';

/**
 * The paths of one data folder. `context-storage/` beside these is other programs' and deliberately has no entry.
 * @param home absolute path of the data folder
 */
export function dataPaths(home: string): DataPaths {
  const [cache, state] = [join(home, 'session-logs-cache'), join(home, 'state')];
  return {
    home,
    machineId: join(home, 'machine-id.json'),
    machineKey: join(home, 'machine-key.txt'),
    settings: join(home, 'settings.json'),
    playedMachine: join(home, 'demo-machine.json'),
    sessionLogs: join(home, 'session-logs'),
    cache,
    cacheIndex: join(cache, 'index.json'),
    state,
    machineSummary: join(state, 'machines.json'),
    receipts: join(state, 'receipts.json'),
    brief: join(state, 'brief.json'),
    marks: join(state, 'marks.json'),
    indexDb: join(state, 'index.db'),
    searchDb: join(state, 'search.db'),
    schedule: join(state, 'schedule.json'),
    inbox: join(state, 'inbox.json'),
    queue: join(state, 'queue.jsonl'),
    sessionHints: join(state, 'sessions.json'),
    keptSecrets: join(home, 'secrets'),
    notSecrets: join(home, 'secrets', 'not-secret.json'),
    withheldSizes: join(state, 'withheld.jsonl'),
    harmlessLogs: join(state, 'harmless.txt'),
    transcripts: join(home, 'transcripts'),
    captures: join(state, 'captures.json'),
    unsaved: join(home, 'unsaved'),
    backups: join(home, 'backups'),
    migrations: join(home, 'migrations'),
    appLog: join(state, 'session-log.log'),
    syncLock: join(state, 'sync.lock'),
    saveLock: join(state, 'save.lock'),
    captureLock: join(state, 'capture.lock'),
    notesLock: join(state, 'notes.lock'),
    queueLock: join(state, 'queue.lock'),
    keyLock: join(state, 'key.lock'),
    drainLock: join(state, 'drain.lock'),
    drill: join(state, 'drill.json'),
    spool: join(state, 'sealing'),
    pause: join(state, 'pause.json'),
    store: join(home, 'store'),
  };
}

/**
 * The data folder: `SESSION_LOG_HOME`, else `~/.coditect-data`. Refuses a relative value: it would name another folder, and so another
 * machine, in every working directory.
 */
export function resolveHome(
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string | null = userHome(),
): Result<string, AppError> {
  const named = env['SESSION_LOG_HOME'] ?? '';
  if (named === '') return home === null ? err(noHome()) : ok(join(home, '.coditect-data'));
  if (isAbsolute(named) && !named.includes('\0')) {
    const plain = normalize(named);
    // `/data/` and `/data` are one folder; messages and comparisons need one spelling.
    return ok(
      plain.length > 1 && /[\\/]$/.test(plain) && !/^[A-Za-z]:\\$/.test(plain) ? plain.slice(0, -1) : plain,
    );
  }
  return fail(
    'invalid-input',
    `SESSION_LOG_HOME is ${quote(named)}, which is not an absolute path.`,
    named.startsWith('~')
      ? 'Write the home folder out: only shells know what ~ means.'
      : 'Give the whole path, e.g. SESSION_LOG_HOME=/srv/session-log.',
  );
}

function noHome(): AppError {
  return appError(
    'not-configured',
    'The home folder is unknown: HOME is not set, and the system has no entry for this user.',
    'Set SESSION_LOG_HOME to the data folder, e.g. SESSION_LOG_HOME=/srv/session-log, or set HOME.',
  );
}
