import { hostname } from 'node:os';
import { fail, type Answer } from '../../shared/app-error.ts';
import type { MachineUuid } from '../../shared/domain/ids.ts';
import { keepNurserySmall } from '../adapters/system/spare-memory.ts';
import type { Age } from '../core/ports/age.ts';
import type { CommandRunner } from '../core/ports/command-runner.ts';
import type { Files } from '../core/ports/files.ts';
import type { Git } from '../core/ports/git.ts';
import type { Keychain } from '../core/ports/keychain.ts';
import type { Locks } from '../core/ports/lock.ts';
import type { LogIndex } from '../core/ports/log-index.ts';
import type { MachineProbe } from '../core/ports/machine-probe.ts';
import type { SecretScanner } from '../core/ports/secret-scanner.ts';
import type { SearchIndex } from '../core/ports/search-index.ts';
import type { ShardTexts } from '../core/sync/sync-deps.ts';
import type { SessionCopiesDeps } from '../core/capture/session-copies.ts';
import type { GitHistory } from '../core/repository/git-history.ts';
import type { SessionCopies } from '../core/sync/session-copies.ts';
import type { CopyRulesParts } from '../core/workflows/copy-rules.ts';
import type { TextSink } from '../core/text-packs/text-sink.ts';
import type { PublishDeps } from '../core/text-packs/publish-texts.ts';
import { lazily } from './lazily.ts';
import { userName } from './user-name.ts';

const INDEX_METHODS = [
  'knownShards',
  'workspaces',
  'expectMachines',
  'putShard',
  'dropShard',
  'setCached',
  'setDeleted',
  'cachedDigests',
  'page',
  'groups',
  'row',
  'copies',
  'entries',
  'machines',
  'days',
  'notes',
  'receipts',
  'marks',
  'facets',
  'version',
  'exportTo',
] as const satisfies readonly (keyof LogIndex)[];

const SEARCH_METHODS = [
  'known',
  'put',
  'remove',
  'find',
  'keptTexts',
  'pending',
  'swept',
  'setSwept',
  'building',
  'optimise',
  'facts',
] as const satisfies readonly (keyof SearchIndex)[];

/** The lock; read-only commands need none. */
export function lazyLocks(): Locks {
  return lazily(['acquire', 'status'], async () => {
    const { nodeLocks } = await import('../adapters/lock/node-locks.ts');
    return nodeLocks({ who: userName() });
  });
}

/** Sealing and opening; only what is sealed needs them. */
export function lazyAge(): Age {
  return lazily(['newKey', 'recipientOf', 'words', 'seal', 'open', 'sealStream', 'openStream'], async () => {
    const { createAge } = await import('../adapters/age/create-age.ts');
    return createAge();
  });
}

/** The system's keychain; asked once per process, only for sealed content. */
export function lazyKeychain(): Keychain {
  return lazily(['read', 'write'], async () => {
    const { createSystemKeychain } = await import('../adapters/keychain/system-keychain.ts');
    return createSystemKeychain();
  });
}

/** Stands in where the system's keychain is not to be asked. */
export function noKeychain(): Keychain {
  const none = async (): Answer<never> =>
    fail(
      'not-configured',
      'A data folder at this place keeps its key itself, and it has none.',
      'Restore machine-key.txt of this data folder from a backup.',
    );
  return { read: none, write: none };
}

/** The secret scanner; commands that send nothing never load it. */
export function lazyScanner(): SecretScanner {
  let opened: SecretScanner | null = null;
  const { find } = lazily<Pick<SecretScanner, 'find'>, 'find'>(['find'], async () => {
    const { createSecretScanner } = await import('../adapters/secrets/secret-scanner.ts');
    opened = createSecretScanner();
    return opened;
  });
  return { find, close: async () => opened?.close() };
}

/** Git; read-only commands and hooks need none. */
export function lazyGit(): Git {
  return lazily(['run', 'endRun', 'busyIn'], async () => {
    const { gitCli } = await import('../adapters/git/git-cli.ts');
    return gitCli();
  });
}

/** What git has deleted; asked when a log is gone from a workspace. */
export function lazyHistory(files: Files): GitHistory {
  return lazily(['lastCommits', 'sizes', 'read'], async () => {
    const { createGitHistory } = await import('../core/repository/git-history.ts');
    return createGitHistory({ git: lazyGit(), files });
  });
}

/** The shell, for the wiki command only. */
export function lazyRunner(): CommandRunner {
  return lazily(['run'], async () => {
    const { createShellCommandRunner } = await import('../adapters/process/shell-command-runner.ts');
    return createShellCommandRunner();
  });
}

/** The hardware probe; used once in a machine's life, and by the identity card. */
export function lazyProbe(): MachineProbe {
  const { probe } = lazily(['probe'], async () => {
    const { createMachineProbe } = await import('../adapters/machine/machine-probe.ts');
    return createMachineProbe();
  });
  return { probe, hostname };
}

/** Text packs; a push with nothing new never loads them. */
export function lazyTexts(deps: PublishDeps): ShardTexts {
  return lazily(['publish', 'check', 'startOver', 'emptyRetired', 'restored'], async () => {
    const { createShardTexts } = await import('../core/text-packs/publish-texts.ts');
    return createShardTexts(deps);
  });
}

/** Where texts of other machines go; what pulls or forgets asks it. */
export function lazyTextSink(search: SearchIndex, index: LogIndex): TextSink {
  return lazily(['put', 'missing', 'drop', 'forget'], async () => {
    const { createSearchTextSink } = await import('../core/text-packs/search-text-sink.ts');
    return createSearchTextSink(search, index);
  });
}

/** Safe copies in the store; what a push asks first. */
export function lazyCopies(deps: Omit<SessionCopiesDeps, 'rules'>, rules: CopyRulesParts): SessionCopies {
  return lazily(['push', 'fetch', 'check', 'drop', 'restore'], async () => {
    const [{ createSessionCopies }, { copyRules }] = await Promise.all([
      import('../core/capture/session-copies.ts'),
      import('../core/workflows/copy-rules.ts'),
    ]);
    return createSessionCopies({ ...deps, rules: copyRules(rules) });
  });
}

/** The index; `status` and a push with nothing to do never ask it. */
export function lazyIndex(file: string, own: MachineUuid, thread: 'worker' | 'caller'): LogIndex {
  let opened: LogIndex | null = null;
  const methods = lazily<Pick<LogIndex, (typeof INDEX_METHODS)[number]>, (typeof INDEX_METHODS)[number]>(
    INDEX_METHODS,
    async () => {
      const { createSqliteLogIndex } = await import('../adapters/sqlite/sqlite-log-index.ts');
      // Only a command's process runs on the calling thread, and has nothing else to do.
      opened = createSqliteLogIndex({ file, own, thread, onMany: keepNurserySmall });
      return opened;
    },
  );
  return {
    ...methods,
    close: async () => {
      await opened?.close();
    },
  };
}

/** The full text; only search and its upkeep load it. */
export function lazySearch(file: string, thread: 'worker' | 'caller'): SearchIndex {
  let opened: SearchIndex | null = null;
  const methods = lazily<Pick<SearchIndex, (typeof SEARCH_METHODS)[number]>, (typeof SEARCH_METHODS)[number]>(
    SEARCH_METHODS,
    async () => {
      const { createSqliteSearchIndex } = await import('../adapters/sqlite/search/sqlite-search-index.ts');
      opened = createSqliteSearchIndex({ file, thread });
      return opened;
    },
  );
  return {
    ...methods,
    close: async () => {
      await opened?.close();
    },
  };
}
