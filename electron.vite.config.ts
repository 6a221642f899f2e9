import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { MainViteConfig, PreloadViteConfig, RendererViteConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { directBuiltinsPlugin } from './scripts/direct-builtins.ts';
import { leftOutPackages } from './scripts/left-out-packages.ts';

const root = dirname(fileURLToPath(import.meta.url));

/** Packages that load a native binary by their own path, so they must stay where npm put them. */
const NATIVE = ['libsql', '@parcel/watcher', '@napi-rs/keyring'];

/** Commands a user runs with plain `node`; their names are those of package.json `bin`. */
const COMMANDS = {
  cli: 'main/cli/cli.ts',
  'session-log-init': 'main/cli/session-log-init.ts',
  'session-log-sync': 'main/cli/session-log-sync.ts',
  'session-log-migrate': 'main/cli/session-log-migrate.ts',
};

const MAIN = {
  index: 'main/index.ts',
  ...COMMANDS,
  'list-worker': 'main/adapters/folder-store/list-worker.ts',
  'secrets-worker': 'main/adapters/secrets/secrets-worker.ts',
  'sqlite-worker': 'main/adapters/sqlite/sqlite-worker.ts',
  'search-worker': 'main/adapters/sqlite/search/search-worker.ts',
};

/**
 * The chunks of the commands that agents wait for, each a group of modules with all their imports. By default the bundler makes a chunk of
 * every handful of modules shared by two entries, and a command spends half a millisecond on each of sixty files. The most widely needed
 * come first: a group excludes what an earlier one has taken.
 */
const COMMAND_CHUNKS = [
  // Before Node's compile cache is enabled, because this determines its path.
  { name: 'home', test: modules('main/compose/paths'), priority: 5 },
  { name: 'start', test: modules('main/cli/quick-command', 'main/cli/cli-process'), priority: 4 },
  {
    name: 'disk',
    test: modules(
      'main/adapters/disk/node-files',
      'main/adapters/settings/json-settings',
      'main/adapters/system/node-clock',
      'main/adapters/system/node-random',
      'main/compose/lazy-ports',
      'shared/domain/log-path',
    ),
    priority: 3,
  },
  {
    name: 'setup',
    test: modules(
      'main/cli/setup-here',
      // What `status` shares with a save, so that it need not load how to write one.
      'main/compose/played-machine',
      'main/core/agent-hooks/queue',
      'main/core/author/author',
      'main/core/secrets/not-secrets',
      'main/core/secrets/secret-watch',
      'main/core/workspaces/used-workspaces',
      'shared/domain/decode-log',
      'shared/domain/zoned-time',
      'shared/domain/log-entry',
      'shared/domain/topic-slug',
      'shared/format/time',
    ),
    priority: 3,
  },
  { name: 'saves', test: modules('main/cli/commands/hook', 'main/cli/commands/save'), priority: 2 },
  { name: 'locks', test: modules('main/adapters/lock/node-locks'), priority: 2 },
  { name: 'core', test: modules('main/compose/node'), priority: 2 },
  { name: 'status', test: modules('main/cli/commands/status'), priority: 1 },
  { name: 'transcripts', test: modules('main/compose/transcript-sources'), priority: 1 },
  { name: 'sync', test: modules('main/cli/commands/sync'), priority: 0 },
];

/** The product cannot load its pages from a server, whatever the environment says. */
const NO_DEVELOPMENT_SERVER: Record<string, string> =
  process.env['NODE_ENV_ELECTRON_VITE'] === 'development'
    ? {}
    : { 'process.env.ELECTRON_RENDERER_URL': 'undefined' };

const PRELOAD = { index: 'preload/index.ts' };

/** Where `npm run dev` serves the pages. */
const PAGES_PORT = 5183;

const RENDERER = { browser: 'renderer/browser/index.html', panel: 'renderer/panel/index.html' };

/** Matches our modules, given by path from the repository root without extension. */
function modules(...names: string[]): (id: string) => boolean {
  const files = new Set(names.map((name) => join(root, `${name}.ts`)));
  const gone = [...files].find((file) => !existsSync(file));
  if (gone !== undefined)
    throw new Error(`electron.vite.config.ts names a module that is not there: ${gone}`);
  return (id) => files.has(resolve(id));
}

/**
 * Keeps the entries whose source exists, as absolute paths.
 * @param entries entry name -> path from the repository root
 */
function present(entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries)
      .filter(([, file]) => existsSync(join(root, file)))
      .map(([name, file]) => [name, join(root, file)]),
  );
}

/** Distinguishes a command's entry chunk from every other chunk. */
function isCommand(chunk: { readonly isEntry: boolean; readonly name: string }): boolean {
  return chunk.isEntry && Object.hasOwn(COMMANDS, chunk.name);
}

/** Makes the command entries executable, so that npm's links to them run directly. */
function executableCommands(): Plugin {
  return {
    name: 'session-log:executable-commands',
    apply: 'build',
    writeBundle(options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && isCommand(chunk)) {
          chmodSync(join(options.dir ?? '', chunk.fileName), 0o755);
        }
      }
    },
  };
}

/** Lets the newly built command line write its manual page, which the packages install. */
function manualPage(): Plugin {
  return {
    name: 'session-log:manual-page',
    apply: 'build',
    closeBundle() {
      const cli = resolve(root, 'out/main/cli.js');
      if (!existsSync(cli)) return;
      // In a nonexistent data folder, so that this machine's own is left alone.
      const env = { ...process.env, SESSION_LOG_HOME: resolve(root, 'out/no-home') };
      writeFileSync(
        resolve(root, 'out/session-log.1'),
        execFileSync(process.execPath, [cli, 'man'], { env }),
      );
    },
  };
}

/**
 * Writes the vocabulary that distinguishes random strings from words as JSON in a string. An array of 100,000 words in the source costs the
 * engine 10 MB more to parse, which it does not free.
 */
function vocabularyAsJson(): Plugin {
  return {
    name: 'session-log:vocabulary-as-json',
    apply: 'build',
    async load(id) {
      if (!/[/\\]bpeRanks[/\\]cl100k_base\.js$/.test(id)) return null;
      const { default: words } = (await import(pathToFileURL(id).href)) as { readonly default: unknown };
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(words))});`;
    },
  };
}

/** Of package.json, programs get what they say of themselves: its list of tools is nothing to load at every start. */
function nameAndVersion(): Plugin {
  return {
    name: 'session-log:name-and-version',
    apply: 'build',
    load(id) {
      if (id !== resolve(root, 'package.json')) return null;
      const { name, version } = JSON.parse(readFileSync(id, 'utf8')) as Record<string, unknown>;
      return JSON.stringify({ name, version });
    },
  };
}

const main: MainViteConfig = {
  define: NO_DEVELOPMENT_SERVER,
  plugins: [
    leftOutPackages(),
    executableCommands(),
    directBuiltinsPlugin(),
    vocabularyAsJson(),
    nameAndVersion(),
    manualPage(),
  ],
  build: {
    outDir: resolve(root, 'out/main'),
    // The oldest runtime that must run the bundle: Electron 33 (Node 20.18) in end-to-end tests.
    target: 'node20.18',
    sourcemap: true,
    externalizeDeps: false,
    rolldownOptions: {
      input: present(MAIN),
      external: NATIVE,
      output: {
        entryFileNames: '[name].js',
        // Chunks are beside the entries, so `new URL('./x', import.meta.url)` means the same file in both. For a `.mjs`, Node knows the
        // format without looking for a package.json, which it would do for each.
        chunkFileNames: 'chunk-[name]-[hash].mjs',
        // Every start reads and decodes what it loads. Names and lines stay, for readers of stack traces.
        comments: { legal: true, annotation: false, jsdoc: false },
        codeSplitting: { groups: COMMAND_CHUNKS },
        postBanner: (chunk) => (isCommand(chunk) ? '#!/usr/bin/env node' : ''),
      },
    },
  },
};

const preload: PreloadViteConfig = {
  build: {
    outDir: resolve(root, 'out/preload'),
    target: 'node20.18',
    sourcemap: true,
    externalizeDeps: false,
    rolldownOptions: {
      input: present(PRELOAD),
      // A sandboxed preload script is CommonJS in one file.
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
};

const renderer: RendererViteConfig = {
  root: resolve(root, 'renderer'),
  plugins: [react()],
  // For `npm run dev`: the app's pages use its own scheme, so they must be told where changes are announced.
  server: {
    host: '127.0.0.1',
    port: PAGES_PORT,
    strictPort: true,
    hmr: { protocol: 'ws', host: '127.0.0.1', clientPort: PAGES_PORT },
  },
  build: {
    outDir: resolve(root, 'out/renderer'),
    target: 'chrome130',
    sourcemap: true,
    minify: true,
    // No data: URLs, so that the content security policy need not allow them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: present(RENDERER) },
  },
};

/** Whether a target has anything to build; electron-vite rejects one without input. */
function hasInput(target: MainViteConfig | PreloadViteConfig | RendererViteConfig): boolean {
  return Object.keys(target.build?.rolldownOptions?.input ?? {}).length > 0;
}

export default defineConfig({
  ...(hasInput(main) ? { main } : {}),
  ...(hasInput(preload) ? { preload } : {}),
  ...(hasInput(renderer) ? { renderer } : {}),
});
