import type { AppError, Answer } from '../../shared/app-error.ts';
import { err, type Result } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import { withOwnerRemedy } from '../core/status/owner-remedy.ts';
import type { Outcome } from '../core/workflows/outcome.ts';
import { finish, finishOutcome, type CliContext } from './cli-context.ts';

/** Opens the core, runs a command on it, closes it, prints the result and sets the exit code. */
export function withCore<T>(
  context: CliContext,
  json: boolean,
  run: (core: Core) => Answer<T>,
  human: (value: T) => string,
): Promise<void> {
  return overCore(context, json, run, (result) => finish(context, json, result, human));
}

/** {@link withCore} for a workflow that can be done in part; see {@link finishOutcome}. */
export function withOutcome<R>(
  context: CliContext,
  json: boolean,
  run: (core: Core) => Answer<Outcome<R>>,
  human: (report: R) => string,
  envelope?: (report: R) => unknown,
): Promise<void> {
  return overCore(context, json, run, (result) =>
    result.ok
      ? finishOutcome(context, json, result.value, human, envelope)
      : finish(context, json, result, () => ''),
  );
}

/** Opens the core, runs a command on it, closes it, and has the result printed. */
export async function overCore<T>(
  context: CliContext,
  json: boolean,
  run: (core: Core) => Answer<T>,
  print: (result: Result<T, AppError>, core: Core) => void | Promise<void>,
): Promise<void> {
  const core = await context.core();
  if (!core.ok) return finish(context, json, core, () => '');
  try {
    const result = await run(core.value);
    const { dataFolder, paths } = core.value;
    if (result.ok && dataFolder.readOnly !== null)
      context.warn(`[WARN] ${readOnlyWarning(dataFolder.readOnly)}\n`);
    await print(result.ok ? result : err(withOwnerRemedy(result.error, dataFolder, paths.home)), core.value);
  } finally {
    await core.value.close();
  }
}

/** The warning of a read-only command about a folder it could not write to. */
function readOnlyWarning(folder: string): string {
  return `${folder} cannot be written: this is what is there, and nothing of it was remembered.`;
}
