/** All paths in the data folder. Absolute; built in one place, so that no other file joins these names. */
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
