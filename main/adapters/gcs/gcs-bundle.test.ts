import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startJsonApiServer, type JsonApiServer } from '../../testing/json-api-server.ts';
import { startSignInServer, type SignInServer } from '../../testing/sign-in-server.ts';

const run = promisify(execFile);
const ENTRY = fileURLToPath(new URL('./gcs-object-store.ts', import.meta.url));

/** This Node, and every other one on PATH, once each: the shipped code must run on 20 as well. */
function nodes(): { readonly version: string; readonly path: string }[] {
  const found = new Map<string, string>([[process.version, process.execPath]]);
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter((part) => part !== '')) {
    const path = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
    try {
      const version = execFileSync(path, ['--version'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
      if (!found.has(version)) found.set(version, path);
    } catch {
      // No Node in this folder.
    }
  }
  return [...found].map(([version, path]) => ({ version, path }));
}

/** Uses the bundle as the product does: credentials by the client library, a write, a read, the question about rights. */
const PROGRAM = `
import { createGcsObjectStore } from './gcs.js';
const [, , apiEndpoint, token, file] = process.argv;
const clock = { now: Date.now, monotonic: () => performance.now(), sleep: (ms, signal) => new Promise((done) => {
  const timer = setTimeout(() => done(true), ms);
  signal?.addEventListener('abort', () => { clearTimeout(timer); done(false); }, { once: true });
}) };
const random = { hex: () => '0', fraction: Math.random };
const store = createGcsObjectStore({ bucket: 'b', prefix: 'p', credentials: { file }, apiEndpoint, clock, random, authEndpoints: { token } });
const bytes = new TextEncoder().encode('bundled');
const body = { size: 7, crc32c: Number(process.argv[5]), bytes, stream: async function* () { yield bytes; } };
const put = await store.put('a.md', body, { ifGenerationMatch: '0', contentType: 'text/plain' });
const got = await store.get('a.md');
const probe = await store.probe();
await store.close();
console.log(JSON.stringify({ put: put.ok, text: new TextDecoder().decode(got.value?.bytes), writable: probe.value?.writable, error: put.error }));
`;

describe('the adapter in one bundle', () => {
  let folder: string;
  let server: JsonApiServer;
  let signIn: SignInServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'session-log-bundle-'));
    [server, signIn] = await Promise.all([startJsonApiServer(), startSignInServer()]);
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true },
      build: {
        ssr: ENTRY,
        outDir: join(folder, 'out'),
        target: 'node20.18',
        rollupOptions: {
          output: { format: 'es', entryFileNames: 'gcs.js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    });
    await writeFile(join(folder, 'out', 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'out', 'program.js'), PROGRAM);
    const user = { type: 'authorized_user', client_id: 'i', client_secret: 's', refresh_token: 'r' };
    await writeFile(join(folder, 'key.json'), JSON.stringify(user), { mode: 0o600 });
  }, 120_000);
  afterAll(async () => {
    await Promise.all([server.stop(), signIn.stop()]);
    await rm(folder, { recursive: true });
  });

  it.each(nodes())('works on Node $version', async ({ path }) => {
    server.buckets.clear();
    await fetch(`${server.endpoint}/storage/v1/b`, { method: 'POST', body: '{"name":"b"}' });
    const { crc32c } = await import('../../../shared/domain/checksum.ts');
    const sum = String(crc32c(new TextEncoder().encode('bundled')));
    const args = [
      join(folder, 'out', 'program.js'),
      server.endpoint,
      `${signIn.endpoint}/token`,
      join(folder, 'key.json'),
      sum,
    ];
    const { stdout, stderr } = await run(path, args, { cwd: folder });
    expect(JSON.parse(stdout)).toEqual({ put: true, text: 'bundled', writable: true });
    // The client library must not talk to the terminal of our commands.
    expect(stderr).toBe('');
  });
});
