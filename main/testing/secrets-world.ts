import { createSecretScanner } from '../adapters/secrets/secret-scanner.ts';
import { createShardTexts } from '../core/text-packs/publish-texts.ts';
import { createHarmlessLogs } from '../core/secrets/harmless-logs.ts';
import { createKeptValues, type KeptValues } from '../core/secrets/kept-values.ts';
import { createNotSecrets, type NotSecrets } from '../core/secrets/not-secrets.ts';
import { createSecretWatch } from '../core/secrets/secret-watch.ts';
import { createWithheldSizes } from '../core/secrets/withheld-sizes.ts';
import { createWithholdingFiles, type WithholdingMode } from '../core/secrets/withholding-files.ts';
import type { SecretScanner } from '../core/ports/secret-scanner.ts';
import { reversingKeys } from './reversing-keys.ts';
import type { TestMachine } from './sync-world.ts';

/** A machine of the sync world that withholds secrets, with what is behind it. */
export interface WithholdingMachine extends TestMachine {
  readonly kept: KeptValues;
  readonly notSecrets: NotSecrets;
  readonly scanner: SecretScanner;
  /** What becomes of secrets now. */
  mode: WithholdingMode;
}

/** Puts withholding around a machine's disk, as the program does. */
export function withholding(machine: TestMachine): WithholdingMachine {
  const { files, bytes, logger, self } = machine.deps;
  const { paths } = machine;
  const scanner = createSecretScanner();
  const kept = createKeptValues({ files, bytes, keys: reversingKeys(), folder: paths.keptSecrets });
  const notSecrets = createNotSecrets(files, paths.notSecrets);
  const harmless = createHarmlessLogs(files, paths.harmlessLogs);
  const state: { mode: WithholdingMode } = { mode: 'labels' };
  const seen = createWithholdingFiles({
    files,
    bytes,
    logger,
    watch: createSecretWatch({ scanner, notSecrets, bytes }),
    kept,
    harmless,
    sizes: createWithheldSizes(files, paths.withheldSizes),
    folders: { logs: paths.sessionLogs, cache: paths.cache },
    host: self.hostname,
    mode: async () => state.mode,
  });
  const deps = { ...machine.deps, files: seen, harmless: () => harmless.known() };
  const all = { ...deps, texts: createShardTexts(deps) };
  return {
    ...machine,
    deps: all,
    get base() {
      return { ...machine.base, sync: all };
    },
    kept,
    notSecrets,
    scanner,
    get mode() {
      return state.mode;
    },
    set mode(value) {
      state.mode = value;
    },
  };
}
