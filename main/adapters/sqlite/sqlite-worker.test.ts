/**
 * The index as it ships: bundled, with the worker beside it, on the oldest Node that has to run it. The sources run only on a Node that
 * strips types, so what every other test shows says nothing about that.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { only } from '../../testing/only.ts';

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'session-log-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The Node 20 of this machine, if there is one beside the Node that runs the tests. */
function node20(): string | null {
  const places = ['/usr/bin/node', '/usr/local/bin/node', process.env['NODE_20'] ?? ''];
  return places.find((path) => path !== '' && versionOf(path).startsWith('v20.')) ?? null;
}

function versionOf(node: string): string {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

const USE = `
  import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
  import { createSqliteLogIndex, sampleShard } from './index-bundle.js';
  const folder = mkdtempSync(process.argv[2]);
  const said = [];
  for (const thread of ['worker', 'caller']) {
    const index = createSqliteLogIndex({ file: folder + '/' + thread + '/index.db', own: null, thread });
    const must = async (call) => {
      const result = await call;
      if (!result.ok) throw new Error(JSON.stringify(result.error));
      return result.value;
    };
    const { content, head, segments } = sampleShard(1, 500);
    await must(index.putShard(content, head, segments));
    const page = await must(index.page({ text: 'Person ana', offset: 100, limit: 7 }));
    const days = await must(index.days({}));
    await must(index.exportTo(folder + '/index.json'));
    const { entries } = JSON.parse(readFileSync(folder + '/index.json', 'utf8'));
    said.push([page.rows.length, page.total, days.length, entries.length]);
    await index.close();
  }
  rmSync(folder, { recursive: true });
  console.log(JSON.stringify(said));`;

describe('the bundled index', () => {
  beforeAll(async () => {
    writeFileSync(
      join(folder, 'index-bundle.ts'),
      `export { createSqliteLogIndex } from ${JSON.stringify(join(here, 'sqlite-log-index.ts'))};
       export { sampleShard } from ${JSON.stringify(join(here, '../../testing/sample-shards.ts'))};`,
    );
    await build({
      configFile: false,
      logLevel: 'warn',
      root: folder,
      build: {
        ssr: true,
        outDir: join(folder, 'out'),
        target: 'node20.18',
        rolldownOptions: {
          input: {
            'index-bundle': join(folder, 'index-bundle.ts'),
            'sqlite-worker': join(here, 'sqlite-worker.ts'),
          },
          external: ['libsql'],
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js', format: 'es' },
        },
      },
    });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'out', 'use.js'), USE);
    symlinkSync(join(here, '../../../node_modules'), join(folder, 'node_modules'));
  });

  const run = (node: string): unknown =>
    JSON.parse(
      execFileSync(node, [join(folder, 'out', 'use.js'), join(folder, 'data-')], { encoding: 'utf8' }),
    );
  const wanted = [
    [7, 500, 100, 500],
    [7, 500, 100, 500],
  ];

  it('runs on this Node', () => {
    expect(run(process.execPath)).toEqual(wanted);
  });

  const old = node20();
  only(old !== null, 'needs Node 20').it('runs on Node 20', () => {
    expect(run(old as string)).toEqual(wanted);
  });
});
