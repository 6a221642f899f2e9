import type { Settings } from '../../shared/domain/settings.ts';
import type { Bytes } from '../core/ports/bytes.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Files } from '../core/ports/files.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { MachineKeys } from '../core/ports/machine-keys.ts';
import type { SecretScanner } from '../core/ports/secret-scanner.ts';
import type { SecretWatch } from '../core/ports/secret-watch.ts';
import { createKeptValues, type KeptValues } from '../core/secrets/kept-values.ts';
import { createNotSecrets, type NotSecrets } from '../core/secrets/not-secrets.ts';
import type { SharedValues } from '../core/secrets/shared-values.ts';
import { createSecretWatch } from '../core/secrets/secret-watch.ts';
import { createWithheldSizes } from '../core/secrets/withheld-sizes.ts';
import { createWithholdingFiles, type WithholdingMode } from '../core/secrets/withholding-files.ts';
import type { SyncDeps } from '../core/sync/sync-deps.ts';
import type { DataPaths } from '../core/files/data-paths.ts';
import { lazily } from './lazily.ts';

/** What finds, keeps and forgets secrets. */
export interface SecretTools {
  readonly scanner: SecretScanner;
  readonly kept: KeptValues;
  readonly notSecrets: NotSecrets;
  readonly watch: SecretWatch;
  /** Values shared with the same person's other machines. */
  readonly shared: SharedValues;
  /** The current treatment of found secrets. */
  mode(): Promise<WithholdingMode>;
}

interface Parts {
  readonly files: Files;
  readonly bytes: Bytes;
  readonly logger: Logger;
  readonly scanner: SecretScanner;
  readonly clock: Clock;
}

/**
 * The engine's view of the disk, with labels instead of secrets in pushed content, and the tools behind it.
 * @param settings read for each log, so that a change takes effect at once
 * @param isSealed whether everything written to the store is sealed
 */
export function openWithholding(
  paths: DataPaths,
  parts: Parts,
  keys: MachineKeys,
  host: string,
  settings: () => Settings,
  isSealed: () => Promise<boolean>,
): { readonly disk: Pick<SyncDeps, 'files' | 'leaving' | 'harmless'>; readonly tools: SecretTools } {
  const { files, scanner, bytes, logger } = parts;
  const kept = createKeptValues({ files, bytes, keys, folder: paths.keptSecrets });
  const notSecrets = createNotSecrets(files, paths.notSecrets);
  const shared = lazily(['keys', 'add', 'remove', 'mark', 'sealed', 'open', 'copyOf'], async () => {
    const { createSharedValues } = await import('../core/secrets/shared-values.ts');
    const { clock } = parts;
    return createSharedValues({ files, clock, machineKeys: keys, kept, folder: paths.keptSecrets, host });
  });
  const watch = createSecretWatch({ scanner, notSecrets, bytes });
  const mode = (): Promise<WithholdingMode> => modeOf(settings().secrets.withhold, isSealed);
  const harmless = lazily(['known', 'add'], async () => {
    const { createHarmlessLogs } = await import('../core/secrets/harmless-logs.ts');
    return createHarmlessLogs(files, paths.harmlessLogs);
  });
  const withholding = createWithholdingFiles({
    files,
    bytes,
    logger,
    watch,
    sizes: createWithheldSizes(files, paths.withheldSizes),
    kept,
    harmless,
    folders: { logs: paths.sessionLogs, cache: paths.cache },
    host,
    mode,
  });
  return {
    disk: {
      files: withholding,
      harmless: () => harmless.known(),
      leaving: async (log, leaves) => {
        const { leavingBytes } = await import('../core/secrets/leaving-bytes.ts');
        return leavingBytes({ bytes, watch, host, mode }, log, leaves);
      },
    },
    tools: { scanner, kept, notSecrets, watch, shared, mode },
  };
}

async function modeOf(
  setting: Settings['secrets']['withhold'],
  isSealed: () => Promise<boolean>,
): Promise<WithholdingMode> {
  if (setting === 'never') return 'off';
  return setting === 'plain-store' && (await isSealed()) ? 'shown' : 'labels';
}
