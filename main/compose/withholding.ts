import type { Settings } from '../../shared/domain/settings.ts';
import type { Bytes } from '../core/ports/bytes.ts';
import type { Files } from '../core/ports/files.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { MachineKeys } from '../core/ports/machine-keys.ts';
import type { SecretScanner } from '../core/ports/secret-scanner.ts';
import type { SecretWatch } from '../core/ports/secret-watch.ts';
import { createKeptValues, type KeptValues } from '../core/secrets/kept-values.ts';
import { createNotSecrets, type NotSecrets } from '../core/secrets/not-secrets.ts';
import { createSecretWatch } from '../core/secrets/secret-watch.ts';
import { createWithheldSizes } from '../core/secrets/withheld-sizes.ts';
import { createWithholdingFiles } from '../core/secrets/withholding-files.ts';
import type { DataPaths } from './paths.ts';

/** What finds, keeps and forgets secrets. */
export interface SecretTools {
  readonly scanner: SecretScanner;
  readonly kept: KeptValues;
  readonly notSecrets: NotSecrets;
  readonly watch: SecretWatch;
}

interface Parts {
  readonly files: Files;
  readonly bytes: Bytes;
  readonly logger: Logger;
  readonly scanner: SecretScanner;
}

/**
 * The disk as the engine sees it, with labels in the place of secrets in what leaves, and what is behind it.
 * @param settings asked at each log, so that a change takes effect at once
 */
export function openWithholding(
  paths: DataPaths,
  parts: Parts,
  keys: MachineKeys,
  host: string,
  settings: () => Settings,
): { readonly files: Files; readonly tools: SecretTools } {
  const { files, scanner, bytes, logger } = parts;
  const kept = createKeptValues({ files, bytes, keys, folder: paths.keptSecrets });
  const notSecrets = createNotSecrets(files, paths.notSecrets);
  const watch = createSecretWatch({ scanner, notSecrets, bytes });
  const withholding = createWithholdingFiles({
    files,
    bytes,
    logger,
    watch,
    sizes: createWithheldSizes(files, paths.withheldSizes),
    kept,
    folders: { logs: paths.sessionLogs, cache: paths.cache },
    host,
    isOn: () => settings().secrets.withhold !== 'never',
  });
  return { files: withholding, tools: { scanner, kept, notSecrets, watch } };
}
