import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { AGENT_NAMES } from '../../../shared/transcripts/agents.ts';
import type { HookAgent } from '../../../shared/transcripts/agents.ts';
import type { FoundHook } from './hook-words.ts';
import { jsonHooks, type JsonHookForm } from './json-hooks.ts';
import { findNotify, withNotify, withoutNotify } from './notify-line.ts';

/** Our hooks in the text of the file that an agent reads them from. */
export interface HookText {
  /**
   * The text with our hooks and nothing else changed; those of ours with another command are brought up to date.
   * @param text the file; null when there is none
   * @param launcher command line of the CLI, see `launcherOf`
   * @returns codes `corrupt` with line and column; `attention` for another form, and where the agent has room for one program and starts another
   */
  readonly put: (text: string | null, launcher: string) => Result<string, AppError>;
  /** The text without our hooks, and without what they leave empty. */
  readonly take: (text: string) => Result<string, AppError>;
  readonly find: (text: string) => Result<readonly FoundHook[], AppError>;
}

/** Seconds after which an agent gives a hook up. Ours ends by itself in a fraction of one. */
const TIMEOUT_SECONDS = 10;
/** When a session begins anew. Not after compaction: it is the same session then. */
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
    // PowerShell takes a program in quotes for a text unless it is told to call it.
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

/** How an agent's hooks are written. */
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
