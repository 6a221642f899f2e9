/** One entry of `git status`. */
export interface StatusEntry {
  /** Relative to the top, as on disk. An untracked inner repository ends with `/`. */
  readonly path: string;
  readonly kind: 'tracked' | 'untracked' | 'unmerged';
  /** Index against HEAD: `.`, `A`, `M`, `D`, `T`. */
  readonly staged: string;
  /** Disk against the index. */
  readonly unstaged: string;
  readonly submodule: boolean;
}

export interface TreeStatus {
  /** HEAD's commit; null when the branch has none yet. */
  readonly head: string | null;
  /** Branch name; null when HEAD is detached. */
  readonly branch: string | null;
  /** The remote-tracking ref of HEAD's upstream (`refs/remotes/…`), when it names HEAD's commit; null otherwise. */
  readonly levelWith: string | null;
  readonly entries: readonly StatusEntry[];
  /** Names that are not UTF-8 and so unusable. */
  readonly unreadable: number;
}

/** Arguments whose output {@link parseStatus} reads. Renames off: a rename is a removal and an addition here. */
export const STATUS_ARGS = [
  'status',
  '--porcelain=v2',
  '--branch',
  '-z',
  '--untracked-files=all',
  '--ignore-submodules=dirty',
  '--no-renames',
  '--ahead-behind',
] as const;

/**
 * Parses `git status --porcelain=v2 --branch -z`.
 * @returns null for incomplete output, which lacks HEAD's position
 */
export function parseStatus(output: Uint8Array): TreeStatus | null {
  let head: string | null = null;
  let branch: string | null | undefined;
  let upstream: string | null = null;
  let level = false;
  let unreadable = 0;
  const entries: StatusEntry[] = [];
  for (const line of new TextDecoder().decode(output).split('\0')) {
    if (line.startsWith('# branch.oid ')) head = line.slice(13) === '(initial)' ? null : line.slice(13);
    else if (line.startsWith('# branch.head '))
      branch = line.slice(14) === '(detached)' ? null : line.slice(14);
    else if (line.startsWith('# branch.upstream ')) upstream = line.slice(18);
    else if (line === '# branch.ab +0 -0') level = true;
    else {
      const entry = parseEntry(line);
      if (entry?.path.includes('\ufffd')) unreadable++;
      else if (entry) entries.push(entry);
    }
  }
  if (branch === undefined) return null;
  const levelWith = level && upstream !== null ? `refs/remotes/${upstream}` : null;
  return { head, branch, levelWith, entries, unreadable };
}

function parseEntry(line: string): StatusEntry | null {
  if (line.startsWith('? '))
    return { path: line.slice(2), kind: 'untracked', staged: '.', unstaged: '?', submodule: false };
  const fields = /^([1u]) (.)(.) (\S{4}) /.exec(line);
  if (!fields) return null;
  const unmerged = fields[1] === 'u';
  // Seven more fields before the path of an ordinary entry, nine of an unmerged one; the path may hold spaces.
  const path = line
    .split(' ')
    .slice(unmerged ? 10 : 8)
    .join(' ');
  return {
    path,
    kind: unmerged ? 'unmerged' : 'tracked',
    staged: fields[2] ?? '.',
    unstaged: fields[3] ?? '.',
    submodule: fields[4]?.startsWith('S') ?? false,
  };
}
