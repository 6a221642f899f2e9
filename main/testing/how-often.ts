/**
 * How often a test that draws from many possibilities tries: a sample in `npm test`, all of it in `npm run test:deep`, which runs each file
 * that asks this function beside the `*.deep.test.ts`.
 * @param sample tries for every change
 * @param all tries for a night
 */
export function howOften(sample: number, all: number): number {
  return process.env['SESSION_LOG_DEEP'] === '1' ? all : sample;
}
