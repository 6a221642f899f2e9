import { appError, type AppError, type ErrorCode } from '../../../shared/app-error.ts';
import { hideCredentials } from '../../../shared/domain/hide-credentials.ts';
import { forTerminalLine } from '../../../shared/domain/terminal-text.ts';
import type { GitCall, GitCause } from '../../core/ports/git.ts';
import { refusalOf } from './causes.ts';
import { decisiveLine, serverWords } from './decisive-line.ts';

interface Words {
  readonly code: ErrorCode;
  readonly what: string;
  readonly remedy: string;
}

const RETRY = 'Nothing is lost. Run the command again later.';

/** For each cause: the kind of failure, what happened, and what a person can do. */
const WORDS: Readonly<Record<GitCause, Words>> = {
  'no-git': {
    code: 'not-configured',
    what: 'the git program was not found',
    remedy: 'Install git 2.34 or later, or put it on the PATH of this program.',
  },
  'no-folder': {
    code: 'not-found',
    what: 'the folder does not exist',
    remedy: 'Check the path of the workspace.',
  },
  'not-a-repository': {
    code: 'not-configured',
    what: 'the folder is not inside a git repository',
    remedy: 'Change into a folder with a git repository, or name one.',
  },
  'no-work-tree': {
    code: 'attention',
    what: 'the repository has no work tree here',
    remedy: 'Name a work tree of it: `git worktree list` shows them.',
  },
  'unsafe-owner': {
    code: 'denied',
    what: 'the repository belongs to another user, so git refuses to read its configuration',
    remedy:
      'If you trust that user, run `git config --global --add safe.directory <folder>`; otherwise give the folder to your user.',
  },
  auth: {
    code: 'denied',
    what: "the remote did not accept this machine's credentials",
    remedy:
      'Sign in once by hand with `git fetch` (a credential helper or ssh agent then remembers it) and run the command again.',
  },
  forbidden: {
    code: 'denied',
    what: 'the remote knows this account but does not let it do this',
    remedy: 'Ask the owner of the remote repository for the right to push.',
  },
  'host-key': {
    code: 'denied',
    what: "the remote's ssh host key is unknown or has changed",
    remedy:
      "Compare the key with what the server's owner tells you, then connect once by hand: `ssh -T <host>`.",
  },
  unreachable: {
    code: 'offline',
    what: 'the remote cannot be reached',
    remedy: `Check the network. ${RETRY}`,
  },
  'no-remote-repository': {
    code: 'not-found',
    what: 'the remote repository does not exist, or this account may not see it',
    remedy: 'Check its address with `git remote -v`.',
  },
  'no-remote-branch': {
    code: 'attention',
    what: 'the remote has no such branch',
    remedy:
      'If it was renamed, run `git fetch` and point the branch at the new name: `git branch --set-upstream-to <remote>/<branch>`.',
  },
  'history-rewritten': {
    code: 'attention',
    what: 'the branch was rewritten on the remote',
    remedy:
      'Look at both with `git fetch` and `git log --left-right HEAD...@{upstream}`, and decide which commits stay.',
  },
  'push-race': { code: 'lock-held', what: 'somebody else pushed at the same moment', remedy: RETRY },
  'remote-declined': {
    code: 'attention',
    what: 'the remote declined the push',
    remedy: "Read the server's reason and change what it asks for; the commits are kept here.",
  },
  'hook-declined': {
    code: 'attention',
    what: 'a git hook declined',
    remedy: 'Read what the hook says, settle it, and run the command again.',
  },
  filter: {
    code: 'attention',
    what: 'the filter that .gitattributes names for a file failed',
    remedy:
      'Install its program (git-lfs, git-crypt …) or repair its settings: `git config --get-regexp filter` shows them.',
  },
  signing: {
    code: 'attention',
    what: 'the commit could not be signed',
    remedy:
      'Unlock the signing key once by hand (`git commit --allow-empty -S`), or turn commit.gpgSign off; it is never left out silently.',
  },
  'git-lock': {
    code: 'lock-held',
    what: 'another git program works in this repository',
    remedy: `${RETRY} If no git runs there, a crashed one left the lock file named above: remove that file.`,
  },
  'in-the-way': {
    code: 'attention',
    what: 'a changed or untracked file stands in the way',
    remedy: 'Commit or move that file and run the command again.',
  },
  'no-such-path': { code: 'not-found', what: 'git does not know a path', remedy: 'Check the path.' },
  'ignored-path': {
    code: 'attention',
    what: 'the path is ignored by git',
    remedy: 'Change .gitignore, or leave the file out.',
  },
  conflict: {
    code: 'attention',
    what: 'the same place was changed on both sides',
    remedy: 'Settle it with `git pull --rebase`, then run the command again.',
  },
  'ref-moved': {
    code: 'lock-held',
    what: 'another git program moved the branch at the same moment',
    remedy: RETRY,
  },
  'disk-full': {
    code: 'disk-full',
    what: 'the disk is full',
    remedy: 'Free space on the disk that holds the repository and run the command again.',
  },
  denied: {
    code: 'denied',
    what: 'a file of the repository may not be read or written',
    remedy: 'Give your user the right to the files below .git.',
  },
  corrupt: {
    code: 'corrupt',
    what: 'the repository is damaged',
    remedy: 'Run `git fsck --full`; a fresh clone has what was pushed, and your files are untouched.',
  },
  killed: {
    code: 'io',
    what: 'git was killed',
    remedy: 'Run the command again; it carries on from what it finds.',
  },
  deadline: {
    code: 'timeout',
    what: 'git did not end in time and was stopped',
    remedy: 'Run the same git command by hand to see what it waits for.',
  },
  silence: {
    code: 'offline',
    what: 'the remote stopped answering',
    remedy: `Run \`git fetch\` by hand to see what it waits for. ${RETRY}`,
  },
  cancelled: { code: 'cancelled', what: 'cancelled', remedy: 'Run the command again.' },
  'output-limit': {
    code: 'io',
    what: 'git wrote more than can be taken in',
    remedy: 'Tell the makers of Session Log which repository this was.',
  },
  other: { code: 'attention', what: 'git failed', remedy: 'Run the same git command by hand to see more.' },
};

/** Failures decided by the server, which gives its reasons. */
const SERVER_SPEAKS: ReadonlySet<GitCause> = new Set([
  'remote-declined',
  'forbidden',
  'auth',
  'no-remote-repository',
  'other',
]);

/** What a failed call left to report. */
export interface GitFailure {
  readonly cause: GitCause;
  readonly exitCode: number | null;
  readonly signal?: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The subcommand of a call, for messages. */
export function subcommandOf(call: GitCall): string {
  return call.args.find((arg) => /^[a-z]/.test(arg)) ?? '';
}

/** The sentence about a folder in which git could not even begin: a subcommand in it would help nobody. */
function placeSentence(cause: GitCause, cwd: string): string | null {
  // Git's own message names a folder nobody asked for, `.git`.
  if (cause === 'not-a-repository') return `${cwd} is not inside a git repository.`;
  return cause === 'no-folder' ? `${cwd}: the folder does not exist.` : null;
}

/** Builds the failure of a git call: one sentence with git's own decisive line, without credentials. */
export function gitError(call: GitCall, failure: GitFailure): AppError {
  const { code, what, remedy } = WORDS[failure.cause];
  const command = `git ${subcommandOf(call)}`;
  const refusal =
    failure.cause === 'remote-declined' ? forTerminalLine(hideCredentials(refusalOf(failure.stdout))) : '';
  const server = SERVER_SPEAKS.has(failure.cause) ? serverWords(failure.stderr) : '';
  // What git says of a filter that ended speaks of a remote.
  const line = decisiveLine(failure.stderr);
  const decisive = failure.cause === 'filter' && line.includes('remote end') ? '' : line;
  const said = [server, refusal, decisive].filter((text) => text !== '').join('; ');
  const sentence =
    placeSentence(failure.cause, call.cwd) ?? `${command}: ${what}${said === '' ? '' : ` (${said})`}.`;
  return appError(code, sentence, remedy, {
    details: {
      cause: failure.cause,
      command,
      exitCode: failure.exitCode,
      ...(failure.signal ? { signal: failure.signal } : {}),
      stderr: forTerminalLine(hideCredentials(failure.stderr)).slice(0, 4_000),
    },
  });
}
