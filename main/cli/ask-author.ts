import { appError, type AppError, type Answer } from '../../shared/app-error.ts';
import { proposeUser, type Author } from '../../shared/domain/author.ts';
import { err, mapOk, ok, type Result } from '../../shared/result.ts';
import { openGitTools } from '../compose/git-tools.ts';
import { openSettings } from '../compose/open-settings.ts';
import { checkAuthor, proposeAuthor, setAuthor } from '../core/author/author.ts';
import { canAsk, openAsker, type Asker } from './ask.ts';
import type { CliContext } from './cli-context.ts';

/** Reads the author from git, for a command that runs in `folder`. */
export function authorFromGit(folder: string): Promise<Author> {
  return proposeAuthor(openGitTools().git, folder);
}

/**
 * Asks the person at the terminal who they are and writes it to the settings.
 * @returns null when nobody is there to ask
 */
export async function askForAuthor(context: CliContext): Promise<Result<Author, AppError> | null> {
  if (!canAsk()) return null;
  const store = openSettings();
  if (!store.ok) return store;
  context.warn('No author is set for this machine yet.\n');
  const asker = openAsker();
  try {
    const said = await askAuthor(asker, await authorFromGit(context.cwd));
    return said.ok ? mapOk(setAuthor(store.value, said.value), ({ author }) => author) : said;
  } finally {
    asker.close();
  }
}

/** Asks a person who they are, with proposals, until the answers are valid; `cancelled` when they stop. */
export async function askAuthor(asker: Asker, proposal: Author): Answer<Author> {
  let { name, user, email } = proposal;
  for (;;) {
    const fullName = await asker.line('Your full name, as it stands in logs', name);
    if (fullName === null) return err(stopped());
    const short = user === '' || fullName !== proposal.name ? proposeUser(fullName) || user : user;
    const shortName = await asker.line('Short name, for file names and notes to you', short);
    if (shortName === null) return err(stopped());
    const address = await asker.line('E-mail for commits of logs (- for none)', email);
    if (address === null) return err(stopped());
    const checked = checkAuthor({
      name: fullName,
      user: shortName,
      email: address === '-' ? '' : address,
    });
    if (checked.ok) return ok(checked.value);
    asker.say(checked.error.message);
    ({ name, user, email } = { name: fullName, user: shortName, email: address === '-' ? '' : address });
  }
}

function stopped(): AppError {
  return appError('cancelled', 'Stopped; nothing was changed.', '');
}
