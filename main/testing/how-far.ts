const EVERY_MS = 60_000;

/**
 * Says once a minute how far a test of a deep run has come (`npm run test:deep`), on standard error: a console of Vitest's would show it when
 * the test is over. Elsewhere it is silent.
 * @param what the test, in a few words
 * @param all how many steps there are; unless given the time left is not guessed
 * @returns to be called after each step
 */
export function howFar(what: string, all?: number): () => void {
  if (process.env['SESSION_LOG_DEEP'] !== '1') return () => undefined;
  const began = performance.now();
  let told = began;
  let done = 0;
  return () => {
    done++;
    const now = performance.now();
    if (now - told < EVERY_MS) return;
    told = now;
    process.stderr.write(`… ${what}: ${progressText(done, now - began, all)}\n`);
  };
}

/**
 * @param done steps
 * @param tookMs for them
 * @param all steps there are
 */
export function progressText(done: number, tookMs: number, all?: number): string {
  const minutes = tookMs / 60_000;
  const after = `in ${minutes.toFixed(0)} min`;
  if (all === undefined) return `${done} ${after}`;
  return `${done} of ${all} ${after}, about ${Math.ceil((minutes * (all - done)) / done)} min more`;
}
