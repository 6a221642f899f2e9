/** A program and its Node, absolute paths. */
export interface LaunchedProgram {
  readonly node: string;
  readonly cli: string;
}

const MARK = 'session-log:launcher';

/**
 * The script at a stable path (`~/.local/bin/session-log`) that starts the app's bundled command line. If that is gone, hooks stay silent,
 * because they must not disturb an agent's session; everything else prints the remedy and exits with 78.
 * @param note its author and how to remove it, one line for people who read it
 */
export function launcherScript({ node, cli }: LaunchedProgram, note: string): string {
  return `#!/bin/sh
# ${MARK}: ${note}
node=${quoted(node)}
cli=${quoted(cli)}
if [ ! -x "$node" ] || [ ! -f "$cli" ]; then
  [ "$1" = hook ] && exit 0
  echo "session-log: Session Log is not at $cli any more." >&2
  echo "  Start the app once: it repairs this. Or install it again. To be rid of this command: rm '$0'" >&2
  exit 78
fi
exec "$node" "$cli" "$@"
`;
}

/** Parses a launcher's command; null when the text is none of ours. */
export function readLauncher(text: string): LaunchedProgram | null {
  if (!text.startsWith('#!/bin/sh\n') || !text.slice(0, 200).includes(MARK)) return null;
  const [node, cli] = ['node', 'cli'].map((name) => new RegExp(`^${name}='(.*)'$`, 'm').exec(text)?.[1]);
  return node === undefined || cli === undefined ? null : { node: unquoted(node), cli: unquoted(cli) };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function unquoted(word: string): string {
  return word.replaceAll("'\\''", "'");
}
