import type { GitCall } from '../../core/ports/git.ts';

/**
 * What a caller's environment may tell git: how to reach the network and where its own files are. All other `GIT_` variables
 * are removed: inside a hook they name another repository or index, and a trace prints credentials.
 */
const KEPT =
  /^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|SSL_\w+|PROXY_\w+|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|EXEC_PATH|TEMPLATE_DIR|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|HTTP_USER_AGENT|HTTP_LOW_SPEED_LIMIT|HTTP_LOW_SPEED_TIME|LFS_SKIP_SMUDGE)$/;

/** No prompts of any kind: no terminal, no askpass program, no credential window, no editor, no pager. */
const SILENT: Readonly<Record<string, string>> = {
  GIT_TERMINAL_PROMPT: '0',
  // Empty, not absent: an empty value prevents a fallback to core.askPass and SSH_ASKPASS.
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  SSH_ASKPASS_REQUIRE: 'never',
  GCM_INTERACTIVE: 'never',
  GIT_EDITOR: ':',
  GIT_SEQUENCE_EDITOR: ':',
  GIT_PAGER: 'cat',
  GIT_MERGE_AUTOEDIT: 'no',
  // Messages are parsed; LANGUAGE would override LC_ALL in gettext.
  LC_ALL: 'C',
  LANGUAGE: '',
};

const SSH = 'ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=5 -o ServerAliveCountMax=3';

/** The null device, under the name git recognizes on every platform. */
const NO_HOOKS = '/dev/null';

/** Settings for every call, overriding the user's or a cloned repository's configuration. */
const ALWAYS: readonly (readonly [string, string])[] = [
  ['credential.interactive', 'false'],
  ['core.askPass', ''],
  // The program named there would run; a cloned repository cannot set it, but a shared work tree can.
  ['core.fsmonitor', 'false'],
  ['core.protectNTFS', 'true'],
  ['core.protectHFS', 'true'],
  ['protocol.file.allow', 'user'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['push.followTags', 'false'],
  // Never collect garbage in our runs: another session's unreferenced work would expire.
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['core.fsync', 'added,reference'],
  ['core.fsyncMethod', 'batch'],
  ['core.lockfilePid', 'true'],
  ['rerere.enabled', 'false'],
  ['rebase.autoStash', 'false'],
  ['rebase.autoSquash', 'false'],
  ['rebase.updateRefs', 'false'],
  ['rebase.forkPoint', 'false'],
  // Upstream moved a folder in which we wrote a new log: keep the log where its session wrote it; that is not a
  // conflict.
  ['merge.directoryRenames', 'false'],
  ['log.showSignature', 'false'],
  ['color.ui', 'false'],
  ['advice.detachedHead', 'false'],
];

/** Key of the run's mark in a call: a setting unknown to git, and so ignored. */
export const MARK_KEY = 'session-log.run';

/** Builds the argument list of one call. It contains the mark so that the process list shows whose process it is. */
export function argumentsOf(call: GitCall): string[] {
  const mark = call.mark === undefined ? [] : ['-c', `${MARK_KEY}=${call.mark}`];
  // A file named `*.md` or `:(top)` is taken literally; only check-ignore, which has no pathspecs, rejects the
  // option.
  const literal = call.args[0] === 'check-ignore' ? [] : ['--literal-pathspecs'];
  return ['--no-pager', ...literal, ...mark, ...call.args];
}

/**
 * Builds the environment of one call.
 * @param inherited the environment of this process
 */
export function environmentOf(call: GitCall, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [key, value] of Object.entries(inherited)) {
    if (!/^GIT_/i.test(key) || KEPT.test(key)) env[key] = value;
  }
  Object.assign(env, SILENT);
  if (call.ownSsh !== true && !env['GIT_SSH_COMMAND'] && !env['GIT_SSH']) env['GIT_SSH_COMMAND'] = SSH;
  if (call.reads === true) env['GIT_OPTIONAL_LOCKS'] = '0';
  if (call.offline === true) env['GIT_NO_LAZY_FETCH'] = '1';
  if (call.ceiling !== undefined) env['GIT_CEILING_DIRECTORIES'] = call.ceiling;
  if (call.index !== undefined) env['GIT_INDEX_FILE'] = call.index;
  if (call.skipSmudge === true) env['GIT_LFS_SKIP_SMUDGE'] = '1';
  if (call.identity) {
    // These override author.*, committer.* and user.* of every configuration file.
    env['GIT_AUTHOR_NAME'] = env['GIT_COMMITTER_NAME'] = call.identity.name;
    env['GIT_AUTHOR_EMAIL'] = env['GIT_COMMITTER_EMAIL'] = call.identity.email;
  }
  const hooks: readonly (readonly [string, string])[] =
    call.hooks === true ? [] : [['core.hooksPath', NO_HOOKS]];
  // By environment, not by `-c`: it reaches git's own children too and keeps the argument list short.
  const config = [...ALWAYS, ...hooks, ...(call.config ?? [])];
  env['GIT_CONFIG_COUNT'] = String(config.length);
  for (const [at, [key, value]] of config.entries()) {
    env[`GIT_CONFIG_KEY_${at}`] = key;
    env[`GIT_CONFIG_VALUE_${at}`] = value;
  }
  return env;
}
