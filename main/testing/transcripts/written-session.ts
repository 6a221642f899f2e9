import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AgentId } from '../../../shared/transcripts/agents.ts';

/** A made-up session as its agent would have written it, and what is true of it. */
export interface WrittenSession {
  readonly agent: AgentId;
  readonly version: string;
  /** As `FoundSession.id` has it. */
  readonly id: string;
  /** Contents by name, relative to the agent's root. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** Name of the main file. */
  readonly main: string;
  readonly truth: SessionTruth;
}

/** What a person who watched the session would say of it. */
export interface SessionTruth {
  /** What was typed, in order. */
  readonly prompts: readonly string[];
  readonly changedFiles: readonly string[];
  /** Of the session itself and its subagents. */
  readonly commands: readonly string[];
  readonly failedCommands: number;
  /** First seven digits. */
  readonly commits: readonly string[];
  readonly folder: string | null;
  readonly title: string | null;
  readonly subagents: number;
  readonly unknownLines: number;
}

/** Writes sessions below a root, each file with a time of long ago. */
export function writeSessions(root: string, sessions: readonly WrittenSession[]): void {
  for (const { files } of sessions)
    for (const [name, content] of files) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      utimesSync(path, 1_760_000_000, 1_760_000_000.5);
    }
}
