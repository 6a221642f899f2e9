import { formatBytes } from '../../shared/format/amount.ts';
import type { SweepRequest } from '../core/workflows/sweep-sessions.ts';
import type { CliContext } from './cli-context.ts';

/** Runs a capture with its progress on one line of the terminal, if somebody is looking. */
export async function drawnCapture<T>(
  context: Pick<CliContext, 'interactive' | 'draw'>,
  json: boolean,
  run: (onProgress: NonNullable<SweepRequest['onProgress']>) => Promise<T>,
): Promise<T> {
  let drawn = false;
  const result = await run(({ done, total, bytes, current }) => {
    if (json || !context.interactive) return;
    drawn = true;
    context.draw(`Keeping sessions ${done}/${total} (${formatBytes(bytes)}) ${current.slice(0, 40)}`);
  });
  if (drawn) context.draw('');
  return result;
}
