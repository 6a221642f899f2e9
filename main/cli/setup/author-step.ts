import type { AppError, Answer } from '../../../shared/app-error.ts';
import { knownAuthor, proposeUser, type Author } from '../../../shared/domain/author.ts';
import type { Result } from '../../../shared/result.ts';
import { setAuthor, setAuthorCommand } from '../../core/author/author.ts';
import { askAuthor, authorFromGit } from '../ask-author.ts';
import { done, failed, settingsNow, type SetupRun, type StepDone } from './setup-run.ts';

/** Sets the author on this machine, wherever a workspace has no identity.json. */
export async function authorStep(run: SetupRun): Answer<StepDone> {
  const settings = settingsNow(run);
  if (!settings.ok) return failed('author', settings.error);
  const { asker, options, context } = run;
  const present = knownAuthor(settings.value.author);
  const given = options.name !== undefined || options.user !== undefined || options.email !== undefined;
  if (!given && present !== null && asker === null) return done('author', 'unchanged', [text(present)]);
  const git = await authorFromGit(context.cwd);
  const start = withGiven(present ?? git, git, run);
  if (asker !== null && options.name === undefined) {
    const said = await askAuthor(asker, start);
    return said.ok ? write(run, said.value, present) : failed('author', said.error);
  }
  // A name given by neither git nor a person is not a proposal to accept.
  if (given || (options.yes && start.name !== '')) return write(run, start, present);
  return done('author', 'skipped', ['Nobody has said who writes here.', setAuthorCommand(git)]);
}

function withGiven(base: Author, git: Author, { options }: SetupRun): Author {
  const name = options.name ?? base.name;
  const user = options.user ?? (name === base.name ? base.user : proposeUser(name));
  // An address belongs to the name it came with.
  const email = options.email ?? (name === base.name ? base.email : name === git.name ? git.email : '');
  return { name, user, email };
}

function write(run: SetupRun, author: Author, present: Author | null): Result<StepDone, AppError> {
  const isSame =
    present?.name === author.name && present.user === author.user && present.email === author.email;
  if (isSame) return done('author', 'unchanged', [text(author)]);
  const set = setAuthor(run.store, author);
  if (!set.ok) return failed('author', set.error);
  const undo =
    set.value.before === null ? 'session-log config set author.name ""' : setAuthorCommand(set.value.before);
  return done('author', 'changed', [text(set.value.author)], undo);
}

function text({ name, user }: Author): string {
  return `Logs saved here are signed by ${name} (${user}).`;
}
