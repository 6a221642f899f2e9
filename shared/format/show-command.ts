import type { LogId } from '../domain/ids.ts';

/** Characters that no shell reads as anything else. */
const PLAIN = /^[\w./#@%+:,-]+$/;

/** The command that shows a log on any machine of the team, ready to be pasted into a terminal or a message. */
export function showCommand(id: LogId): string {
  return `session-log show ${PLAIN.test(id) ? id : `'${id.replaceAll("'", "'\\''")}'`}`;
}
