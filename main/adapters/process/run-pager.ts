import { spawnSync } from 'node:child_process';

/**
 * Shows a text in a person's pager and waits until it ends.
 * @param command program and words, separated by spaces
 * @returns false when there is no such program, so that the text has still to be printed
 */
export function runPager(
  command: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const [program = '', ...words] = command.split(' ').filter((word) => word !== '');
  const run = spawnSync(program, words, {
    input: text,
    stdio: ['pipe', 'inherit', 'inherit'],
    // Like git: a page that fits is left on the screen, and colours are passed through.
    env: { ...env, LESS: env['LESS'] ?? 'FRX' },
  });
  return run.error === undefined || (run.error as NodeJS.ErrnoException).code === 'EPIPE';
}
