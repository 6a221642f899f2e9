import { isAbsolute, join, normalize } from 'node:path';
import { appError, type AppError } from '../../shared/app-error.ts';
import { quote } from '../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { userHome } from './user-home.ts';

/** Where everything of this machine lies. All absolute; the one table of them, so that no other file joins these names. */
export interface DataPaths {
  readonly home: string;
  /** Written once; who this machine is. */
  readonly machineId: string;
  /** The secret of this machine's key where no keychain has it, as age's own file of identities. */
  readonly machineKey: string;
  readonly settings: string;
  /** Only in a data folder of the demo: which machine it plays. */
  readonly playedMachine: string;
  /** This machine's logs: the truth. */
  readonly sessionLogs: string;
  /** Other machines' logs, read-only copies. */
  readonly cache: string;
  /** The merged index as ADR-058 names it; regenerable. */
  readonly cacheIndex: string;
  /** Everything below it can be made again. */
  readonly state: string;
  /** Each machine of the index in a few lines, so that `status` need not open the database. */
  readonly machineSummary: string;
  /** What was read of colleagues' notes, until the shard carries it. */
  readonly receipts: string;
  /** What readers did with tasks and when they last looked, until the shard carries it. */
  readonly marks: string;
  /** What agents' sessions begin with, so that their hook opens no database. */
  readonly brief: string;
  readonly indexDb: string;
  /** Full text of every log that is at hand. */
  readonly searchDb: string;
  readonly schedule: string;
  readonly inbox: string;
  readonly queue: string;
  /** Where each session's log was last seen. */
  readonly sessionHints: string;
  /** Safe copies of agents' transcripts; not below `state`, because the agents delete theirs. */
  readonly transcripts: string;
  /** What is known of each session of an agent. */
  readonly captures: string;
  /** Texts of saves that failed; not below `state`, because they exist nowhere else. */
  readonly unsaved: string;
  /** Values withheld from what leaves, sealed to this machine; not below `state`, because they may exist nowhere else. */
  readonly keptSecrets: string;
  /** What a person has said is no secret. */
  readonly notSecrets: string;
  /** What of which log leaves with another size than it has here; regenerable. */
  readonly withheldSizes: string;
  /** Copies of other programs' files before we changed them. */
  readonly backups: string;
  /** Records of migrations out of git: their proof and their way back. */
  readonly migrations: string;
  /** The program's app log. */
  readonly appLog: string;
  /** A folder: the lock is the making of it. */
  readonly syncLock: string;
  readonly saveLock: string;
  /** Held while copies and captured logs are made. */
  readonly captureLock: string;
  readonly notesLock: string;
  readonly queueLock: string;
  /** Held while this machine's key is made. */
  readonly keyLock: string;
  /** Held by the process that a hook has started to drain the queue, for as long as it lives. */
  readonly drainLock: string;
  /** When logs were last taken back from the store as a proof. */
  readonly drill: string;
  /** Where large bodies lie while they are sealed. */
  readonly spool: string;
  /** Until when a person wants nothing to happen by itself. */
  readonly pause: string;
  /** Root of the embedded folder store, used while no other store is configured. */
  readonly store: string;
}

/**
 * The table for one data folder. `context-storage/` beside these is other programs' and has no entry here on purpose.
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
 * The data folder: `SESSION_LOG_HOME`, else `~/.coditect-data`.
 * A relative value is refused: it would name another folder, and so another machine, from every working directory.
 */
export function resolveHome(
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string | null = userHome(),
): Result<string, AppError> {
  const named = env['SESSION_LOG_HOME'] ?? '';
  if (named === '') return home === null ? err(noHome()) : ok(join(home, '.coditect-data'));
  if (isAbsolute(named) && !named.includes('\0')) {
    const plain = normalize(named);
    // `/data/` and `/data` are one folder; messages and comparisons should see one spelling.
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
