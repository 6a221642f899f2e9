import { startService } from './child-service.ts';

/** An X display to show windows on. */
export interface Display {
  /** Value for DISPLAY. */
  readonly name: string;
  stop(): Promise<void>;
}

/** Large enough for every window of the app, in pixels. */
const SCREEN = '1600x1200x24';

/**
 * Starts an X server without a screen. Tests always get one of their own, so that they neither flash over a person's
 * desktop nor depend on it.
 * @throws Error when Xvfb is not installed or does not start
 */
export async function startDisplay(): Promise<Display> {
  // It picks a free number itself and says which once clients may connect.
  const server = await startService('Xvfb', [
    '-displayfd',
    '3',
    '-screen',
    '0',
    SCREEN,
    '-nolisten',
    'tcp',
    '-noreset',
  ]);
  return { name: `:${server.answer}`, stop: () => server.stop() };
}
