import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { startJsonApiServer } from './json-api-server.ts';

/** A running server that speaks Cloud Storage's interfaces. */
export interface GcsServer {
  /** Which one it is; printed by every suite that uses it. */
  readonly name: string;
  readonly endpoint: string;
  createBucket(name: string): Promise<void>;
  /** Changes one byte of a stored object; null where the server keeps it out of reach. */
  readonly damage: ((bucket: string, name: string) => void) | null;
  stop(): Promise<void>;
}

/** The release we test against. Those before September 2026 ignore preconditions on some requests. */
export const FAKE_GCS_VERSION = 'v1.56.1';
const MODULE = 'github.com/fsouza/fake-gcs-server';
/** Go's checksum of that release, whatever proxy it comes through. What it needs in turn Go holds against its public list of checksums. */
const FAKE_GCS_SUM = 'h1:K03sAvbLvDz4hAynpCCUqnNRp+ik9JFSvHbkD/wTPOU=';
const INSTALL_MS = 240_000;
const START_MS = 20_000;

/** The in-repo server. */
export async function startInRepoServer(): Promise<GcsServer> {
  const server = await startJsonApiServer();
  return {
    name: 'in-repo JSON API server',
    endpoint: server.endpoint,
    createBucket: (name) => createBucket(server.endpoint, name),
    damage: (bucket, name) => {
      const bytes = server.buckets.get(bucket)?.objects.get(name)?.bytes;
      if (bytes === undefined) throw new Error(`${name} is not in ${bucket}`);
      bytes[3] = (bytes[3] ?? 0) ^ 4;
    },
    stop: () => server.stop(),
  };
}

/**
 * A server that we did not write: the endpoint in SESSION_LOG_GCS_ENDPOINT, fake-gcs-server on PATH, or the pinned release of it
 * installed by a Go toolchain into the user's cache. Null where none can be had.
 */
export async function startThirdPartyServer(): Promise<GcsServer | null> {
  const endpoint = process.env.SESSION_LOG_GCS_ENDPOINT;
  if (endpoint)
    return {
      name: `server at ${endpoint} (SESSION_LOG_GCS_ENDPOINT)`,
      endpoint,
      createBucket: (name) => createBucket(endpoint, name),
      damage: null,
      stop: async () => {},
    };
  const onPath = await findOnPath('fake-gcs-server');
  if (onPath !== null) return await startFakeGcs(onPath, `fake-gcs-server (${onPath})`);
  const installed = await installFakeGcs();
  return installed === null ? null : await startFakeGcs(installed, `fake-gcs-server ${FAKE_GCS_VERSION}`);
}

/** The third-party server where one can be had, else our own; never silently. */
export async function startGcsServer(): Promise<GcsServer> {
  const server = (await startThirdPartyServer()) ?? (await startInRepoServer());
  console.log(`[gcs-server] ${server.name} at ${server.endpoint}`);
  return server;
}

async function createBucket(endpoint: string, name: string): Promise<void> {
  const reply = await fetch(`${endpoint}/storage/v1/b?project=session-log-tests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  if (reply.status !== 200 && reply.status !== 409)
    throw new Error(`the server refused the bucket: ${reply.status}`);
}

async function findOnPath(program: string): Promise<string | null> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, process.platform === 'win32' ? `${program}.exe` : program);
    if (folder !== '' && (await isProgram(path))) return path;
  }
  return null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function installFakeGcs(): Promise<string | null> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(cache, 'session-log', `fake-gcs-server-${FAKE_GCS_VERSION}`);
  const program = join(folder, process.platform === 'win32' ? 'fake-gcs-server.exe' : 'fake-gcs-server');
  if (await isProgram(program)) return program;
  const go = await findOnPath('go');
  if (go === null) {
    console.log('[gcs-server] no fake-gcs-server and no Go toolchain here');
    return null;
  }
  console.log(
    `[gcs-server] installing ${MODULE}@${FAKE_GCS_VERSION} into ${folder} (once, at most ${INSTALL_MS / 1000} s)`,
  );
  await mkdir(folder, { recursive: true });
  const env = { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' };
  const release = `${MODULE}@${FAKE_GCS_VERSION}`;
  const downloaded = await runGo(go, ['mod', 'download', '-json', release], env);
  if (downloaded === null) return null;
  const { Sum: sum } = JSON.parse(downloaded) as { readonly Sum?: string };
  if (sum !== FAKE_GCS_SUM) {
    console.log(`[gcs-server] ${release} has the checksum ${sum ?? '(none)'}, not the one that is pinned`);
    return null;
  }
  return (await runGo(go, ['install', release], env)) === null ? null : program;
}

/** @returns what it printed; null, with the reason said, when it failed */
function runGo(go: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(go, args, { env, timeout: INSTALL_MS, cwd: tmpdir() }, (error, printed, said) => {
      if (error)
        console.log(`[gcs-server] go ${args[0]} failed: ${said.trim().split('\n').at(-1) ?? error.message}`);
      resolve(error ? null : printed);
    });
  });
}

async function startFakeGcs(program: string, name: string): Promise<GcsServer | null> {
  // Another process may take the port between the look and the start.
  for (let attempt = 0; attempt < 3; attempt++) {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const child = spawn(
      program,
      [
        '-scheme',
        'http',
        '-backend',
        'memory',
        '-host',
        '127.0.0.1',
        '-port',
        String(port),
        '-external-url',
        endpoint,
        '-public-host',
        `127.0.0.1:${port}`,
        '-log-level',
        'info',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    // A test run that dies must not leave servers behind.
    const reap = (): void => void child.kill('SIGKILL');
    process.once('exit', reap);
    child.once('exit', () => process.removeListener('exit', reap));
    if (!(await hasStarted(child))) continue;
    // The log is not read any more, and a full pipe would stop the server.
    child.stderr?.resume();
    return {
      name,
      endpoint,
      damage: null,
      createBucket: (bucket) => createBucket(endpoint, bucket),
      stop: () => end(child),
    };
  }
  console.log(`[gcs-server] ${program} does not start`);
  return null;
}

function hasStarted(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const give = (up: boolean): void => {
      clearTimeout(timer);
      lines?.close();
      if (!up) child.kill('SIGKILL');
      resolve(up);
    };
    const timer = setTimeout(() => give(false), START_MS);
    const lines = child.stderr && createInterface(child.stderr);
    lines?.on('line', (line) => {
      if (/server started/i.test(line)) give(true);
    });
    child.on('exit', () => give(false));
    child.on('error', () => give(false));
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.on('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
