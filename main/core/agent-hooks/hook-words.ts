/** The hooks of Claude Code that Session Log uses. */
export const HOOK_EVENTS = ['SessionStart', 'SessionEnd'] as const;
export type HookEvent = (typeof HOOK_EVENTS)[number];

/** The words behind the launcher in a hook's command; by them our hooks are known, wherever the launcher lies. */
export const HOOK_WORDS: Readonly<Record<HookEvent, string>> = {
  SessionStart: 'hook session-start --agent claude-code',
  SessionEnd: 'hook session-end --agent claude-code',
};

/** A hook of ours as it stands in a settings file. */
export interface FoundHook {
  readonly event: HookEvent;
  readonly command: string;
}
