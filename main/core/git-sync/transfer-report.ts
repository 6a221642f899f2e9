import type { TreeRun } from './tree-run.ts';

/**
 * Announces a phase and returns a listener that turns git's progress lines (`Writing objects: 45% (450/1000), 1.20 MiB | 3.00 MiB/s`) into
 * progress of the run, once per percent.
 */
export function transferReport(
  run: TreeRun,
  phase: 'fetching' | 'integrating' | 'pushing' | 'moving',
): (line: string) => void {
  const tree = run.repo.tree;
  run.request.onProgress?.({ phase, tree, doing: null, percent: null });
  let last = '';
  return (line) => {
    const match = /^(?:remote: )?([A-Z][a-z]+(?: [a-z]+)*): +(\d{1,3})% \(\d+\/\d+\)/.exec(line);
    if (!match || `${match[1]}${match[2]}` === last) return;
    last = `${match[1]}${match[2]}`;
    run.request.onProgress?.({ phase, tree, doing: match[1] ?? '', percent: Number(match[2]) });
  };
}
