import { decodeLog } from '../../../shared/domain/decode-log.ts';
import { readLogText, type LogText } from '../../../shared/domain/log-text.ts';
import type { LineRange } from '../../../shared/domain/log-text/lines.ts';
import { withoutLines, Lines } from '../../../shared/domain/log-text/lines.ts';
import { inFolder } from '../files/folder-path.ts';
import { cachePath } from '../logs/cache.ts';
import { INDEXED_BYTES, type FoundText } from '../ports/search-index.ts';
import type { SearchDeps } from './search-deps.ts';
import { committedTexts, digestOf } from './read-text.ts';

/** Milliseconds for a workspace's disk to respond before its hit is shown without lines. */
const PATIENCE_MS = 1_000;

/** A hit's text and which of its lines are the hit's. */
export interface HitText {
  readonly text: string;
  readonly parsed: LogText;
  readonly ranges: readonly LineRange[];
}

/**
 * Reads a hit's text; null when unavailable: deleted meanwhile, or on a disk that does not respond.
 * @param anew scan it for secrets again, although its file is unchanged since it was indexed
 */
export async function readHit(deps: SearchDeps, found: FoundText, anew: boolean): Promise<HitText | null> {
  const text = found.origin === 'pack' ? await keptText(deps, found) : await fileText(deps, found, anew);
  if (text === null) return null;
  const parsed = readLogText(text, found.path);
  const taken = parsed.entries.flatMap(({ ranges }) => ranges);
  if (found.part === null) return { text, parsed, ranges: withoutLines([[1, new Lines(text).count]], taken) };
  const session = parsed.entries.find(({ id }) => id === found.part);
  return session === undefined ? null : { text, parsed, ranges: session.ranges };
}

async function keptText({ search }: SearchDeps, found: FoundText): Promise<string | null> {
  const kept = await search.keptTexts([found]);
  return kept.ok ? (kept.value[0] ?? null) : null;
}

async function fileText(deps: SearchDeps, found: FoundText, anew: boolean): Promise<string | null> {
  const { sync } = deps;
  const { origin, machine, path, sha256 } = found;
  const { files, paths } = sync;
  const place =
    origin === 'own'
      ? { file: inFolder(paths.sessionLogs, path), within: paths.sessionLogs }
      : origin === 'cached'
        ? { file: cachePath(sync, machine, path), within: paths.cache }
        : await workspacePlace(sync, machine, path);
  if (origin === 'git') {
    const [text = null] = place === null ? [] : await committedTexts(deps, place.within, [found], { anew });
    return text === null ? null : decodeLog(text);
  }
  if (place === null || !(await files.isWithin(place.file, place.within))) return null;
  const head = await files.readHead(place.file, INDEXED_BYTES, anew ? {} : { leaves: digestOf(sha256) });
  return head.ok && head.value !== null ? decodeLog(head.value) : null;
}

async function workspacePlace(
  { files, surroundings }: SearchDeps['sync'],
  machine: string,
  path: string,
): Promise<{ readonly file: string; readonly within: string } | null> {
  const root = (await surroundings.workspaces()).find((one) => one.machine === machine)?.root;
  if (root === undefined || !(await files.answers(root, PATIENCE_MS))) return null;
  return { file: inFolder(root, path), within: root };
}
