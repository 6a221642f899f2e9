import { appError, type AppError } from '../../shared/app-error.ts';
import { CALLS, type CallName } from '../../shared/ipc/channels.ts';
import type { ParsedInput } from '../../shared/ipc/contract.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { parseInput } from '../ipc/router.ts';
import { guardedSteps, type GuardedStep } from './guarded-calls.ts';

/** Asks a person in the terminal that runs the browser view. */
export interface TerminalQuestion {
  /** Whether somebody can be asked there. */
  readonly canAsk: () => Promise<boolean>;
  /**
   * Asks one yes-or-no question.
   * @param lines what would be done, one line each; hostile text
   * @param signal withdraws the question
   * @returns true for yes; false for anything else, including a withdrawn question
   */
  readonly ask: (lines: readonly string[], signal: AbortSignal) => Promise<boolean>;
}

/** Confirms what a page may not do on its own. */
export interface CallConfirmation {
  /** What must be confirmed before a call runs; empty when it may run at once. */
  readonly steps: (channel: string, rawInput: unknown) => Promise<readonly GuardedStep[]>;
  /**
   * Asks for it.
   * @returns null when confirmed, else why the call does not run
   */
  readonly confirm: (steps: readonly GuardedStep[], signal: AbortSignal) => Promise<AppError | null>;
}

/** Maximum queued questions; a page with more is not operated by a person. */
const MOST_WAITING = 4;

/**
 * @param terminal null if nobody can be asked
 * @param settings the current ones; null when they cannot be read
 */
export function createCallConfirmation(
  terminal: TerminalQuestion | null,
  settings: () => Promise<Settings | null>,
): CallConfirmation {
  // Testing a store, creating its folder and setting it are one decision of a person.
  const allowed = new Set<string>();
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();

  async function confirm(steps: readonly GuardedStep[], signal: AbortSignal): Promise<AppError | null> {
    if (terminal === null || !(await terminal.canAsk())) return nobodyToAsk(steps);
    if (waiting >= MOST_WAITING) return refused('Too many questions wait in the terminal already.');
    waiting += 1;
    const before = turn;
    const asked = (async () => {
      await before;
      const open = steps.filter((step) => !allowed.has(step.what));
      if (open.length === 0) return true;
      return (
        !signal.aborted &&
        terminal.ask(
          open.map((step) => step.what),
          signal,
        )
      );
    })();
    turn = asked.catch(() => false);
    try {
      if (!(await asked))
        return signal.aborted ? cancelled() : refused('It was not allowed in the terminal.');
    } finally {
      waiting -= 1;
    }
    for (const step of steps) allowed.add(step.what);
    return null;
  }

  return {
    async steps(channel, rawInput) {
      if (!isCall(channel)) return [];
      const input = parseInput(channel, rawInput);
      // Input that violates the contract is refused by the router, in its own words.
      if (!input.ok) return [];
      // The table's entry for a channel takes its schema's output; TypeScript cannot follow a union through both.
      const steps = guardedSteps(
        channel as 'settings.set',
        input.value as ParsedInput<'settings.set'>,
        await settings(),
      );
      return steps.filter((step) => !allowed.has(step.what));
    },
    confirm,
  };
}

const NAMES: ReadonlySet<string> = new Set(CALLS);

function isCall(channel: string): channel is CallName {
  return NAMES.has(channel);
}

function nobodyToAsk(steps: readonly GuardedStep[]): AppError {
  const commands = [...new Set(steps.map((step) => `\`${step.command}\``))];
  return appError(
    'denied',
    'A page may not do this without confirmation, and this browser view has no terminal to ask in.',
    `Do it in a terminal: ${commands.join(', ')}. Or start “session-log\u00a0browse” in a terminal, and do it in the page that opens: there you are asked.`,
  );
}

function refused(message: string): AppError {
  return appError(
    'denied',
    message,
    'Try again and answer “y” in the terminal of “session-log\u00a0browse”.',
  );
}

function cancelled(): AppError {
  return appError(
    'cancelled',
    'The question in the terminal was taken back.',
    'Try again when you are ready.',
  );
}
