import { parseJson } from '../../../shared/json.ts';
import { openLocal } from '../../compose/open-local.ts';
import { hookSessionEnd, hookSessionStart, hookTurnEnd } from '../../core/workflows/run-hook.ts';
import { processOutput } from '../process-output.ts';
import { DRAIN_WORD, startDrain } from '../start-drain.ts';
import { forPeople } from '../terminal-encoding.ts';

/** Time limit of a hook in milliseconds, whatever the disk does. */
const DEADLINE_MS = 200;
/** An agent writes its JSON at once; an interactive shell never does. */
const INPUT_MS = 50;
/** It contains the agent's last words; longer input is not read, and the next sweep then finds the session. */
const INPUT_CHARACTERS = 1_048_576;

/**
 * Runs one hook, or what a hook has started. Nothing that happens here may reach the agent's session: no error, no
 * exit code, no wait.
 * @param words after `hook`
 */
export async function runHook(words: readonly string[]): Promise<void> {
  const [event, folder = process.cwd()] = words;
  if (event === DRAIN_WORD) {
    const { runDrain } = await import('./drain.ts');
    return runDrain(folder);
  }
  const deadline = setTimeout(() => process.exit(0), DEADLINE_MS);
  try {
    const local = openLocal();
    if (!local.ok) return;
    const { home } = local.value.paths;
    const payload = (): Promise<unknown> => payloadOf(words);
    if (event === 'turn-end') {
      const isAsked = await hookTurnEnd(local.value, agentOf(words), payload);
      return isAsked ? startDrain(home, process.cwd()) : undefined;
    }
    if (event === 'session-end') {
      await hookSessionEnd(local.value, agentOf(words), payload);
      return startDrain(home, process.cwd());
    }
    if (event !== 'session-start') return;
    const cwd = folderOf(await payload()) ?? process.cwd();
    const output = await hookSessionStart(local.value, cwd, local.value.random.hex(6));
    startDrain(home, cwd);
    if (output.text === '') return;
    const out = processOutput(
      1,
      () => process.stdout,
      () => undefined,
    );
    out(forPeople(output.text, process.env));
    await output.shown();
  } catch {
    // Even a bug here must not cost anybody a session; the next command hits it where it can be reported.
  } finally {
    clearTimeout(deadline);
    process.exitCode = 0;
  }
}

function agentOf(words: readonly string[]): string {
  return words[words.indexOf('--agent') + 1] ?? '';
}

/** The folder of the agent's session; null if not given. */
function folderOf(payload: unknown): string | null {
  const cwd = (payload as { cwd?: unknown } | null)?.cwd;
  return typeof cwd === 'string' && cwd !== '' ? cwd : null;
}

/** The agent's payload: the last word of the command (Codex's `notify`), else standard input; null if it is not JSON. */
async function payloadOf(words: readonly string[]): Promise<unknown> {
  const last = words.at(-1) ?? '';
  return parseJson(last.startsWith('{') ? last : await readInput()) ?? null;
}

async function readInput(): Promise<string> {
  if (process.stdin.isTTY) return '';
  return await new Promise<string>((settle) => {
    let read = '';
    const done = (): void => {
      clearTimeout(late);
      // An open pipe would keep the process alive.
      process.stdin.destroy();
      settle(read);
    };
    const late = setTimeout(done, INPUT_MS);
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', (part: string) => {
      read += part;
      if (read.length > INPUT_CHARACTERS) done();
    });
    process.stdin.once('end', done);
    process.stdin.once('error', done);
  });
}
