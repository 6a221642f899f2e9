import { delimiter, join } from 'node:path';
import { createAiderSource } from '../adapters/transcripts/aider/aider-source.ts';
import { createHistories, type Histories } from '../adapters/transcripts/aider/chats.ts';
import { createClaudeCodeSource } from '../adapters/transcripts/claude-code/claude-code-source.ts';
import { createCodexSource } from '../adapters/transcripts/codex/codex-source.ts';
import { createCopilotSource } from '../adapters/transcripts/copilot/copilot-source.ts';
import { createCursorSource } from '../adapters/transcripts/cursor/cursor-source.ts';
import { createGeminiSource } from '../adapters/transcripts/gemini/gemini-source.ts';
import { createOpencodeSource } from '../adapters/transcripts/opencode/opencode-source.ts';
import type { Databases } from '../adapters/transcripts/reading/database-sessions.ts';
import type { Files } from '../core/ports/files.ts';
export { loadZstd } from '../adapters/transcripts/reading/unpack-zstd.ts';
import type { TranscriptSource } from '../core/ports/transcript-source.ts';
import { userHome } from './user-home.ts';

/** Where to look; all optional. */
export interface TranscriptPlaces {
  /** The environment; default this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The user's home folder; null where there is none. */
  readonly home?: string | null;
  /** Registered workspaces, absolute. */
  readonly workspaces?: readonly string[];
  /** Facts about multi-session files from earlier sources. */
  readonly known?: KnownFiles;
}

/** Facts about multi-session files, so that they are read again only after a change. */
export interface KnownFiles {
  /** Aider's. */
  readonly histories: Histories;
  /** Of opencode and Cursor. */
  readonly databases: Databases;
}

/** Nothing is known yet. */
export function knownFiles(): KnownFiles {
  return { histories: createHistories(), databases: new Map() };
}

/**
 * Where this user's agents keep transcripts: their usual folders, those in the environment, and workspaces. `CLAUDE_CONFIG_DIR` may list
 * several, as in PATH, for people with several accounts.
 * @param files tells whether a disk responds
 */
export function transcriptSources(
  files: Pick<Files, 'answers'>,
  { env = process.env, home = userHome(), workspaces = [], known }: TranscriptPlaces = {},
): readonly TranscriptSource[] {
  const answers = (folder: string, ms: number): Promise<boolean> => files.answers(folder, ms);
  const roots = (usual: string, named?: string): readonly string[] => [
    ...(env[named ?? ''] ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...(home === null ? [] : [join(home, usual)]),
  ];
  const named = env['XDG_DATA_HOME'] ? [join(env['XDG_DATA_HOME'], 'opencode')] : [];
  const usual = home === null ? [] : [join(home, '.local', 'share', 'opencode')];
  return [
    createClaudeCodeSource(roots('.claude', 'CLAUDE_CONFIG_DIR'), answers),
    createCodexSource(roots('.codex', 'CODEX_HOME'), answers),
    createGeminiSource(roots('.gemini'), answers),
    createOpencodeSource([...named, ...usual], answers, known?.databases),
    createCopilotSource(roots('.copilot', 'COPILOT_HOME'), answers),
    createCursorSource(roots(join('.cursor', 'projects')), cursorUsers(env, home), answers, known?.databases),
    createAiderSource(workspaces, answers, known?.histories),
  ];
}

/** Cursor's folders of per-user editor data. */
function cursorUsers(
  env: Readonly<Record<string, string | undefined>>,
  home: string | null,
): readonly string[] {
  const config = env['APPDATA'] ?? env['XDG_CONFIG_HOME'];
  const usual = home === null ? [] : [join(home, '.config'), join(home, 'Library', 'Application Support')];
  return [...(config ? [config] : []), ...usual].map((folder) => join(folder, 'Cursor', 'User'));
}
