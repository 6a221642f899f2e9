import { startDetached } from '../compose/programs.ts';

/** The word after `hook` by which this program drains the queue; no agent calls it. */
export const DRAIN_WORD = 'drain';

/**
 * Starts this very program once more, to do what is queued: in a session of its own, so that it outlives the agent and its terminal, with
 * no output and no folder of the agent's in use. Whether it started is nobody's concern here: the queue keeps what was asked for.
 * @param home absolute path of the data folder, which it runs in
 * @param sessionFolder where the agent works, whose identity says who reads
 */
export function startDrain(home: string, sessionFolder: string): void {
  const [, program] = process.argv;
  if (program === undefined) return;
  const words = [...process.execArgv, program, 'hook', DRAIN_WORD, sessionFolder];
  void startDetached(process.execPath, words, { cwd: home });
}
