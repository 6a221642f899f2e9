import type { FileChange } from '../../../../shared/transcripts/events.ts';

const HEADER = /^\*\*\* (Add|Update|Delete) File: (.+)$/;
const MOVE = /^\*\*\* Move to: (.+)$/;
const KINDS = { Add: 'created', Update: 'changed', Delete: 'deleted' } as const;

/** Parses the files of an `apply_patch` envelope, with the lines of each; `[]` for any other text. */
export function patchFiles(patch: string): readonly FileChange[] {
  const files: {
    path: string;
    change: FileChange['change'];
    to: string | null;
    added: number;
    removed: number;
  }[] = [];
  for (const line of patch.split('\n')) {
    const [, kind, path] = HEADER.exec(line.trimEnd()) ?? [];
    const last = files.at(-1);
    if (kind !== undefined && path !== undefined) {
      files.push({ path, change: KINDS[kind as keyof typeof KINDS], to: null, added: 0, removed: 0 });
    } else if (last !== undefined) {
      const to = MOVE.exec(line.trimEnd())?.[1];
      if (to !== undefined) Object.assign(last, { change: 'moved', to });
      else if (line.startsWith('+')) last.added += 1;
      else if (line.startsWith('-')) last.removed += 1;
    }
  }
  // The number of lines of a deleted file is not given.
  return files.map((file) => (file.change === 'deleted' ? { ...file, added: 0, removed: null } : file));
}

/** Extracts the patch from a command that calls apply_patch (`apply_patch <<'EOF' …`); null for other commands. */
export function patchInCommand(command: string): string | null {
  if (!/^\s*(?:cd [^\n]+&&\s*)?apply_?patch\b/.test(command)) return null;
  const from = command.indexOf('*** Begin Patch');
  return from === -1 ? null : command.slice(from);
}
