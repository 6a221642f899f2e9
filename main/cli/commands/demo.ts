import type { Command } from 'commander';
import type { AppError } from '../../../shared/app-error.ts';
import { forTerminal } from '../../../shared/domain/terminal-text.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { createDemoTeam, type DemoTeam } from '../../compose/demo.ts';
import { readLog } from '../../core/logs/read-log.ts';
import { recordRun } from '../../core/status/record-run.ts';
import { pullIndex } from '../../core/sync/pull-index.ts';
import { pullLogs } from '../../core/sync/pull-logs.ts';
import { push } from '../../core/sync/push.ts';
import { verify } from '../../core/sync/verify.ts';
import type { SyncDeps } from '../../core/sync/sync-deps.ts';
import { describeError, finish, type CliContext } from '../cli-context.ts';
import { indexText, pullText } from '../sync-text.ts';
import { machinesText } from './status.ts';

interface DemoOptions {
  readonly keep?: boolean;
  readonly home?: string;
  readonly json?: boolean;
}

interface DemoResult {
  readonly root: string;
  readonly kept: boolean;
  readonly machines: readonly { readonly name: string; readonly home: string; readonly logs: number }[];
  /** What the cut network was met with. */
  readonly offline: string;
  readonly read: { readonly by: string; readonly id: string; readonly sha256: string };
}

const WAIT_MS = 10_000;
const SHOWN_LINES = 14;

/** `session-log demo`: three machines in a throw-away home push, lose their network, find it again and read each other. */
export function registerDemo(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description('see it work: three sample machines around one store, in a throw-away folder')
    .option('--keep', 'keep the folder, to look around in it')
    .option('--home <folder>', 'use this folder, and keep it')
    .option('--json', 'print one JSON envelope')
    .action(async (options: DemoOptions) => {
      const json = options.json ?? false;
      const kept = (options.keep ?? false) || options.home !== undefined;
      const team = await createDemoTeam(options.home);
      if (!team.ok) return finish(context, json, team, () => '');
      const say = (text: string): void => {
        if (!json) context.out(`${text}\n`);
      };
      const result = await play(team.value, kept, say);
      await (kept ? team.value.close() : team.value.remove());
      finish(context, json, result, endText);
    });
}

async function play(
  team: DemoTeam,
  kept: boolean,
  say: (text: string) => void,
): Promise<Result<DemoResult, AppError>> {
  const [a, b, c] = team.machines;
  if (!a || !b || !c) throw new Error('the demo has three machines');
  const counts: { name: string; home: string; logs: number }[] = [];
  say(`A team of three machines around one store, in ${team.root}\n`);

  say('1. Two of them push their logs.');
  for (const machine of [a, c]) {
    const pushed = await run(machine.core.sync, team, machine.name, 'push', () =>
      push(machine.core.sync, { waitMs: WAIT_MS }),
    );
    if (!pushed.ok) return pushed;
    counts.push({ name: machine.name, home: machine.home, logs: pushed.value.uploaded.length });
    say(`   ${machine.name}: ${pushed.value.uploaded.length} logs pushed, each listed in its own index`);
  }

  say('\n2. The network is cut while the third one pushes.');
  await team.unplug();
  const cut = await run(b.core.sync, team, b.name, 'push', () => push(b.core.sync, { waitMs: WAIT_MS }));
  await team.plugIn();
  if (cut.ok)
    return err({
      code: 'bug',
      message: 'The push did not notice that the store was gone.',
      remedy: '',
      transient: false,
    });
  say(indent(describeError(cut.error)));
  say('   Nothing is lost: the logs are on its disk, and wait.');

  say('\n3. The network is back; the same command again.');
  const again = await run(b.core.sync, team, b.name, 'push', () => push(b.core.sync, { waitMs: WAIT_MS }));
  if (!again.ok) return again;
  counts.push({ name: b.name, home: b.home, logs: again.value.uploaded.length });
  say(`   ${b.name}: ${again.value.uploaded.length} logs pushed`);

  say(`\n4. ${b.name} reads which logs there are.`);
  for (const machine of [b, a, c]) {
    const pulled = await run(machine.core.sync, team, machine.name, 'index', () =>
      pullIndex(machine.core.sync),
    );
    if (!pulled.ok) return pulled;
    if (machine === b) say(indent(indexText(pulled.value)));
  }
  const machines = await b.core.sync.index.machines();
  if (!machines.ok) return machines;
  say(`\n${indent(machinesText(machines.value, Date.now()))}`);

  say(`\n5. ${b.name} reads a log of ${a.name}: fetched, its hashes checked, then shown.`);
  const read = await readOther(b.core.sync, a.core.sync.self.uuid, say);
  if (!read.ok) return read;
  const proved = await verify(b.core.sync, {});
  if (!proved.ok) return proved;
  say(
    `\n6. Proved: ${proved.value.storeChecked} own logs compared with the store, ${proved.value.cacheChecked} fetched ones hashed again.`,
  );
  return ok({
    root: team.root,
    kept,
    machines: counts,
    offline: cut.error.code,
    read: { by: b.name, ...read.value },
  });
}

async function readOther(
  deps: SyncDeps,
  machine: SyncDeps['self']['uuid'],
  say: (text: string) => void,
): Promise<Result<{ readonly id: string; readonly sha256: string }, AppError>> {
  const page = await deps.index.page({ machines: [machine], kinds: ['session'], limit: 1 });
  if (!page.ok) return page;
  const [row] = page.value.rows;
  if (!row)
    return err({
      code: 'bug',
      message: 'The other machine has no session log.',
      remedy: '',
      transient: false,
    });
  const pulled = await pullLogs(deps, { ids: [row.id] }, { waitMs: WAIT_MS });
  if (!pulled.ok) return pulled;
  say(indent(pullText(pulled.value)));
  const log = await readLog(deps, row.id);
  if (!log.ok) return log;
  const lines = forTerminal(new TextDecoder().decode(log.value.bytes)).split('\n');
  say(
    `\n${indent([...lines.slice(0, SHOWN_LINES), `… ${lines.length - SHOWN_LINES} more lines`].join('\n'), '   | ')}`,
  );
  return ok({ id: row.id, sha256: row.sha256 });
}

function run<T>(
  deps: SyncDeps,
  team: DemoTeam,
  name: string,
  kind: 'push' | 'index',
  execute: () => Promise<Result<T, AppError>>,
): Promise<Result<T, AppError>> {
  const paths = team.machines.find((machine) => machine.name === name)?.core.statusPaths;
  return paths ? recordRun(deps, paths, kind, execute) : execute();
}

function indent(text: string, by = '   '): string {
  return text.replaceAll(/^(?=.)/gm, by);
}

function endText(result: DemoResult): string {
  if (!result.kept) return '\nThe folder is removed again; add --keep to look around in it.';
  const home = result.machines.at(-1)?.home ?? '';
  return [
    '\nLook around as one of the machines:',
    `   SESSION_LOG_HOME=${home} session-log list`,
    `   SESSION_LOG_HOME=${home} session-log browse`,
    `Remove it with: rm -rf ${result.root}`,
  ].join('\n');
}
