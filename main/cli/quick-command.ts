import type { CliContext } from './cli-context.ts';
import { endProcess, openProcess, reportBug } from './cli-process.ts';

/** A command line that needs no parser, ready to run. */
interface Ready {
  readonly json: boolean;
  run(context: CliContext): Promise<void>;
}

/** Parses the words of one command; null when they are not plain options of it. */
type Reader = (words: readonly string[]) => Promise<Ready | null>;

const READERS: Readonly<Record<string, Reader>> = {
  save: async (words) => {
    const { parseSaveWords, runSave } = await import('./commands/save.ts');
    const options = parseSaveWords(words);
    return options && { json: options.json ?? false, run: (context) => runSave(context, options) };
  },
  status: async (words) => {
    const options = switches(words, ['check', 'json']);
    if (options === null) return null;
    const { runStatus } = await import('./commands/status.ts');
    return { json: options.json ?? false, run: (context) => runStatus(context, options) };
  },
  sync: async (words) => {
    const options = switches(words, ['push', 'index', 'full', 'json']);
    if (options === null) return null;
    const { runSync } = await import('./commands/sync.ts');
    return { json: options.json ?? false, run: (context) => runSync(context, options) };
  },
};

/**
 * Runs the commands that agents and scripts wait for without the command line parser, which takes half as long to load as all of Node.
 * @param command the first word
 * @param words after it
 * @returns false, with nothing done, for another command or words that are not plain options: the parser then explains them
 */
export async function runQuickly(command: string | undefined, words: readonly string[]): Promise<boolean> {
  const read = command !== undefined && Object.hasOwn(READERS, command) ? READERS[command] : undefined;
  const ready = await read?.(words);
  if (!ready) return false;
  const context = openProcess();
  try {
    await ready.run(context);
  } catch (thrown) {
    reportBug(context, ready.json, thrown);
  }
  endProcess();
  return true;
}

/** Parses words that are all switches with these names; null for anything else. */
function switches<Name extends string>(
  words: readonly string[],
  names: readonly Name[],
): { readonly [N in Name]?: true } | null {
  const on: { [N in Name]?: true } = {};
  for (const word of words) {
    const name = names.find((known) => word === `--${known}`);
    if (name === undefined) return null;
    on[name] = true;
  }
  return on;
}
