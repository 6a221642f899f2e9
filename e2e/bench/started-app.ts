import { _electron, type ElectronApplication } from '@playwright/test';
import { startDesktop, type Desktop } from '../harness/desktop.ts';

/** How to start an app, and what it shows when it is there. */
export interface Subject {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly shows: string;
}

async function start(desktop: Desktop, { program, args, env }: Subject): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: program,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...args],
    env: { ...desktop.env, ...env },
  });
}

/** Starts an app in a desktop session of its own, and ends both. */
export async function withApp<T>(
  display: string,
  subject: Subject,
  use: (app: ElectronApplication, desktop: Desktop, started: number) => Promise<T>,
): Promise<T> {
  const desktop = await startDesktop(display);
  const started = performance.now();
  const app = await start(desktop, subject);
  try {
    return await use(app, desktop, started);
  } finally {
    await app.close();
    await desktop.stop();
  }
}
