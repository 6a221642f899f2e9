import { isAbsolute, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { Answer } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { openGitTools } from '../../compose/git-tools.ts';
import type { MigrateReport } from '../../core/migrate/migrate.ts';
import type { UndoReport } from '../../core/migrate/undo-migration.ts';
import { migrateLogs, undoMigration, type MigrateLogsRequest } from '../../core/workflows/migrate-logs.ts';
import type { CliContext } from '../cli-context.ts';
import { parseMachines, several } from '../parse-options.ts';
import { withCore } from '../with-core.ts';

export interface MigrateOptions {
  readonly from?: readonly string[];
  readonly history?: boolean;
  readonly machine?: string;
  readonly copy?: boolean;
  readonly apply?: boolean;
  readonly undo?: boolean;
  readonly json?: boolean;
}

/** The command's result: `--json` prints one or the other. */
type Done =
  | { readonly did: 'migrate'; readonly report: MigrateReport }
  | { readonly did: 'undo'; readonly report: UndoReport };

/** `session-log migrate`: brings session logs from a git repository into the data folder. */
export function registerMigrate(program: Command, context: CliContext): void {
  addMigrateOptions(program.command('migrate'))
    .description('move session logs out of a git repository; without --copy or --apply it only reports')
    .action((repo: string, options: MigrateOptions) => runMigrate(context, repo, options));
}

/** The options, also for the ADR's own command name `session-log-migrate`. */
export function addMigrateOptions(command: Command): Command {
  return command
    .argument('[repo]', 'a folder of the repository', '.')
    .option(
      '--from <folder>',
      'the folder of the logs, e.g. docs/session-logs; may be repeated (the usual ones)',
      several,
    )
    .option('--history', 'also versions that exist only in history')
    .option('--machine <name>', 'whose logs those without a machine name are; this machine\u2019s are copied')
    .option('--copy', 'copy the logs of this machine')
    .option('--apply', 'copy, then remove the logs from git: ignore rules and a commit of its own')
    .option('--undo', 'undo the last migration of this repository')
    .option('--json', 'print one JSON envelope');
}

/** Runs a migration and prints its result. */
export function runMigrate(context: CliContext, repo: string, options: MigrateOptions): Promise<void> {
  return withCore(
    context,
    options.json ?? false,
    async (core): Answer<Done> => {
      const { bytes, random, clock } = core.sync;
      const deps = { ...openGitTools(), files: core.disk, bytes, random, clock, paths: core.paths };
      const folder = isAbsolute(repo) ? repo : resolve(context.cwd, repo);
      if (options.undo)
        return mapOk(await undoMigration(deps, folder), (report) => ({ did: 'undo', report }));
      const unknown = await parseOwner(core.sync, options.machine);
      if (!unknown.ok) return unknown;
      const mode = options.apply ? 'apply' : options.copy ? 'copy' : 'report';
      const { from = [], history = false, json = false } = options;
      const request = { repo: folder, from, history, mode, unknown: unknown.value } as const;
      const ask = (report: MigrateReport): Promise<boolean> =>
        askUnknown(context, report, core.sync.self.hostname, json);
      const migrated = await migrateLogs(deps, core.sync, request, context.interactive ? ask : null);
      return mapOk(migrated, (report) => ({ did: 'migrate', report }));
    },
    (done) => (done.did === 'undo' ? undoText(done.report) : migrateText(done.report)),
  );
}

/** The owner of logs that name no machine; null without `--machine`. */
async function parseOwner(
  { self, index }: Core['sync'],
  machine: string | undefined,
): Answer<MigrateLogsRequest['unknown']> {
  if (machine === undefined) return ok(null);
  const named = machine.toLowerCase();
  if (named === self.hostname.toLowerCase() || self.uuid.startsWith(named)) return ok('ours');
  return mapOk(await parseMachines([machine], index), () => 'theirs');
}

/** Asks a person who owns logs that do not say; nobody there to ask means no. */
async function askUnknown(
  context: CliContext,
  report: MigrateReport,
  host: string,
  json: boolean,
): Promise<boolean> {
  if (!context.interactive || json || !process.stdin.isTTY) return false;
  const authors = [...new Set(report.unknown.map(({ author }) => author))].slice(0, 5).join(', ');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(
      `${plural(report.unknown.length, 'log')} by ${authors} name no machine. Are they of this machine (${host})? [y/N] `,
      { signal: context.signal },
    );
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}

const SHOWN = 30;

function migrateText(report: MigrateReport): string {
  const dry = report.mode === 'report';
  const list = <T>(items: readonly T[], line: (item: T) => string): string[] => [
    ...items.slice(0, SHOWN).map(line),
    ...(items.length > SHOWN ? [`  … and ${items.length - SHOWN} more (--json lists all)`] : []),
  ];
  return [
    `${report.repo}: ${report.folders.join(', ')}`,
    `${dry ? 'Would copy' : 'Copied'} ${plural(report.copied.length, 'log')}${report.already.length > 0 ? `; ${report.already.length} copied before` : ''}${report.contained > 0 ? `; ${plural(report.contained, 'older version')} contained in a newer one` : ''}.`,
    ...list(report.copied, (file) => `  + ${file.target}  ${file.sha256.slice(0, 12)}  (${file.because})`),
    ...list(
      report.elsewhere,
      ({ path, machine }) => `  \u2192 ${path}  belongs to ${machine}: run the migration there`,
    ),
    ...list(
      report.unknown,
      ({ path, author }) => `  ? ${path}  by ${author} names no machine: add --machine`,
    ),
    ...report.refused.map(({ path, problem }) => `  ! ${path}  ${problem}`),
    ...report.passedOver.map((path) => `  - ${path}  about logs, but none: it stays`),
    ...(report.commit === null
      ? []
      : [
          `Commit ${report.commit.slice(0, 10)} takes them out of git; the files are still in the work tree.`,
        ]),
    ...(report.leftInGit > 0
      ? [`${plural(report.leftInGit, 'log')} of other machines stay in git until they are migrated there.`]
      : []),
    ...(report.manifest === null
      ? []
      : [`Proof and way back: ${report.manifest} (session-log migrate --undo)`]),
    ...(dry
      ? ['Nothing was changed. Next: --copy copies, --apply also takes them out of git.']
      : ['Next: session-log sync --push']),
  ].join('\n');
}

function undoText(report: UndoReport): string {
  return [
    `${report.repo}: took ${plural(report.removed.length, 'copy', 'copies')} away again.`,
    ...report.kept.map((target) => `  ! ${target} was changed since and stays`),
    ...(report.commit === null ? [] : [`Commit ${report.commit.slice(0, 10)} tracks the logs in git again.`]),
  ].join('\n');
}
