import { hostname } from 'node:os';
import type { AppError } from '../../shared/app-error.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { ok, type Result } from '../../shared/result.ts';
import { createNodeFiles, replaceNow } from '../adapters/disk/node-files.ts';
import { createJsonSettings } from '../adapters/settings/json-settings.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeDigest } from '../adapters/system/node-digest.ts';
import { createNodeRandom } from '../adapters/system/node-random.ts';
import type { Bytes } from '../core/ports/bytes.ts';
import type { Clock, Random } from '../core/ports/clock.ts';
import type { CommandRunner } from '../core/ports/command-runner.ts';
import type { Files } from '../core/ports/files.ts';
import { createForge } from '../adapters/git/ask-forge.ts';
import type { Forge } from '../core/ports/forge.ts';
import type { Git } from '../core/ports/git.ts';
import type { Locks } from '../core/ports/lock.ts';
import type { SecretWatch } from '../core/ports/secret-watch.ts';
import { createNotSecrets } from '../core/secrets/not-secrets.ts';
import { createSecretWatch } from '../core/secrets/secret-watch.ts';
import type { DataPaths } from '../core/files/data-paths.ts';
import { userName } from './user-name.ts';
import { lazyGit, lazyLocks, lazyRunner, lazyScanner } from './lazy-ports.ts';
import { dataPaths, resolveHome } from './paths.ts';
import { playedMachine } from './played-machine.ts';

/**
 * What saving, notes and hooks need: the data folder and the disk, without store, index, identity or any package. An agent waits for these
 * commands, and a hook has a fraction of a second.
 */
export interface LocalContext {
  readonly paths: DataPaths;
  readonly settings: Settings;
  readonly files: Files;
  readonly locks: Locks;
  readonly git: Git;
  /** Servers that repositories are pushed to. */
  readonly forge: Forge;
  readonly clock: Clock;
  readonly random: Random;
  readonly bytes: Pick<Bytes, 'sha256'>;
  readonly runner: CommandRunner;
  /** Finds secrets in logs before they are committed. */
  readonly secrets: SecretWatch;
  readonly hostname: string;
  /** The system's name for the user. */
  readonly systemUser: string;
}

/** Builds the local context over this environment's data folder; creates nothing on disk. */
export function openLocal(): Result<LocalContext, AppError> {
  const home = resolveHome();
  if (!home.ok) return home;
  const settings = createJsonSettings(home.value, replaceNow).get();
  if (!settings.ok) return settings;
  const paths = dataPaths(home.value);
  const files = createNodeFiles();
  const bytes = createNodeDigest();
  const notSecrets = createNotSecrets(files, paths.notSecrets);
  return ok({
    paths,
    settings: settings.value,
    files,
    secrets: createSecretWatch({ scanner: lazyScanner(), notSecrets, bytes }),
    locks: lazyLocks(),
    git: lazyGit(),
    forge: createForge(),
    clock: createNodeClock(),
    random: createNodeRandom(),
    bytes,
    runner: lazyRunner(),
    hostname: playedMachine(paths)?.hostname() ?? hostname(),
    systemUser: userName(),
  });
}
