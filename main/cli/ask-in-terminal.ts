import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { forTerminalLine } from '../../shared/domain/terminal-text.ts';
import type { TerminalQuestion } from '../browse/confirm-calls.ts';
import { runSystemProgram } from '../compose/programs.ts';
import { canAsk } from './ask.ts';

/** Input typed before a question is shown is not an answer; a person needs longer than this to read it. */
const TYPED_AHEAD_MS = 250;

/** Asks the browser view's questions in the terminal it was started from. */
export function createTerminalQuestion(
  input: Readable = process.stdin,
  output: Writable = process.stderr,
  isThere: () => Promise<boolean> = async () => canAsk() && (await isInForeground()),
): TerminalQuestion {
  return {
    canAsk: isThere,
    ask: (lines, signal) =>
      new Promise((resolve) => {
        // Not readline's terminal mode: Ctrl+C must still end the command.
        const reader = createInterface({ input, terminal: false });
        const shownAt = performance.now();
        const prompt = (): void => void output.write('Allow it? [y/N] ');
        const end = (answer: boolean): void => {
          signal.removeEventListener('abort', takeBack);
          resolve(answer);
          reader.close();
          input.pause();
        };
        const takeBack = (): void => {
          output.write('\nThe page took the question back.\n');
          end(false);
        };
        output.write(
          `\nA page of the browser view wants to\n${lines.map((line) => `  ${forTerminalLine(line)}\n`).join('')}`,
        );
        prompt();
        reader.on('line', (line) => {
          if (performance.now() - shownAt < TYPED_AHEAD_MS) return prompt();
          const yes = /^\s*y(?:es)?\s*$/i.test(line);
          output.write(yes ? 'Allowed.\n' : 'Not allowed.\n');
          end(yes);
        });
        reader.once('close', () => resolve(false));
        signal.addEventListener('abort', takeBack, { once: true });
        if (signal.aborted) takeBack();
      }),
  };
}

/** The system suspends a background program that reads its terminal, so it must not ask. */
async function isInForeground(): Promise<boolean> {
  if (process.platform === 'win32') return true;
  try {
    // The program's name is in parentheses and may contain anything.
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , , group, , , front] = stat.slice(stat.lastIndexOf(')') + 1).split(' ');
    return group === front;
  } catch {
    const told = await runSystemProgram('ps', ['-o', 'pgid=,tpgid=', '-p', `${process.pid}`], 5_000);
    const [group, front] = told.stdout.trim().split(/\s+/);
    return told.ran && group !== undefined && group === front;
  }
}
