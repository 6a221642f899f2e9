import type { Command } from 'commander';
import { plural } from '../../../shared/format/amount.ts';
import { lostLogs } from '../../core/ledger/lost-logs.ts';
import { damagedTexts } from '../../core/store/damaged-texts.ts';
import { verify, type VerifyReport } from '../../core/workflows/verify.ts';
import type { CliContext } from '../cli-context.ts';
import { progressLine } from '../progress-line.ts';
import { withOutcome } from '../with-core.ts';

/** `session-log verify`: verifies store and cache against their hashes again. */
export function registerVerify(program: Command, context: CliContext): void {
  program
    .command('verify')
    .description('check the store and the cache against their hashes')
    .option(
      '--deep',
      'fetch every log of this machine and every piece of its copies from the store, and hash them',
    )
    .option('--json', 'print one JSON envelope')
    .action(async (options: { readonly deep?: boolean; readonly json?: boolean }) => {
      const progress = progressLine(context, options.json ?? false);
      await withOutcome(
        context,
        options.json ?? false,
        async (core) => {
          const result = await verify(core, {
            deep: options.deep ?? false,
            signal: context.signal,
            ...(progress.onProgress ? { onProgress: progress.onProgress } : {}),
          });
          progress.clear();
          return result;
        },
        verifyText,
      );
    });
}

function verifyText(report: VerifyReport): string {
  return [
    `Store: ${plural(report.storeChecked, 'own log')} compared${report.fetched > 0 ? `, ${report.fetched} fetched and hashed` : ''}; ${report.waiting} not pushed yet; ${plural(report.keptVersions, 'earlier version')} kept.`,
    `Cache: ${plural(report.cacheChecked, 'log')} hashed.`,
    `Search: ${plural(report.texts.packs, 'text pack')} of this machine in the store.`,
    ...copiesLines(report),
    ...(report.texts.damaged.length > 0
      ? [
          `  ! ${damagedTexts(report.texts.damaged.length).message}\n    ${damagedTexts(report.texts.damaged.length).remedy}`,
        ]
      : []),
    ...(report.lost > 0 ? [`  ! ${lostLogs(report.lost).message}`] : []),
    ...report.problems.map(({ problem, remedy }) => `  ! ${problem}\n    ${remedy}`),
    ...report.foreign.map((name) => `  ? ${name}  is not one of our objects; it is left alone`),
    ...(report.unchecked === null ? [] : [`  ! ${report.unchecked.message}\n    ${report.unchecked.remedy}`]),
    report.problems.length + report.lost + report.texts.damaged.length + problemsOf(report) === 0 &&
    report.unchecked === null
      ? 'Everything is as it should be.'
      : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function problemsOf({ copies }: VerifyReport): number {
  return copies?.problemsTotal ?? 0;
}

function copiesLines({ copies }: VerifyReport): readonly string[] {
  if (copies === null || copies.sessions === 0) return [];
  const { sessions, pieces, fetched, waiting, problems, foreign } = copies;
  const proven = fetched > 0 ? `, ${fetched} fetched and proven` : '';
  return [
    `Sessions: copies of ${plural(sessions, 'session')} proven here; ${plural(pieces, 'piece')} in the store${proven}; ${plural(waiting, 'session')} only here.`,
    ...problems.map(({ problem, remedy }) => `  ! ${problem}\n    ${remedy}`),
    ...foreign.map((name) => `  ? ${name}  is not one of our objects; it is left alone`),
  ];
}
