import type { LogId } from '../domain/ids.ts';

/** Characters with no special meaning in any shell. */
const PLAIN = /^[\w./#@%+:,-]+$/;

/** Returns the command that shows a log on any of the team's machines, ready to paste into a terminal or a message. */
export function showCommand(id: LogId): string {
  return `session-log show ${PLAIN.test(id) ? id : `'${id.replaceAll("'", "'\\''")}'`}`;
}
