/** Why a TOML file was left as it is. */
export interface TomlProblem {
  /** `foreign`: there is a server of that name that is not ours. */
  readonly problem: 'foreign' | 'attention';
  readonly sentence: string;
}

const BEGIN = '# session-log: begin';
/** The file lacked a final line break, so removing restores that. */
const BEGIN_JOINED = '# session-log: begin, on a line that had no end';
const END = '# session-log: end';

/**
 * Adds a server's table to a TOML file's end, between two marks, and changes nothing else: a table at the end belongs to no other, so
 * nothing before it needs parsing. No JavaScript TOML parser keeps every byte.
 */
export function withTomlServer(
  text: string,
  name: string,
  command: string,
  args: readonly string[],
): string | TomlProblem {
  const table = [
    `[mcp_servers.${name}]`,
    `command = ${JSON.stringify(command)}`,
    `args = [${args.map((arg) => JSON.stringify(arg)).join(', ')}]`,
    END,
    '',
  ];
  // It may be anywhere by now.
  if (text.replaceAll('\r\n', '\n').includes(table.join('\n'))) return text;
  const plain = withoutTomlServer(text, name);
  if (typeof plain !== 'string') return plain;
  if (tableOf(name).test(plain)) return { problem: 'foreign', sentence: `There is another server ${name}.` };
  if (/^[ \t]*mcp_servers[ \t]*=/m.test(plain))
    return {
      problem: 'attention',
      sentence: 'It names its servers in one line (mcp_servers = …), to which no table can be added.',
    };
  const feed = plain.includes('\r\n') ? '\r\n' : '\n';
  const joined = plain !== '' && !plain.endsWith('\n');
  const lines = [joined ? BEGIN_JOINED : BEGIN, ...table];
  const gap = plain === '' ? '' : joined ? feed + feed : feed;
  return `${plain}${gap}${lines.join(feed)}`;
}

/** Removes our table, wherever the block is now, restoring the file byte for byte. */
export function withoutTomlServer(text: string, name: string): string | TomlProblem {
  const block =
    /(\r?\n)?(\r?\n)?^# session-log: begin(, on a line that had no end)?\r?\n([\s\S]*?)^# session-log: end(?:\r?\n|$)/m.exec(
      text,
    );
  if (block === null) return text;
  const [whole, first = '', , joined, body = ''] = block;
  const tables = body.match(/^[ \t]*\[.*$/gm) ?? [];
  if (tables.length !== 1 || !tableOf(name).test(body))
    return {
      problem: 'attention',
      sentence: 'Between the marks of session-log stands more than session-log wrote.',
    };
  // The empty line before the block is ours, and so is the preceding line's end if it had none.
  const kept = joined === undefined ? first : '';
  return text.slice(0, block.index) + kept + text.slice(block.index + whole.length);
}

function tableOf(name: string): RegExp {
  return new RegExp(`^[ \\t]*\\[[ \\t]*mcp_servers[ \\t]*\\.[ \\t]*["']?${name}["']?[ \\t]*\\]`, 'm');
}
