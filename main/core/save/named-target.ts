import { fail, type Answer } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { logPathProblem } from '../../../shared/domain/log-path.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { readMark } from './find-own-log.ts';
import { below, folderPath, inFolder } from '../files/folder-path.ts';
import { withoutLinks } from './log-folder.ts';
import type { SaveBase } from './save-plan.ts';
import { userSlug } from '../../../shared/domain/topic-slug.ts';

/** The log a save writes to. */
export interface Target {
  readonly session: string;
  /** The log to append to, relative to its home; null to make one. */
  readonly append: string | null;
  /** Its exact name, if a person gave one. */
  readonly name: string | null;
}

/** The name several sessions would share, which the source document forbids. */
const BARE_NAME = /^\d{4}-\d{2}-\d{2}-session(?:-\d+)?\.md$/i;

/**
 * A log named by `--log`: the writer states that it is this session's.
 * @param log absolute path
 * @returns `invalid-input` when a log may not have that name or place, `attention` when another session owns it
 */
export async function namedTarget(files: Files, plan: SaveBase, log: string): Answer<Target> {
  const path = below(plan.home.root, folderPath(log));
  const problem = await nameProblem(files, plan, path);
  if (path === null || problem !== null) {
    return fail(
      'invalid-input',
      `${quote(log)} is refused as the name of this session's log: ${problem ?? ''}.`,
      `Use ${plan.folder.base}/${plan.time.date}-${userSlug(plan.identity.user)}-<topic>.md, or leave --log out and give --topic.`,
    );
  }
  const file = inFolder(plan.home.root, path);
  const facts = await files.stat(file);
  if (!facts.ok) return facts;
  if (facts.value === null) return ok({ session: plan.session, append: null, name: path });
  const owner = (await readMark(files, file))?.session ?? null;
  if (owner !== null && plan.sessionKnown && owner !== plan.session) {
    return fail(
      'attention',
      `${path} belongs to another session (${owner}).`,
      'Save without --log: this session gets a log of its own.',
      { details: { path, owner } },
    );
  }
  return ok({ session: owner ?? plan.session, append: path, name: path });
}

async function nameProblem(files: Files, plan: SaveBase, path: string | null): Promise<string | null> {
  if (path === null) return `it is outside ${plan.home.root}`;
  const unsafe = logPathProblem(path);
  if (unsafe !== null) return unsafe;
  const parts = path.split('/');
  if (BARE_NAME.test(parts.at(-1) ?? ''))
    return 'several sessions would share this bare name and overwrite each other';
  const folders = plan.home.kind === 'workspace' ? parts.slice(0, -1) : parts.slice(0, 1);
  if (!folders.includes('session-logs')) return 'it is not in a session-logs folder';
  const name = parseLogName(path);
  if (name.kind !== 'session') return 'it is not of the form YYYY-MM-DD-<user>-<topic>.md';
  if (name.user !== userSlug(plan.identity.user)) return `its user is not ${userSlug(plan.identity.user)}`;
  const inside = await files.isWithin(inFolder(plan.home.root, path), plan.home.root);
  if (!inside) return `it leads out of ${plan.home.root} through a link`;
  if (plan.home.kind === 'data-folder') return null;
  const real = await withoutLinks(files, plan.home, parts.slice(0, -1).join('/'));
  return real.ok ? null : 'it lies behind a link, where git commits nothing';
}
