import type { Command } from 'commander';

/** The supported shells. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A word that can be typed, and its description. */
interface Word {
  readonly word: string;
  readonly about: string;
}

/** A command and what may follow it. */
export interface CompletionNode {
  /** The words after the program's name: `hooks install`; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly Word[];
}

/** Returns every command that help shows, the program first. */
export function completionNodes(program: Command, path = ''): readonly CompletionNode[] {
  const help = program.createHelp();
  const shown = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  const options = help
    .visibleOptions(program)
    .flatMap(({ long, description }) =>
      long === undefined || long === null ? [] : [{ word: long, about: description }],
    );
  const commands = shown.map((command) => ({ word: command.name(), about: command.description() }));
  return [
    { path, commands, options },
    ...shown.flatMap((command) => completionNodes(command, `${path} ${command.name()}`.trim())),
  ];
}

/**
 * Generates a script that completes the names of commands and options; option values and arguments complete as files.
 * @param nodes from {@link completionNodes}
 */
export function completionScript(shell: Shell, nodes: readonly CompletionNode[]): string {
  return { bash, zsh, fish }[shell](nodes);
}

function bash(nodes: readonly CompletionNode[]): string {
  return `# bash completion of session-log: eval "$(session-log completion bash)"
_session_log() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path= words= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${path:+$path }\${COMP_WORDS[i]}" in
      ${pathPatterns(nodes)}) path="\${path:+$path }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path" in
${nodes.map((node) => `    '${node.path}') words='${wordsOf(node).join(' ')}' ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _session_log session-log
`;
}

function zsh(nodes: readonly CompletionNode[]): string {
  const described = (words: readonly Word[]): string =>
    words.map(({ word, about }) => quoted(`${word}:${about}`)).join(' ');
  return `#compdef session-log
# zsh completion of session-log: eval "$(session-log completion zsh)"
_session_log() {
  local path_= i
  local -a commands options
  for ((i = 2; i < CURRENT; i++)); do
    case "\${path_:+$path_ }\${words[i]}" in
      ${pathPatterns(nodes)}) path_="\${path_:+$path_ }\${words[i]}" ;;
    esac
  done
  case "$path_" in
${nodes
  .map(
    (node) =>
      `    '${node.path}') commands=(${described(node.commands)}) options=(${described(node.options)}) ;;`,
  )
  .join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -o option options
  else
    (( \${#commands} )) && _describe command commands || _files
  fi
}
if [[ \${funcstack[1]-} == _session_log ]]; then _session_log "$@"; else compdef _session_log session-log; fi
`;
}

function fish(nodes: readonly CompletionNode[]): string {
  const lines = nodes.flatMap(({ path, commands, options }) => {
    const seen = path.split(' ').filter((word) => word !== '');
    const inside = seen.map((word) => `__fish_seen_subcommand_from ${word}`);
    const own = commands.map(({ word }) => word).join(' ');
    const before =
      seen.length === 0
        ? '__fish_use_subcommand'
        : [...inside, `not __fish_seen_subcommand_from ${own}`].join('; and ');
    const here = seen.length === 0 ? '__fish_use_subcommand' : inside.join('; and ');
    return [
      ...commands.map(
        ({ word, about }) => `complete -c session-log -n '${before}' -f -a ${word} -d ${quoted(about)}`,
      ),
      ...options.map(
        ({ word, about }) => `complete -c session-log -n '${here}' -l ${word.slice(2)} -d ${quoted(about)}`,
      ),
    ];
  });
  return `# fish completion of session-log: session-log completion fish | source\n${lines.join('\n')}\n`;
}

function pathPatterns(nodes: readonly CompletionNode[]): string {
  return nodes.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`])).join('|');
}

function wordsOf({ commands, options }: CompletionNode): readonly string[] {
  return [...commands, ...options].map(({ word }) => word);
}

/** Quotes a word for all three shells, on one line. */
function quoted(text: string): string {
  return `'${text.replaceAll(/\s+/g, ' ').replaceAll("'", '’')}'`;
}
