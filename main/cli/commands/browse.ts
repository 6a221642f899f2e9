import type { Command } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { dataPaths, resolveHome } from '../../compose/paths.ts';
import type { BrowseView } from '../../compose/browse-view.ts';
import { createTerminalQuestion } from '../ask-in-terminal.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { hasDisplay, openInBrowser } from '../open-in-browser.ts';
import { parseCount } from '../parse-options.ts';

interface BrowseOptions {
  readonly port?: string;
  readonly idleMinutes?: string;
  /** False for `--no-open`. */
  readonly open: boolean;
  readonly json?: boolean;
}

/** By the time the redirect file is removed, the page has long loaded. */
const FILE_MS = 30_000;

/** `session-log browse`: the app's pages in a browser, and its schedule, for machines without a desktop. */
export function registerBrowse(program: Command, context: CliContext): void {
  program
    .command('browse')
    .description('browse logs in a web browser; syncs automatically while it runs')
    .option('--port <number>', 'listen on this port of 127.0.0.1 (default: any free one)')
    .option('--idle-minutes <number>', 'stop after this long without an open page (default: never)')
    .option('--no-open', 'print the address only')
    .option('--json', 'print one JSON envelope with the address, then serve')
    .addHelpText('after', HELP)
    .action((options: BrowseOptions) => runBrowse(context, options));
}

const HELP = `
The address works once; the browser then has a session until this command ends. Ctrl+C ends it.
What runs programs or changes where logs go is asked for here before a page may change it.
From another machine, through SSH: session-log browse --port 4321, and there: ssh -L 4321:127.0.0.1:4321 <this machine>`;

async function runBrowse(context: CliContext, options: BrowseOptions): Promise<void> {
  const json = options.json ?? false;
  const home = resolveHome();
  if (!home.ok) return finish(context, json, home, () => '');
  const opened = await openView(home.value, options);
  if (!opened.ok) return finish(context, json, opened, () => '');
  const view = opened.value;
  const address = view.newAddress();
  finish(
    context,
    json,
    ok({ url: address, port: view.port }),
    () => `Session Log is at ${address}\nCtrl+C ends it.`,
  );
  const removeFile =
    options.open && !json && hasDisplay(context.env)
      ? await open(context, view, dataPaths(home.value).state)
      : null;
  await stopAsked(context.signal, view.ended);
  await Promise.all([view.stop(), removeFile?.()]);
}

async function openView(home: string, options: BrowseOptions): Answer<BrowseView> {
  const port = parseCount('port', options.port, 0);
  if (!port.ok) return port;
  const idle = parseCount('idle-minutes', options.idleMinutes, 1);
  if (!idle.ok) return idle;
  const { openBrowseView } = await import('../../compose/browse-view.ts');
  return openBrowseView({
    home,
    version: packageJson.version,
    terminal: options.json ? null : createTerminalQuestion(),
    ...(port.value === undefined ? {} : { port: port.value }),
    ...(idle.value === undefined ? {} : { idleMinutes: idle.value }),
  });
}

/** A separate token for the browser, so that the printed address stays valid. */
async function open(
  context: CliContext,
  view: BrowseView,
  state: string,
): Promise<(() => Promise<void>) | null> {
  const remove = await openInBrowser(view.newAddress(), state);
  if (remove === null)
    context.warn('session-log: no browser could be started here; open the address yourself.\n');
  else setTimeout(() => void remove(), FILE_MS).unref();
  return remove;
}

function stopAsked(signal: AbortSignal, ended: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    void ended.then(resolve);
  });
}
