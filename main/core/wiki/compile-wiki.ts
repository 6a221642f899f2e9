import { ok } from '../../../shared/result.ts';
import type { Answer } from '../../../shared/app-error.ts';
import { forTerminalLine } from '../../../shared/domain/terminal-text.ts';
import type { CommandEnd, CommandRunner } from '../ports/command-runner.ts';
import type { Files, FoundFile } from '../ports/files.ts';
import type { Locks } from '../ports/lock.ts';
import { changeFile } from '../files/change-file.ts';
import { inFolder } from '../files/folder-path.ts';
import { withLock } from '../files/with-lock.ts';
import { refreshFrontMatter, type Refresh } from './refresh-front-matter.ts';
import { refreshIndex } from './refresh-index.ts';
import { wikiTarget, type WikiTarget } from './wiki-target.ts';

export interface WikiDeps {
  readonly files: Files;
  readonly locks: Locks;
  readonly runner: CommandRunner;
}

export interface WikiRequest {
  /** Root of the work tree, absolute. */
  readonly workspace: string;
  /** The log just saved, relative to it. */
  readonly logPath: string;
  /** `git.wikiCommand` of the settings; empty for the built-in refresh only. */
  readonly command: string;
  readonly timeoutMs: number;
  /** Local day and UTC time of the save. */
  readonly day: string;
  readonly utc: string;
  /** A folder: the save lock, under which articles are changed too. */
  readonly saveLock: string;
  readonly signal?: AbortSignal | undefined;
}

/** The result for the article. Never a failure: the wiki may not block a save. */
export interface WikiReport {
  /** `client:acme`; null when the log belongs to no article. */
  readonly target: string | null;
  /** `generated` by the command, `refreshed` by the built-in step, `skipped` when there is nothing to do, `failed` softly. */
  readonly how: 'generated' | 'refreshed' | 'skipped' | 'failed';
  /** Files written, relative to the workspace, for the same commit as the log. */
  readonly paths: readonly string[];
  readonly warnings: readonly string[];
}

const LOCK_WAIT_MS = 10_000;
const WORKSPACE_MODE = 0o644;
const NOT_RECOMPILED = 'wiki refreshed, not recompiled; run your generator later';

/**
 * Merges a session into the wiki article of its client or project, before the sync that commits both. The configured command gets its
 * target in `SESSION_LOG_WIKI_*` variables and writes below `wiki/`; if it fails, is late or writes nothing, or none is configured, the
 * article's front matter and its line in `wiki/index.md` are refreshed instead.
 */
export async function compileWiki(deps: WikiDeps, request: WikiRequest): Promise<WikiReport> {
  const target = wikiTarget(request.logPath);
  if (target === null) return { target: null, how: 'skipped', paths: [], warnings: [] };
  const name = `${target.kind}:${target.slug}`;
  try {
    return { target: name, ...(await compile(deps, request, target)) };
  } catch (thrown) {
    // The one place where even a bug is only a warning: the log is written and must be synced.
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      target: name,
      how: 'failed',
      paths: [],
      warnings: [`The wiki was left as it is: ${forTerminalLine(why)}`],
    };
  }
}

type Outcome = Omit<WikiReport, 'target'>;

async function compile(deps: WikiDeps, request: WikiRequest, target: WikiTarget): Promise<Outcome> {
  const wiki = inFolder(request.workspace, 'wiki');
  const facts = await deps.files.stat(wiki);
  const none = facts.ok && facts.value === null;
  if (none && request.command === '') return { how: 'skipped', paths: [], warnings: [] };
  const link = none ? null : await linkOnTheWay(deps.files, request.workspace, target);
  if (link !== null)
    return {
      how: 'failed',
      paths: [],
      warnings: [`${link} is a link, behind which git commits nothing; the wiki was left as it is.`],
    };
  if (request.command === '') return refresh(deps, request, target, []);

  const before = await scan(deps.files, wiki);
  const ended = await deps.runner.run({
    command: request.command,
    cwd: request.workspace,
    env: {
      SESSION_LOG_WIKI_TARGET: `${target.kind}:${target.slug}`,
      SESSION_LOG_WIKI_KIND: target.kind,
      SESSION_LOG_WIKI_SLUG: target.slug,
      SESSION_LOG_WIKI_ARTICLE: `wiki/${await articlePath(deps.files, wiki, target)}`,
      SESSION_LOG_WIKI_LOG: request.logPath,
    },
    timeoutMs: request.timeoutMs,
    signal: request.signal,
  });
  const after = await scan(deps.files, wiki);
  const written = [...after]
    .filter(([path, stamp]) => before.get(path) !== stamp)
    .map(([path]) => `wiki/${path}`);
  const article = `wiki/${await articlePath(deps.files, wiki, target)}`;
  if (ended.kind === 'exited' && ended.code === 0 && written.includes(article)) {
    return { how: 'generated', paths: written.toSorted(), warnings: [] };
  }
  // A failed generator's partial output is not ours to commit; the next run treats it as the user's own change.
  return refresh(deps, request, target, [describeEnd(ended, article)]);
}

/**
 * The first link among the paths to be written: `wiki`, the article's folder, the article, the index. Somebody's commit can make any of
 * them lead out of the work tree, or into `.git`.
 * @returns relative to the work tree; null when there is none
 */
async function linkOnTheWay(files: Files, workspace: string, target: WikiTarget): Promise<string | null> {
  const article = await articlePath(files, inFolder(workspace, 'wiki'), target);
  for (const path of ['wiki', `wiki/${target.folder}`, `wiki/${article}`, 'wiki/index.md']) {
    const facts = await files.stat(inFolder(workspace, path));
    if (facts.ok && facts.value?.kind === 'symlink') return path;
  }
  return null;
}

async function refresh(
  deps: WikiDeps,
  request: WikiRequest,
  target: WikiTarget,
  warnings: readonly string[],
): Promise<Outcome> {
  const wiki = inFolder(request.workspace, 'wiki');
  const article = await articlePath(deps.files, wiki, target);
  const exists = await deps.files.stat(inFolder(wiki, article));
  if (exists.ok && exists.value === null) {
    return {
      how: 'skipped',
      paths: [],
      warnings: [...warnings, `There is no article wiki/${article} yet; run your generator to seed it.`],
    };
  }
  const changes: Refresh = { day: request.day, utc: request.utc, source: request.logPath };
  const lock = { path: request.saveLock, command: 'save (wiki)', waitMs: LOCK_WAIT_MS };
  const paths: string[] = [];
  const written = await withLock(deps, lock, async () => {
    const first = await edit(deps.files, inFolder(wiki, article), (text) =>
      refreshFrontMatter(text, changes),
    );
    if (!first.ok) return first;
    if (first.value) paths.push(`wiki/${article}`);
    const index = inFolder(wiki, 'index.md');
    const listed = await edit(deps.files, index, (text) =>
      refreshIndex(text, article, target.name, request.day),
    );
    if (listed.ok && listed.value) paths.push('wiki/index.md');
    return listed;
  });
  if (!written.ok)
    return {
      how: 'failed',
      paths,
      warnings: [...warnings, `The wiki could not be refreshed: ${written.error.message}`],
    };
  return {
    how: 'refreshed',
    paths,
    warnings: request.command === '' ? warnings : [...warnings, NOT_RECOMPILED],
  };
}

/** Changes an existing text file; leaves one that is absent or not UTF-8. */
async function edit(files: Files, path: string, change: (text: string) => string): Answer<boolean> {
  const facts = await files.stat(path);
  if (!facts.ok) return facts;
  if (facts.value?.kind !== 'file') return ok(false);
  return changeFile(files, path, WORKSPACE_MODE, (existing) => {
    const text = existing === null ? null : decode(existing);
    if (text === null) return null;
    const changed = change(text);
    return changed === text ? null : new TextEncoder().encode(changed);
  });
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The article's path below `wiki/`: an existing file in any case, else the slug's. */
async function articlePath(files: Files, wiki: string, target: WikiTarget): Promise<string> {
  const names = await files.names(inFolder(wiki, target.folder));
  const wanted = [`${target.slug}.md`, `${target.name}.md`].map((name) => name.toLowerCase());
  const found = names.ok ? names.value.find((name) => wanted.includes(name.toLowerCase())) : undefined;
  return `${target.folder}/${found ?? `${target.slug}.md`}`;
}

async function scan(files: Files, wiki: string): Promise<ReadonlyMap<string, string>> {
  const scanned = await files.scanLogs(wiki);
  const stamp = (file: FoundFile): string => `${file.size} ${file.mtimeMs}`;
  return new Map(scanned.ok ? scanned.value.files.map((file) => [file.path, stamp(file)]) : []);
}

function describeEnd(ended: CommandEnd, article: string): string {
  const said = ended.output === '' ? '' : ` It said: ${forTerminalLine(ended.output.slice(-300))}`;
  switch (ended.kind) {
    case 'exited':
      return ended.code === 0
        ? `The wiki generator ended well but did not write ${article}.${said}`
        : `The wiki generator failed with exit code ${ended.code}.${said}`;
    case 'killed':
      return `The wiki generator was killed.${said}`;
    case 'timed-out':
      return `The wiki generator did not end in time and was stopped.${said}`;
    case 'cancelled':
      return 'The wiki generator was stopped.';
    case 'not-started':
      return `The wiki generator could not be started.${said}`;
  }
}
