import type { NearbyTree } from '../../../shared/ipc/setup.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { folderPath, inFolder, nameOf, parentOf } from '../files/folder-path.ts';

export interface Nearby {
  readonly trees: readonly NearbyTree[];
  /** False if time, depth or number ran out: there may be more. */
  readonly isComplete: boolean;
}

export interface NearbyRequest {
  /** The person's home folder, absolute. */
  readonly home: string;
  /** More folders to search, absolute: the current one, registered trees. Their siblings are searched too. */
  readonly also: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** Usual code folders below the home folder. */
const CODE_FOLDERS =
  'code Code src dev Developer work workspace workspaces projects Projects repos git github GitHub Documents/GitHub source/repos go/src'.split(
    ' ',
  );
/** Log folders that a registered tree lists, and other usual ones. */
const LISTED = ['session-logs'];
const USUAL = ['docs/session-logs', '.claude/session-logs', 'docs/sessions', 'logs/sessions'];
const HOLDERS = ['projects', 'clients'];
const PASSED_OVER = /^(?:\.|node_modules$|vendor$|target$|dist$|build$|venv$|__pycache__$|Library$|AppData$)/;

export const COUNT_LIMIT = 10_000;
const DEPTH = 3;
const LOOKS = 6_000;
const TREES = 100;
const NAMES = 500;
const TIME_MS = 4_000;
const PATIENCE_MS = 300;

interface Walk {
  readonly files: Pick<Files, 'names' | 'stat' | 'answers'>;
  readonly isOver: () => boolean;
  /** Uses a look; false if none left. */
  readonly look: () => boolean;
}

/**
 * Searches usual code folders for work trees with session logs, without running git, following links or reading a log. Limited in time (4
 * s), depth, looks and trees; skips a disk that does not respond.
 */
export async function findNearby(
  deps: { readonly files: Walk['files']; readonly clock: Pick<Clock, 'now'> },
  request: NearbyRequest,
): Promise<Nearby> {
  const end = deps.clock.now() + TIME_MS;
  let left = LOOKS;
  const walk: Walk = {
    files: deps.files,
    isOver: () => left <= 0 || deps.clock.now() > end || request.signal?.aborted === true,
    look: () => left-- > 0,
  };
  const seen = new Set<string>();
  const trees: NearbyTree[] = [];
  const home = folderPath(request.home);
  const starts = [...request.also.map(folderPath), ...CODE_FOLDERS.map((name) => inFolder(home, name))];
  const queue = starts.map((folder) => ({ folder, depth: 0, isStart: true }));
  // Searched last and not deeply: usual folders among it were searched completely before.
  const beside = request.also.flatMap((folder) => parentOf(folderPath(folder)) ?? []);
  for (;;) {
    if (queue.length === 0)
      queue.push(...beside.splice(0).map((folder) => ({ folder, depth: DEPTH - 1, isStart: true })));
    if (queue.length === 0 || walk.isOver() || trees.length >= TREES) break;
    const { folder, depth, isStart } = queue.shift() as (typeof queue)[number];
    const key = folder.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    // A disk responds or not as a whole: tested where the search enters it.
    if (isStart && !(await deps.files.answers(folder, PATIENCE_MS))) continue;
    const names = await namesIn(walk, folder);
    if (names.includes('.git')) {
      const tree = await treeAt(walk, folder);
      if (tree !== null) trees.push(tree);
    } else if (depth < DEPTH) {
      const inner = names.filter((name) => !PASSED_OVER.test(name)).slice(0, NAMES);
      for (const name of inner)
        queue.push({ folder: inFolder(folder, name), depth: depth + 1, isStart: false });
    }
  }
  const isComplete = queue.length === 0 && !walk.isOver();
  return { trees: trees.sort((a, b) => b.logs - a.logs), isComplete };
}

/** One work tree's content, in the form of {@link findNearby}; null when it has no session logs. */
export function lookAtTree(files: Walk['files'], root: string): Promise<NearbyTree | null> {
  let left = LOOKS;
  return treeAt({ files, isOver: () => left <= 0, look: () => left-- > 0 }, folderPath(root));
}

/** Names in a real folder; none for a file, a link, or a disk that does not respond. */
async function namesIn({ files, look }: Walk, folder: string): Promise<readonly string[]> {
  if (!look()) return [];
  const facts = await files.stat(folder);
  if (!facts.ok || facts.value?.kind !== 'folder') return [];
  const names = await files.names(folder);
  return names.ok ? names.value : [];
}

async function treeAt(walk: Walk, root: string): Promise<NearbyTree | null> {
  const listed = [...LISTED];
  for (const holder of HOLDERS)
    for (const name of (await namesIn(walk, inFolder(root, holder))).slice(0, NAMES))
      listed.push(`${holder}/${name}/session-logs`);
  const counts: { folder: string; logs: number; isListed: boolean }[] = [];
  for (const folder of [...listed, ...USUAL]) {
    const logs = await countLogs(walk, inFolder(root, folder), DEPTH);
    if (logs > 0) counts.push({ folder, logs, isListed: listed.includes(folder) });
  }
  if (counts.length === 0) return null;
  const claude = await namesIn(walk, inFolder(root, '.claude'));
  return {
    root,
    name: nameOf(root),
    logs: Math.min(
      COUNT_LIMIT,
      counts.reduce((sum, { logs }) => sum + logs, 0),
    ),
    folders: counts.map(({ folder }) => folder),
    isListable: counts.some(({ isListed }) => isListed),
    unlisted: counts.filter(({ isListed }) => !isListed).map(({ folder }) => folder),
    identity: claude.includes('identity.json') ? 'there' : claude.includes('users.json') ? 'wanted' : 'none',
  };
}

async function countLogs(walk: Walk, folder: string, depth: number): Promise<number> {
  let logs = 0;
  const names = await namesIn(walk, folder);
  for (const name of names.slice(0, COUNT_LIMIT)) {
    if (/\.md$/i.test(name)) logs++;
    // A name with a dot is some other file; month and project folders have none.
    else if (depth > 0 && !name.includes('.') && !walk.isOver())
      logs += await countLogs(walk, inFolder(folder, name), depth - 1);
  }
  return logs;
}
