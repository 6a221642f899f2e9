import type { Bytes } from '../ports/bytes.ts';
import { saveCommand } from './save-command.ts';
import { syncCommand } from './sync-command.ts';

/** Session Log's commands for Claude Code: `/save` and `/sync`. */
export const AGENT_COMMANDS = ['save', 'sync'] as const;
export type AgentCommand = (typeof AGENT_COMMANDS)[number];

const TEXTS: Readonly<Record<AgentCommand, (launcher: string) => string>> = {
  save: saveCommand,
  sync: syncCommand,
};

const MARK = /\n<!-- session-log:([a-z]+)-command ([0-9a-f]{16}) -->\n?$/;

/**
 * The file of one command. It ends with a mark that holds the hash of the rest, which identifies it as ours and unchanged.
 * @param launcher command line of the CLI, see `launcherOf`
 */
export function commandText(command: AgentCommand, launcher: string, bytes: Pick<Bytes, 'sha256'>): string {
  const body = commandBody(command, launcher);
  return `${body}\n<!-- session-log:${command}-command ${digest(body, bytes)} -->\n`;
}

/** A command's text, without the mark that identifies our files. */
export function commandBody(command: AgentCommand, launcher: string): string {
  return TEXTS[command](launcher);
}

/** The origin of an existing file with a command's name: ours unchanged, ours with edits, or somebody else's. */
export function commandOrigin(
  command: AgentCommand,
  text: string,
  bytes: Pick<Bytes, 'sha256'>,
): 'ours' | 'edited' | 'foreign' {
  const plain = text.replaceAll('\r\n', '\n');
  const match = MARK.exec(plain);
  if (match?.[1] !== command) return 'foreign';
  return match[2] === digest(plain.slice(0, match.index), bytes) ? 'ours' : 'edited';
}

function digest(body: string, bytes: Pick<Bytes, 'sha256'>): string {
  return bytes.sha256(new TextEncoder().encode(body)).slice(0, 16);
}
