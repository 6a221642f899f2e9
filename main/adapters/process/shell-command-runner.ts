import type { CommandEnd, CommandRun, CommandRunner } from '../../core/ports/command-runner.ts';
import { runChild, type ChildEnd } from './child.ts';

const OUTPUT_BYTES = 4_096;

export interface ShellCommandRunnerOptions {
  /** Milliseconds between asking a command to end and killing it. */
  readonly graceMs?: number;
  readonly platform?: NodeJS.Platform;
}

/**
 * Runs configured command lines through `/bin/sh -c` or `cmd.exe /d /s /c`, in their own process group. When the command ends, on its own
 * or by its deadline, the whole group is ended: it may run inside a lock that is released right after.
 */
export function createShellCommandRunner(options: ShellCommandRunnerOptions = {}): CommandRunner {
  const platform = options.platform ?? process.platform;
  return { run: (request) => run(request, platform, options.graceMs ?? 2_000) };
}

async function run(request: CommandRun, platform: NodeJS.Platform, graceMs: number): Promise<CommandEnd> {
  if (request.signal?.aborted) return { kind: 'cancelled', code: null, output: '' };
  const [program, args] =
    platform === 'win32'
      ? [process.env['ComSpec'] ?? 'cmd.exe', ['/d', '/s', '/c', `"${request.command}"`]]
      : ['/bin/sh', ['-c', request.command]];
  let output = Buffer.alloc(0);
  try {
    const end = await runChild({
      program,
      args,
      cwd: request.cwd,
      env: { ...process.env, ...request.env },
      deadlineMs: request.timeoutMs,
      signal: request.signal,
      outputLimit: Number.POSITIVE_INFINITY,
      onOutput: (chunk) => {
        output = Buffer.concat([output, chunk]).subarray(-OUTPUT_BYTES);
      },
      graceMs,
      isShell: true,
      platform,
    });
    return { ...outcomeOf(end), output: output.toString('utf8').trim() };
  } catch (error) {
    return {
      kind: 'not-started',
      code: null,
      output: error instanceof Error ? error.message : String(error),
    };
  }
}

function outcomeOf({ ended, exitCode }: ChildEnd): Pick<CommandEnd, 'kind' | 'code'> {
  if (ended === null) return { kind: exitCode === null ? 'killed' : 'exited', code: exitCode };
  return { kind: ended === 'cancelled' ? 'cancelled' : 'timed-out', code: null };
}
