import { forTerminalLine } from '../../shared/domain/terminal-text.ts';
import type { GitSyncProgress } from '../core/git-sync/git-sync-deps.ts';
import { ownerText } from './owner-text.ts';
import type { CliContext } from './cli-context.ts';

const REDRAW_MS = 100;

/**
 * Reports on standard error whom a git sync is waiting for (once per tree), on a terminal its progress in one redrawn line, and how many
 * session logs of others will stay as they are.
 * @returns the listener, and a function that clears the line at the end
 */
export function gitProgress(context: CliContext): {
  readonly onProgress: (progress: GitSyncProgress) => void;
  readonly clear: () => void;
} {
  const waited = new Set<string>();
  let drawn = { phase: '', at: 0 };
  const clear = (): void => {
    if (drawn.phase !== '') context.draw('');
    drawn = { phase: '', at: 0 };
  };
  const onProgress = (progress: GitSyncProgress): void => {
    if (progress.phase === 'waiting') {
      if (waited.has(progress.tree)) return;
      waited.add(progress.tree);
      context.warn(`${forTerminalLine(`Waiting for the sync of ${ownerText(progress.owner)}.`)}\n`);
      return;
    }
    if (!context.interactive) return;
    if (progress.phase === 'others-uncommitted') {
      clear();
      const { length } = progress.paths;
      context.warn(
        `${length} session ${length === 1 ? 'log' : 'logs'} of other sessions not committed; left as is.\n`,
      );
      return;
    }
    const now = performance.now();
    if (progress.phase === drawn.phase && now - drawn.at < REDRAW_MS) return;
    drawn = { phase: progress.phase, at: now };
    context.draw(phaseText(progress));
  };
  return { onProgress, clear };
}

type Shown = Exclude<GitSyncProgress, { readonly phase: 'waiting' | 'others-uncommitted' }>;

const WORDS = { fetching: 'Fetching', integrating: 'Integrating', pushing: 'Pushing', moving: 'Updating' };

function phaseText(progress: Shown): string {
  if (progress.phase === 'recovering') return `Completing a sync that was ended while ${progress.step}`;
  if (progress.phase === 'committing')
    return `Committing ${progress.files} ${progress.files === 1 ? 'file' : 'files'}`;
  const { doing, percent } = progress;
  const detail = doing === null ? '' : `: ${doing}${percent === null ? '' : ` ${percent}%`}`;
  return `${WORDS[progress.phase]} ${progress.tree}${detail}`;
}
