import { startDetached } from '../compose/programs.ts';

/** The word after `hook` that makes this program drain the queue; no agent calls it. */
export const DRAIN_WORD = 'drain';

/**
 * Starts this program once more, to do what is queued: in its own session, so that it outlives the agent and its terminal, with no output
 * and no folder of the agent's in use. Whether it started does not matter here: the queue retains the requests.
 * @param home absolute path of the data folder, which it runs in
 * @param sessionFolder where the agent works, whose identity determines the reader
 */
export function startDrain(home: string, sessionFolder: string): void {
  const [, program] = process.argv;
  if (program === undefined) return;
  const words = [...process.execArgv, program, 'hook', DRAIN_WORD, sessionFolder];
  void startDetached(process.execPath, words, { cwd: home });
}
