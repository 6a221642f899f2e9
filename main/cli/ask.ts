import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { forTerminal, forTerminalLine } from '../../shared/domain/terminal-text.ts';
import { fail, type Answer } from '../../shared/app-error.ts';
import { ok } from '../../shared/result.ts';

/** Asks a person at the terminal. Questions go to standard error, so that standard output contains only results. */
export interface Asker {
  /**
   * Reads one line, trimmed; the proposal when the person just presses Enter.
   * @returns null when they stopped (Ctrl+C, Ctrl+D)
   */
  line(question: string, proposal: string): Promise<string | null>;
  /** Prints a message between two questions. */
  say(text: string): void;
  /** Asks yes or no; null when they stopped. */
  confirm(question: string, proposal: boolean): Promise<boolean | null>;
  close(): void;
}

/** True when there is somebody to ask: input and messages are both at a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Opens the terminal for questions; must be closed, or the process does not end. */
export function openAsker(input: Readable = process.stdin, output: Writable = process.stderr): Asker {
  const reader = createInterface({ input, output, terminal: input === process.stdin });
  // Buffered: lines typed ahead or pasted must not be lost.
  const typed: string[] = [];
  let ended = false;
  let waiting: ((line: string | null) => void) | null = null;
  const settle = (line: string | null): void => {
    const asked = waiting;
    waiting = null;
    asked?.(line);
  };
  reader.on('line', (line) => (waiting === null ? typed.push(line) : settle(line)));
  reader.once('close', () => {
    ended = true;
    settle(null);
  });
  // Ctrl+C at a question leaves the question; without this readline would keep the process waiting.
  reader.on('SIGINT', () => reader.close());
  const ask = async (prompt: string): Promise<string | null> => {
    if (ended && typed.length === 0) return null;
    reader.setPrompt(prompt);
    if (!ended) reader.prompt();
    const line = typed.shift() ?? (await new Promise<string | null>((wait) => (waiting = wait)));
    return line === null ? null : line.trim();
  };
  return {
    async line(question, proposal) {
      const shown = proposal === '' ? '' : ` [${forTerminalLine(proposal)}]`;
      const answer = await ask(`${forTerminalLine(question)}${shown}: `);
      return answer === '' ? proposal : answer;
    },
    say: (text) => void output.write(`${forTerminal(text)}\n`),
    async confirm(question, proposal) {
      for (;;) {
        const answer = await ask(`${forTerminalLine(question)} [${proposal ? 'Y/n' : 'y/N'}] `);
        if (answer === null || answer === '') return answer === null ? null : proposal;
        if (/^y(?:es)?$/i.test(answer)) return true;
        if (/^no?$/i.test(answer)) return false;
      }
    },
    close: () => reader.close(),
  };
}

/** A command that shows what it would do and asks before it does it. */
export interface Confirmation {
  /** What it would do. */
  readonly planned: string;
  readonly question: string;
  /** The failures' sentences: without a terminal with its remedy, and after no. */
  readonly noTerminal: string;
  readonly remedy: string;
  readonly declined: string;
}

/**
 * Asks a person to confirm; no is the proposal.
 * @returns `usage` without a terminal, or with `--json`; `cancelled` after any answer but yes
 */
export async function confirmFirst(
  json: boolean,
  { planned, question, noTerminal, remedy, declined }: Confirmation,
): Answer<void> {
  if (json || !canAsk()) return fail('usage', noTerminal, remedy);
  const asker = openAsker();
  try {
    asker.say(planned);
    if ((await asker.confirm(question, false)) === true) return ok(undefined);
    return fail('cancelled', declined, 'Repeat the command when you want to.');
  } finally {
    asker.close();
  }
}
