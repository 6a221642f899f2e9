import { resolve } from 'node:path';
import { appError, type AppError, fail, type Answer } from '../../shared/app-error.ts';
import { knownAuthor, proposeUser, type Author } from '../../shared/domain/author.ts';
import { forTerminal } from '../../shared/domain/terminal-text.ts';
import { err, ok } from '../../shared/result.ts';
import { openGitTools } from '../compose/git-tools.ts';
import type { LocalContext } from '../compose/open-local.ts';
import { openSettings } from '../compose/open-settings.ts';
import { checkAuthor, setAuthor, setAuthorCommand } from '../core/author/author.ts';
import { chooseWorkspace, type Workspace } from '../core/workspaces/workspace.ts';
import { IDENTITY_PATH, writeIdentity } from '../core/author/write-author-file.ts';
import { askAuthor, authorFromGit } from './ask-author.ts';
import { canAsk, openAsker } from './ask.ts';
import { finish, type CliContext } from './cli-context.ts';
import type { WhoamiOptions } from './commands/whoami.ts';
import { forPeople } from './terminal-encoding.ts';

export type SetAuthorOptions = WhoamiOptions & { readonly set: string | true };

/** The new author, and where it is stored. */
interface AuthorSet {
  readonly author: Author;
  /** The settings, or the identity.json of the named workspace. */
  readonly path: string;
  /** The previous author in the settings; null for none. */
  readonly before: Author | null;
  readonly warnings: readonly string[];
}

/** `session-log whoami --set`: writes the author of the data folder, or the identity.json of a named workspace. */
export async function runSetAuthor(
  context: CliContext,
  local: LocalContext,
  options: SetAuthorOptions,
): Promise<void> {
  const author = await authorAsked(context, local, options);
  const set = author.ok ? await write(context, local, options, author.value) : author;
  finish(context, options.json ?? false, set, (done) => forPeople(forTerminal(setText(done)), context.env));
}

async function authorAsked(
  context: CliContext,
  local: LocalContext,
  options: SetAuthorOptions,
): Answer<Author> {
  const proposal = await authorFromGit(context.cwd);
  const present = knownAuthor(local.settings.author);
  if (options.set !== true) {
    const user = options.user ?? (options.set === present?.name ? present.user : proposeUser(options.set));
    // git's address belongs to git's name: it is not used for another person named here.
    const email = options.email ?? (options.set === proposal.name ? proposal.email : '');
    return checkAuthor({ name: options.set, user, email });
  }
  const start = { ...(present ?? proposal), ...given(options) };
  if (options.yes) return start.name === '' ? err(gitKnowsNobody()) : checkAuthor(start);
  if (options.json || !canAsk())
    return fail(
      'usage',
      'There is no terminal to ask for your name.',
      `Say it in the command: ${setAuthorCommand(start)}`,
    );
  const asker = openAsker();
  try {
    return await askAuthor(asker, start);
  } finally {
    asker.close();
  }
}

function given({ user, email }: SetAuthorOptions): Partial<Author> {
  return { ...(user === undefined ? {} : { user }), ...(email === undefined ? {} : { email }) };
}

async function write(
  context: CliContext,
  local: LocalContext,
  options: SetAuthorOptions,
  author: Author,
): Answer<AuthorSet> {
  if (options.workspace === undefined) {
    const store = openSettings();
    if (!store.ok) return store;
    const set = setAuthor(store.value, author);
    return set.ok ? ok({ ...set.value, path: store.value.path, warnings: [] }) : set;
  }
  const folder = resolve(context.cwd, options.workspace);
  const workspace = await chooseWorkspace(local.files, context.cwd, folder, []);
  if (!workspace.ok) return workspace;
  const path = await writeIdentity(local.files, workspace.value, author, local.hostname);
  if (!path.ok) return path;
  return ok({ author, path: path.value, before: null, warnings: await unignored(workspace.value) });
}

/** identity.json belongs to one machine; committing it would make every colleague this person. */
async function unignored({ root }: Workspace): Promise<readonly string[]> {
  const answer = await openGitTools().git.run({
    cwd: root,
    args: ['check-ignore', '-q', IDENTITY_PATH],
    reads: true,
    accept: [1],
    deadlineMs: 5_000,
  });
  return answer.ok && answer.value.exitCode === 1
    ? [
        `git does not ignore ${IDENTITY_PATH} there. Add that line to .gitignore, so that it is never committed.`,
      ]
    : [];
}

function gitKnowsNobody(): AppError {
  return appError(
    'usage',
    'git knows no name (user.name is not set), so there is none to take.',
    `Say it in the command: ${setAuthorCommand({ name: '', user: '', email: '' })}`,
  );
}

function setText({ author, path, before, warnings }: AuthorSet): string {
  const { name, user, email } = author;
  const now = `Logs saved here are signed by ${name} (${user})${email === '' ? '' : ` <${email}>`}.`;
  const changed =
    before !== null && (before.name !== name || before.user !== user)
      ? [`Before it was ${before.name} (${before.user}); logs that are written already keep that name.`]
      : [];
  return [now, ...changed, `Written to ${path}.`, ...warnings.map((warning) => `[WARN] ${warning}`)].join(
    '\n',
  );
}
