import { isAbsolute, join, normalize } from 'node:path';
import { appError, type AppError } from '../../shared/app-error.ts';
import { quote } from '../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { userHome } from './user-home.ts';

/** All paths of this machine. Absolute; the only table of them, so that no other file joins these names. */
export interface DataPaths {
  readonly home: string;
  /** Written once; who this machine is. */
  readonly machineId: string;
  /** This machine's secret key where no keychain has it, in age's identity-file format. */
  readonly machineKey: string;
  readonly settings: string;
  /** Only in a demo's data folder: the machine it simulates. */
  readonly playedMachine: string;
  /** This machine's logs: the truth. */
  readonly sessionLogs: string;
  /** Other machines' logs, read-only copies. */
  readonly cache: string;
  /** The merged index as ADR-058 names it; regenerable. */
  readonly cacheIndex: string;
  /** Everything below it can be recreated. */
  readonly state: string;
  /** A short summary of each indexed machine, so that `status` need not open the database. */
  readonly machineSummary: string;
  /** Receipts for colleagues' notes, until the shard has them. */
  readonly receipts: string;
  /** Readers' marks on tasks and when they last looked, until the shard has them. */
  readonly marks: string;
  /** The brief for agents' sessions, so that their hook opens no database. */
  readonly brief: string;
  readonly indexDb: string;
  /** Full text of every available log. */
  readonly searchDb: string;
  readonly schedule: string;
  readonly inbox: string;
  readonly queue: string;
  /** Where each session's log was last seen. */
  readonly sessionHints: string;
  /** Safe copies of agents' transcripts; not below `state`, because the agents delete theirs. */
  readonly transcripts: string;
  /** State of each agent session. */
  readonly captures: string;
  /** Texts of saves that failed; not below `state`, because they exist nowhere else. */
  readonly unsaved: string;
  /** Values withheld from pushed logs, sealed to this machine; not below `state`, because they may exist nowhere else. */
  readonly keptSecrets: string;
  /** What a person marked as no secret. */
  readonly notSecrets: string;
  /** Parts of logs whose pushed size differs from the local one; regenerable. */
  readonly withheldSizes: string;
  /** Digests of logs in which no secret was found; regenerable. */
  readonly harmlessLogs: string;
  /** Backups of others' files from before our changes. */
  readonly backups: string;
  /** Records of migrations out of git: their proof and their undo. */
  readonly migrations: string;
  /** The program's app log. */
  readonly appLog: string;
  /** A folder; creating it takes the lock. */
  readonly syncLock: string;
  readonly saveLock: string;
  /** Held while making copies and captured logs. */
  readonly captureLock: string;
  readonly notesLock: string;
  readonly queueLock: string;
  /** Held while creating the machine key. */
  readonly keyLock: string;
  /** Held for life by the process that a hook started to drain the queue. */
  readonly drainLock: string;
  /** When logs were last restored as a proof. */
  readonly drill: string;
  /** Holds large bodies while sealing. */
  readonly spool: string;
  /** End of a person's pause. */
  readonly pause: string;
  /** Root of the embedded folder store, used while no other is configured. */
  readonly store: string;
}

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
  return err(
    appError(
      'invalid-input',
      `SESSION_LOG_HOME is ${quote(named)}, which is not an absolute path.`,
      named.startsWith('~')
        ? 'Write the home folder out: only shells know what ~ means.'
        : 'Give the whole path, e.g. SESSION_LOG_HOME=/srv/session-log.',
    ),
  );
}

function noHome(): AppError {
  return appError(
    'not-configured',
    'The home folder is unknown: HOME is not set, and the system has no entry for this user.',
    'Set SESSION_LOG_HOME to the data folder, e.g. SESSION_LOG_HOME=/srv/session-log, or set HOME.',
  );
}
