import { existsSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { hideCredentials } from '../../../shared/domain/hide-credentials.ts';
import { forTerminal } from '../../../shared/domain/terminal-text.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Git, GitAnswer, GitCall } from '../../core/ports/git.ts';
import { runChild, type ChildEnd } from '../process/child.ts';
import { causeOf } from './causes.ts';
import { argumentsOf, environmentOf, MARK_KEY } from './environment.ts';
import { gitError, subcommandOf } from './git-error.ts';
import { endProcesses, listProcesses } from './processes.ts';

export interface GitCliOptions {
  /** The program; `git` on the PATH by default. */
  readonly program?: string;
  /** Base environment; this process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds between asking an overdue git to end and killing it. */
  readonly graceMs?: number;
}

const GRACE_MS = 2_000;
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** The git program of this machine. See the port for its guarantees and docs/git-sync.md for the environment it runs in. */
export function gitCli(options: GitCliOptions = {}): Git {
  return {
    run: (call) => runGit(options, call),
    endRun: async (mark) => {
      const wanted = `${MARK_KEY}=${mark}`;
      const { found, left } = await endProcesses(async () =>
        (await listProcesses()).filter(({ command }) => command.includes(wanted)),
      );
      return left.length === 0 ? ok(found) : err(cannotEnd(left));
    },
    busyIn: async (folders) => {
      const roots = folders.map(resolved);
      const running = await listProcesses();
      if (running.some(({ cwd }) => cwd !== null && roots.some((root) => isBelow(cwd, root)))) return 'yes';
      return process.platform === 'linux' ? 'no' : 'unknown';
    },
  };
}

async function runGit(options: GitCliOptions, call: GitCall): Answer<GitAnswer> {
  if (call.signal?.aborted)
    return err(gitError(call, { cause: 'cancelled', exitCode: null, stdout: '', stderr: '' }));
  let end: ChildEnd;
  try {
    end = await runChild({
      program: options.program ?? 'git',
      args: argumentsOf(call),
      cwd: call.cwd,
      env: environmentOf(call, options.env ?? process.env),
      stdin: call.stdin,
      deadlineMs: call.deadlineMs,
      silenceMs: call.silenceMs,
      outputLimit: call.outputLimit ?? OUTPUT_LIMIT,
      signal: call.signal,
      onLine: call.onReport,
      graceMs: options.graceMs ?? GRACE_MS,
    });
  } catch (error) {
    return err(cannotStart(call, error));
  }
  return judge(call, end);
}

function judge(call: GitCall, end: ChildEnd): Result<GitAnswer, AppError> {
  const { exitCode, signal, stderr } = end;
  if (end.ended === null && exitCode !== null && (exitCode === 0 || call.accept?.includes(exitCode))) {
    return ok({ exitCode, stdout: end.stdout, stderr: forTerminal(hideCredentials(stderr)) });
  }
  const stdout = end.stdout.subarray(0, 65_536).toString('utf8');
  const cause = end.ended ?? (signal === null ? causeOf(subcommandOf(call), stdout, stderr) : 'killed');
  return err(gitError(call, { cause, exitCode, signal, stdout, stderr }));
}

function cannotStart(call: GitCall, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : '';
  // Node reports the same ENOENT for a missing folder and a missing program.
  const cause = existsSync(call.cwd) ? (code === 'ENOENT' ? 'no-git' : 'other') : 'no-folder';
  return gitError(call, {
    cause,
    exitCode: null,
    stdout: '',
    stderr: cause === 'no-folder' ? call.cwd : cause === 'no-git' ? '' : reason,
  });
}

function cannotEnd(pids: readonly number[]): AppError {
  return appError(
    'io',
    `A git process of an interrupted sync could not be ended (pid ${pids.join(', ')}).`,
    'End it manually, then run the command again.',
    { details: { pids } },
  );
}

function resolved(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
