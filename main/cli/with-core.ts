import type { AppError } from '../../shared/app-error.ts';
import type { Result } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import { finish, type CliContext } from './cli-context.ts';

/** Opens the core, runs a command over it, closes it, prints the outcome and sets the exit code. */
export async function withCore<T>(
  context: CliContext,
  json: boolean,
  run: (core: Core) => Promise<Result<T, AppError>>,
  human: (value: T) => string,
  humanError?: (error: AppError) => string,
): Promise<void> {
  const core = await context.core();
  if (!core.ok) return finish(context, json, core, () => '');
  try {
    finish(context, json, await run(core.value), human, humanError);
  } finally {
    await core.value.close();
  }
}
