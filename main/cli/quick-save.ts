import { openProcess, reportBug } from './cli-process.ts';
import { parseSaveWords, runSave } from './commands/save.ts';

/**
 * Runs `session-log save` without the parser of the command line.
 * @param words what follows `save`
 * @returns false, with nothing done, when the words are not plain options of it: the parser then explains them
 */
export async function quickSave(words: readonly string[]): Promise<boolean> {
  const options = parseSaveWords(words);
  if (options === null) return false;
  const context = openProcess();
  try {
    await runSave(context, options);
  } catch (thrown) {
    reportBug(context, options.json ?? false, thrown);
  }
  return true;
}
