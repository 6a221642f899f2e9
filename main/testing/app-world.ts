import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AppError } from '../../shared/app-error.ts';
import type { EventName } from '../../shared/ipc/channels.ts';
import type { AppEvent, EventPayloads } from '../../shared/ipc/contract.ts';
import type { FinishedOperation } from '../../shared/ipc/operation.ts';
import type { Started } from '../../shared/ipc/payloads.ts';
import { unwrap, type Result } from '../../shared/result.ts';
import { BROWSER_CAPABILITIES, createBrowseShell, createNoFileManager } from '../browse/browse-shell.ts';
import { openAppService } from '../compose/app-service.ts';
import type { RunningApp } from '../core/app/create-app-service.ts';
import { MAC, OTHER_MAC } from './identity-world.ts';

/** App services on machines of a team: real folders, real index, real locks and watcher, one folder as their store. */
export interface AppWorld {
  readonly root: string;
  /** The folder that may become the store. */
  readonly store: string;
  homeOf(name: string): string;
  /** An app over the data folder `name`, on a machine of its own; with null on the one that the folder plays. */
  open(name: string, hostname?: string | null): Promise<RunningApp>;
  /** The same, stored in the folder that all machines of the world share. */
  openJoined(name: string): Promise<RunningApp>;
  /** Writes a log of a machine. */
  write(name: string, path: string, text: string): void;
  /** Stops all apps and removes everything. */
  end(): Promise<void>;
}

/** Makes a world; call `end` after the test. */
export function createAppWorld(): AppWorld {
  const root = mkdtempSync(join(tmpdir(), 'app-world-'));
  const store = join(root, 'store');
  const running: RunningApp[] = [];
  mkdirSync(store);
  const world: AppWorld = {
    root,
    store,
    homeOf: (name) => join(root, name),
    async open(name, hostname = `host-${name}`) {
      const app = await openOn(world.homeOf(name), name === 'a', hostname);
      running.push(app);
      return app;
    },
    async openJoined(name) {
      const app = await world.open(name);
      const settings = {
        store: { url: pathToFileURL(store).href, tenant: 'team' },
        app: { firstRunDone: true },
      };
      unwrap(await app.settings.set({ change: settings }));
      await idle(app);
      return app;
    },
    write(name, path, text) {
      const file = join(world.homeOf(name), 'session-logs', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    async end() {
      for (const app of running.splice(0)) await app.stop();
      unseal(root);
      rmSync(root, { recursive: true, force: true });
    },
  };
  return world;
}

async function openOn(home: string, first: boolean, hostname: string | null): Promise<RunningApp> {
  const facts = (name: string) => ({
    parts: first ? MAC : OTHER_MAC,
    problems: [],
    hostname: name,
    platform: 'Darwin',
    platformVersion: '14',
    model: 'm',
  });
  const { app } = await openAppService(
    home,
    ({ info }) => ({
      shell: createBrowseShell(() =>
        info({
          version: '1',
          shell: 'browser',
          platform: 'linux',
          capabilities: BROWSER_CAPABILITIES,
          runtime: {},
        }),
      ),
      fileManager: createNoFileManager(),
      power: {
        state: () => ({ onBattery: false, metered: false, online: true }),
        wantMetered: () => undefined,
        canTellMetered: async () => false,
        subscribe: () => () => undefined,
      },
    }),
    {
      // Nobody's own settings are a test's to change.
      agents: { claudeFolder: join(dirname(home), 'claude'), userHome: join(dirname(home), 'user') },
      ...(hostname === null
        ? {}
        : { probe: { hostname: () => hostname, probe: async () => facts(hostname) } }),
    },
  );
  return app;
}

/** The cache is read-only; whoever is not root must open it to remove it. */
function unseal(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    chmodSync(join(folder, entry.name), 0o700);
    unseal(join(folder, entry.name));
  }
}

/** Resolves with the first event that `test` accepts. */
export function event<N extends EventName>(
  app: RunningApp,
  name: N,
  test: (payload: EventPayloads[N]) => boolean = () => true,
): Promise<EventPayloads[N]> {
  return new Promise((resolve) => {
    const end = app.events.subscribe((one: AppEvent) => {
      if (one.event !== name || !test(one.payload as EventPayloads[N])) return;
      end();
      resolve(one.payload as EventPayloads[N]);
    });
  });
}

/** Waits until the status is as `test` says. */
export async function status(
  app: RunningApp,
  test: (status: EventPayloads['status.changed']) => boolean,
): Promise<EventPayloads['status.changed']> {
  const changed = event(app, 'status.changed', test);
  const now = unwrap(await app.status.get());
  return test(now) ? now : changed;
}

/** Waits until nothing runs. */
export const idle = (app: RunningApp): Promise<unknown> =>
  status(app, ({ operations }) => operations.length === 0);

/** Waits for the end of an operation that was just started. */
export async function end(
  app: RunningApp,
  started: Promise<Result<Started | null, AppError>>,
): Promise<FinishedOperation> {
  const done = new Map<string, FinishedOperation>();
  const stop = app.events.subscribe((one) => {
    if (one.event === 'operation.done') done.set(one.payload.id, one.payload);
  });
  const answer = unwrap(await started);
  const id = answer?.operation ?? '';
  if (!done.has(id) && !unwrap(await app.sync.operations({})).finished.some((one) => one.id === id))
    await event(app, 'operation.done', (payload) => payload.id === id);
  stop();
  const found = unwrap(await app.sync.operations({})).finished.find((one) => one.id === id);
  return found ?? (done.get(id) as FinishedOperation);
}
