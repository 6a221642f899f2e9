import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { AGENT_NAMES } from '../../../shared/transcripts/agents.ts';
import type { HookAgent } from '../../../shared/transcripts/agents.ts';
import type { FoundHook } from './hook-words.ts';
import { jsonHooks, type JsonHookForm } from './json-hooks.ts';
import { findNotify, withNotify, withoutNotify } from './notify-line.ts';

/** Our hooks in the text of an agent's file. */
export interface HookText {
  /**
   * Adds our hooks, changing nothing else; updates ours with another command.
   * @param text the file; null when absent
   * @param launcher command line of the CLI, see `launcherOf`
   * @returns codes `corrupt` with line and column; `attention` for another form, and where the agent has room for one program and starts
   * another
   */
  readonly put: (text: string | null, launcher: string) => Result<string, AppError>;
  /** Removes our hooks, and what they leave empty. */
  readonly take: (text: string) => Result<string, AppError>;
  readonly find: (text: string) => Result<readonly FoundHook[], AppError>;
}

/** Seconds until an agent aborts a hook. Ours ends in a fraction of one. */
const TIMEOUT_SECONDS = 10;
/** For new sessions. Not after compaction: it is the same session then. */
const START_MATCHER = 'startup|resume|clear';

const plainCommand = (command: string): Readonly<Record<string, string>> => ({ command });

const FORMS: Readonly<Record<Exclude<HookAgent, 'codex'>, JsonHookForm>> = {
  'claude-code': {
    isGrouped: true,
    head: {},
    commands: plainCommand,
    entry: (commands) => ({ type: 'command', ...commands, timeout: TIMEOUT_SECONDS }),
    group: (event, entry) =>
      event === 'SessionStart' ? { matcher: START_MATCHER, hooks: [entry] } : { hooks: [entry] },
  },
  gemini: {
    isGrouped: true,
    head: {},
    commands: plainCommand,
    entry: (commands) => ({
      type: 'command',
      name: 'session-log',
      ...commands,
      timeout: TIMEOUT_SECONDS * 1_000,
    }),
    group: (_, entry) => ({ hooks: [entry] }),
  },
  copilot: {
    isGrouped: false,
    head: { version: 1 },
    // PowerShell treats a quoted program as a text unless told to call it.
    commands: (command) => ({ bash: command, powershell: `& ${command}` }),
    entry: (commands) => ({ type: 'command', ...commands, timeoutSec: TIMEOUT_SECONDS }),
    group: (_, entry) => entry,
  },
  cursor: {
    isGrouped: false,
    head: { version: 1 },
    commands: plainCommand,
    entry: (commands) => commands,
    group: (_, entry) => entry,
  },
};

/** The form of an agent's hooks. */
export function hookText(agent: HookAgent): HookText {
  if (agent !== 'codex') return jsonHooks(agent, FORMS[agent]);
  return {
    put(text, launcher) {
      const made = withNotify(text ?? '', launcher);
      return made === null ? err(taken()) : ok(made);
    },
    take: (text) => ok(withoutNotify(text)),
    find: (text) => ok(findNotify(text)),
  };
}

function taken(): AppError {
  return appError(
    'attention',
    `${AGENT_NAMES.codex} starts another program by its notify setting, and has room for one; it was left as it is.`,
    'Nothing is lost without it: sessions are also found by the app, and by `session-log sessions capture --all`.',
  );
}
