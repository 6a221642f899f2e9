import type { GitCause } from '../../core/ports/git.ts';

type Pattern = readonly [cause: GitCause, pattern: RegExp];

/** In order: the first match wins, so specific patterns precede general ones. */
const PATTERNS: readonly Pattern[] = [
  ['unsafe-owner', /detected dubious ownership/],
  ['not-a-repository', /not a git repository/],
  ['no-work-tree', /must be run in a work tree/],
  ['disk-full', /No space left on device|Disk quota exceeded|not enough space/],
  [
    'git-lock',
    /Unable to create '[^']*\.lock': File exists|could not lock config file [^:]*: File exists|Another git process seems to be running/,
  ],
  [
    'ref-moved',
    /cannot lock ref '[^']*': (?:is at [0-9a-f]+ but expected|reference already exists|unable to resolve)/,
  ],
  [
    'host-key',
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|No \S+ host key is known/,
  ],
  [
    'auth',
    /Permission denied \((?:publickey|password|keyboard|gssapi|hostbased|none)|could not read (?:Username|Password) for|Authentication failed|terminal prompts disabled|returned error: 401|Too many authentication failures|Access denied|Invalid username or password/i,
  ],
  [
    'forbidden',
    /returned error: 403|Permission to \S+ denied|not allowed to push|write access to repository not granted/i,
  ],
  [
    'no-remote-repository',
    /does not appear to be a git repository|Repository not found|returned error: 404|repository '[^']*' (?:not found|does not exist)|No such remote|project you were looking for could not be found/i,
  ],
  ['no-remote-branch', /couldn't find remote ref/],
  [
    'unreachable',
    /Could not resolve host|Name or service not known|Temporary failure in name resolution|Connection (?:timed out|refused|reset|closed)|Operation timed out|Network is unreachable|No route to host|Failed to connect|unable to connect|Could not read from remote repository|remote end hung up|early EOF|RPC failed|Broken pipe|returned error: (?:408|429|5\d\d)|unable to access|unexpected disconnect|gnutls_handshake|SSL_/i,
  ],
  [
    'denied',
    /Permission denied|Read-only file system|insufficient permission for adding an object|Operation not permitted/i,
  ],
  [
    'corrupt',
    /is empty\nfatal|object file \S+ is empty|loose object \S+ .* is corrupt|bad object|bad signature 0x|index file (?:corrupt|smaller than expected)|bad index file|unable to read (?:tree|sha1 file|[0-9a-f]{40})|invalid sha1 pointer|inflate: |current branch appears to be broken|bad tree object|could not parse (?:object|HEAD)|invalid object|missing (?:blob|tree|commit)|pack \S+ .* (?:corrupt|far too short)/,
  ],
  [
    'in-the-way',
    /would be overwritten by|not uptodate\. Cannot merge|untracked files in it would be|would lose untracked files|Untracked working tree/,
  ],
  [
    'signing',
    /gpg failed to sign|failed to sign|signing failed|No secret key|Couldn't (?:load|find|get) (?:public |agent )?key|gpg: /i,
  ],
  ['ignored-path', /paths are ignored by one of your/],
  [
    'no-such-path',
    /did not match any file|beyond a symbolic link|is outside repository|No such file or directory/,
  ],
  ['conflict', /CONFLICT \(|could not apply|Merge conflict|needs merge|unmerged/i],
];

/** A server's message after losing a race between two pushes, besides the plain non-fast-forward refusal. */
const REMOTE_RACE =
  /cannot lock ref|failed to update ref|failed to lock|incorrect old value|reference already exists|ref updates? (?:failed|rejected) due to/i;
const LOCAL_REFUSAL =
  /^!\t[^\t]*\t\[rejected\] \((?:fetch first|non-fast-forward|stale info|needs force|remote ref updated since checkout)\)/m;
const REMOTE_REFUSAL = /^!\t[^\t]*\t\[remote (?:rejected|failure)\](?: \((.*)\))?/m;

const FILTER = /(?:clean|smudge) filter '|external filter '|initialization for subprocess '/;
/** All that git says when a filter that runs beside it ends early: it speaks with filters as with remotes. */
const FILTER_ENDED = 'fatal: the remote end hung up unexpectedly';
const OVER_THE_NETWORK: ReadonlySet<string> = new Set(['fetch', 'push', 'ls-remote', 'clone']);

/** Whether a filter of the user failed; a partial clone that fetches in passing says more than one line. */
function isFilter(subcommand: string, stderr: string): boolean {
  if (OVER_THE_NETWORK.has(subcommand)) return false;
  return FILTER.test(stderr) || stderr.trim() === FILTER_ENDED;
}

/**
 * Determines why a git call failed from its output.
 * @param subcommand `push`, `fetch`, …
 */
export function causeOf(subcommand: string, stdout: string, stderr: string): GitCause {
  if (subcommand === 'push') {
    if (LOCAL_REFUSAL.test(stdout)) return 'push-race';
    const refused = REMOTE_REFUSAL.exec(stdout);
    if (refused) return REMOTE_RACE.test(refused[1] ?? '') ? 'push-race' : 'remote-declined';
  }
  if (subcommand === 'fetch' && /\[rejected\].*\(non-fast-forward\)/.test(stderr)) return 'history-rewritten';
  if (isFilter(subcommand, stderr)) return 'filter';
  const found = PATTERNS.find(([, pattern]) => pattern.test(stderr));
  if (found) return found[0];
  // Git's own message after a pre-push hook failed; the hook's output precedes it.
  if (subcommand === 'push' && /failed to push some refs/.test(stderr)) return 'hook-declined';
  return 'other';
}

/** The server's reason for refusing a push, from `git push --porcelain`. */
export function refusalOf(stdout: string): string {
  return REMOTE_REFUSAL.exec(stdout)?.[1] ?? '';
}
