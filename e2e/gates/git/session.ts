/**
 * One agent's session as a process: saves logs and syncs after each, until all are saved and synced. `node session.ts '<json>'`.
 * Prints a line of JSON for whatever happens, so that whoever started it can kill it at any of these moments and start it again.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gitCli } from '../../../main/adapters/git/git-cli.ts';
import { nodeLocks } from '../../../main/adapters/lock/node-locks.ts';
import { createNodeFiles } from '../../../main/adapters/disk/node-files.ts';
import { createNodeClock } from '../../../main/adapters/system/node-clock.ts';
import { createNodeRandom } from '../../../main/adapters/system/node-random.ts';
import { gitSync } from '../../../main/core/git-sync/git-sync.ts';
import { exitCodeOfReport } from '../../../main/cli/git-receipt.ts';
import { worstTree } from '../../../main/core/workflows/worst-tree.ts';
import { exitCodeOf } from '../../../shared/app-error.ts';
import { unwrap } from '../../../shared/result.ts';
import { IDENTITY } from './world.ts';

export interface SessionOrder {
  readonly tree: string;
  readonly name: string;
  /** Number of the first log to save and of the last; earlier ones were acknowledged already. */
  readonly from: number;
  readonly to: number;
  /** Logs that were acknowledged and perhaps not synced. */
  readonly manifest: readonly string[];
  readonly waitMs: number;
}

export type SessionEvent =
  /** The log is on disk with exactly this text. */
  | { readonly saved: string; readonly text: string; readonly number: number }
  | { readonly phase: string }
  | { readonly synced: readonly string[]; readonly code: number; readonly problem: string | null }
  | { readonly done: true };

const order = JSON.parse(process.argv[2] ?? '') as SessionOrder;
const files = createNodeFiles();
const deps = {
  git: gitCli({ env: process.env }),
  locks: nodeLocks({ who: order.name }),
  files,
  clock: createNodeClock(),
  random: createNodeRandom(),
};
const say = (event: SessionEvent): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
const manifest = new Set(order.manifest);

/** Writes a log under a name that nobody has; a second try after a kill takes the next name. */
async function save(number: number): Promise<void> {
  for (let suffix = 1; ; suffix++) {
    const path = `session-logs/2026-06-06-${order.name}-${number}${suffix === 1 ? '' : `-${suffix}`}.md`;
    if (existsSync(join(order.tree, path))) continue;
    const text = `# ${order.name} ${number}\n\n${deps.random.hex(64)}\n`;
    if (unwrap(await files.create(join(order.tree, path), new TextEncoder().encode(text))) !== 'created')
      continue;
    manifest.add(path);
    say({ saved: path, text, number });
    return;
  }
}

async function syncOnce(): Promise<boolean> {
  const own = [...manifest];
  const result = await gitSync(deps, {
    workspace: order.tree,
    own,
    identity: { ...IDENTITY, user: order.name },
    waitMs: order.waitMs,
    onProgress: ({ phase }) => say({ phase }),
  });
  const code = result.ok ? exitCodeOfReport(result.value) : exitCodeOf(result.error);
  const problem = result.ok ? (worstTree(result.value)?.problem ?? null) : result.error;
  say({ synced: code === 0 ? own : [], code, problem: problem?.message ?? null });
  if (code === 0) manifest.clear();
  return code === 0;
}

for (let number = order.from; number <= order.to; number++) {
  await save(number);
  await syncOnce();
}
// What was deferred is synced in the end; it may take a few runs while others go on.
for (let attempt = 0; manifest.size > 0 && attempt < 30; attempt++) await syncOnce();
if (manifest.size === 0) say({ done: true });
