import { resolve } from 'node:path';
import type { Command } from 'commander';
import { forTerminalLine } from '../../../shared/domain/terminal-text.ts';
import { plural } from '../../../shared/format/amount.ts';
import { openLocal } from '../../compose/open-local.ts';
import type { LintReport } from '../../core/save/lint-log.ts';
import type { LintSummary, PassedOver } from '../../core/save/lint.ts';
import { lintLogs } from '../../core/workflows/lint-logs.ts';
import { finish, finishOutcome, type CliContext } from '../cli-context.ts';
import { forPeople } from '../terminal-encoding.ts';

/** Maximum files named on one line; the rest are counted. */
const NAMED = 5;

interface LintOptions {
  readonly json?: boolean;
}

/** `session-log lint`: checks logs against their expected form. */
export function registerLint(program: Command, context: CliContext): void {
  program
    .command('lint')
    .description(
      'check the form of logs: name, User block, sections and their order, what was left unfinished',
    )
    .argument('[paths...]', 'logs or folders (every log folder of the workspace)')
    .option('--json', 'print one JSON envelope')
    .action((paths: string[], options: LintOptions) => runLint(context, paths, options));
}

async function runLint(context: CliContext, paths: readonly string[], options: LintOptions): Promise<void> {
  const json = options.json ?? false;
  const local = openLocal();
  if (!local.ok) return finish(context, json, local, () => '');
  const found = await lintLogs(
    local.value.files,
    context.cwd,
    paths.map((path) => resolve(context.cwd, path)),
  );
  const human = (summary: LintSummary): string => forPeople(summaryText(summary), context.env);
  if (!found.ok) return finish(context, json, found, () => '');
  finishOutcome(context, json, found.value, human);
}

function summaryText({ logs, errors, warnings, score, passedOver }: LintSummary): string {
  const total = `${plural(logs.length, 'log')}, ${plural(errors, 'error')}, ${plural(warnings, 'warning')}${score === null ? '' : `; score ${score}`}.`;
  const about = passedOver.filter(({ why }) => why === 'about');
  const undated = passedOver.filter(({ why }) => why === 'undated');
  return [
    ...logs.filter((log) => log.findings.length > 0).map(logText),
    total,
    ...passedText(undated, 'neither name nor text says a day'),
    ...passedText(about, 'about logs, but none'),
  ].join('\n');
}

function passedText(files: readonly PassedOver[], why: string): string[] {
  if (files.length === 0) return [];
  const names = files.slice(0, NAMED).map(({ path }) => path);
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return [
    forTerminalLine(
      `${plural(files.length, 'Markdown file')} passed over (${why}): ${names.join(', ')}${more}.`,
    ),
  ];
}

function logText({ path, score, findings }: LintReport): string {
  const lines = findings.map(
    ({ line, severity, message }) => `  ${line === 0 ? '' : `${line}: `}${severity}: ${message}`,
  );
  return [`${path} (${score})`, ...lines].map(forTerminalLine).join('\n');
}
