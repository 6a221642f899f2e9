import type { HooksChange } from '../core/agent-hooks/claude-hooks.ts';
import type { FileChange } from '../core/agent-hooks/edit-agent-file.ts';

/** Formats what a change did to each file, for people. */
export function hooksText(change: HooksChange): string {
  const changed = [change.settings, ...change.commands, ...change.servers];
  const files = changed.map((file) => fileText(file, change.dryRun));
  const isKept = change.commands.some(({ action }) => action === 'kept');
  return [
    ...files,
    ...(isKept ? ['What was kept is not ours or was changed; --force takes it, with a copy.'] : []),
  ].join('\n');
}

function fileText({ path, action, backup, diff }: FileChange, dryRun: boolean): string {
  const would = dryRun && action !== 'unchanged' && action !== 'kept' ? 'would be ' : '';
  return [
    `${path}: ${would}${action}`,
    ...(backup === null ? [] : [`  copy of what was there: ${backup}`]),
    ...(dryRun && diff !== '' ? [diff.replaceAll(/^/gm, '  ')] : []),
  ].join('\n');
}
