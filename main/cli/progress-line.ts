import type { SyncProgress } from '../core/sync/sync-deps.ts';
import type { CliContext } from './cli-context.ts';
import { formatBytes } from '../../shared/format/amount.ts';

const WORDS: Readonly<Record<SyncProgress['phase'], string>> = {
  scan: 'Looking at logs',
  upload: 'Pushing',
  publish: 'Publishing the index',
  index: 'Reading the index',
  texts: 'Pulling text for search',
  download: 'Pulling',
  restore: 'Restoring',
  verify: 'Verifying',
  seal: 'Sealing',
  unseal: 'Putting in the clear',
};

const REDRAW_MS = 100;

/**
 * Shows a run's progress on one line of standard error, redrawn in place; nothing when nobody is looking (`--json`, a pipe).
 * @returns the listener, and a function that clears the line at the end
 */
export function progressLine(
  context: CliContext,
  json: boolean,
): { readonly onProgress?: (progress: SyncProgress) => void; readonly clear: () => void } {
  if (json || !context.interactive) return { clear: () => undefined };
  let drawn = 0;
  let shown = false;
  return {
    onProgress: (progress) => {
      const now = performance.now();
      if (now - drawn < REDRAW_MS && progress.done < progress.total) return;
      drawn = now;
      shown = true;
      const count = progress.total > 0 ? ` ${progress.done}/${progress.total}` : '';
      const size = progress.bytes > 0 ? ` (${formatBytes(progress.bytes)})` : '';
      context.draw(`${WORDS[progress.phase]}${count}${size}`);
    },
    clear: () => {
      if (shown) context.draw('');
    },
  };
}
