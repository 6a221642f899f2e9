import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './bench-row.ts';
import { measureProcess, median } from './measured-process.ts';

const CLI = resolve(fileURLToPath(new URL('../../out/main/cli.js', import.meta.url)));
const ROUNDS = 21;

/** What an agent waits for: a save without its sync, a further save, and the hooks, each as a whole process beside a bare start of Node. */
export async function saveBench(): Promise<BenchRow[]> {
  const root = mkdtempSync(join(tmpdir(), 'session-log-bench-'));
  try {
    const [tree, home] = [join(root, 'tree'), join(root, 'home')];
    for (const folder of [join(tree, '.git'), join(tree, '.claude'), join(home, 'state')])
      mkdirSync(folder, { recursive: true });
    const identity = {
      user: 'mike',
      full_name: 'Mike Swanson',
      email: 'mike@example.com',
      machine: hostname(),
    };
    writeFileSync(join(tree, '.claude/identity.json'), JSON.stringify(identity));
    writeFileSync(join(tree, '.claude/users.json'), JSON.stringify({ mike: { role: 'admin' } }));
    const times: Record<string, number[]> = { bare: [], first: [], further: [], start: [], end: [] };
    const run = async (name: string, args: readonly string[]): Promise<void> => {
      const figures = await measureProcess('node', args, { SESSION_LOG_HOME: home });
      if (figures.exitCode !== 0)
        throw new Error(`${args.join(' ')} ended with ${figures.exitCode}: ${figures.stderr}`);
      times[name]?.push(figures.wallMs);
    };
    const save = (name: string, round: number, text: string): Promise<void> => {
      const file = join(root, 'text.md');
      writeFileSync(
        file,
        `## Session Summary\n\n${text} ${round}.\n\n${'A line of what was done, as agents write them.\n'.repeat(150)}`,
      );
      return run(name, [
        CLI,
        'save',
        '--no-sync',
        '--workspace',
        tree,
        '--file',
        file,
        '--topic',
        `topic ${round}`,
        '--session',
        `s-${round}`,
      ]);
    };
    // In turn, so that all meet the same weather; round 0 warms the disk and the compile cache.
    for (let round = 0; round <= ROUNDS; round++) {
      await run('bare', ['-e', '0']);
      await save('first', round, 'First');
      await save('further', round, 'Further');
      await run('start', [CLI, 'hook', 'session-start', '--agent', 'claude-code']);
      await run('end', [CLI, 'hook', 'session-end', '--agent', 'claude-code']);
    }
    const bare = median((times['bare'] ?? []).slice(1));
    const row = (
      name: string,
      key: string,
      limit: { readonly ratio: number } | { readonly ms: number },
    ): BenchRow => {
      const value = median((times[key] ?? []).slice(1));
      const ratio = value / bare;
      const target = 'ratio' in limit ? `<= ${limit.ratio}x node -e 0` : `< ${limit.ms} ms`;
      return {
        name,
        value,
        unit: 'ms',
        peer: bare,
        ratio,
        target,
        ok: 'ratio' in limit ? ratio <= limit.ratio : value < limit.ms,
      };
    };
    return [
      row('save --no-sync, the first of a session', 'first', { ratio: 3 }),
      row('save --no-sync, a further one', 'further', { ratio: 3 }),
      row('hook at the start of a session', 'start', { ms: 300 }),
      row('hook at the end of a session', 'end', { ms: 300 }),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
