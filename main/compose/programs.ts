/** Other programs, for the interfaces: one for its output, one that outlives this process, one in the foreground. */
export { runSystemProgram } from '../adapters/process/system-program.ts';
export { runInForeground, startDetached } from '../adapters/process/start-program.ts';
export { runPager } from '../adapters/process/run-pager.ts';
