import type { Command } from 'commander';
import type { Answer } from '../../../shared/app-error.ts';
import type { NewsReport } from '../../../shared/domain/news.ts';
import { ok } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { listNews, markLooked } from '../../core/news/list-news.ts';
import { catchUpTexts } from '../../core/workflows/catch-up-texts.ts';
import { findReader } from '../../core/workflows/find-reader.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { newsText } from '../news-text.ts';
import { printPaged } from '../pager.ts';
import { zoneOf } from '../parse-options.ts';

interface SinceOptions {
  readonly mark?: boolean;
  readonly json?: boolean;
}

/** `session-log since`: what is new since the person last looked, on any machine; works without a network. */
export function registerSince(program: Command, context: CliContext): void {
  program
    .command('since')
    .description('new logs, notes and tasks since you last looked, on any of your machines')
    .option('--mark', 'remember that you have looked, for all your machines')
    .option('--json', 'print one JSON envelope')
    .action(async ({ mark = false, json = false }: SinceOptions) => {
      const core = await context.core();
      if (!core.ok) return finish(context, json, core, () => '');
      try {
        const report = await news(context, core.value, mark);
        if (!report.ok || json) return finish(context, json, report, () => '');
        const { settings } = core.value;
        printPaged(context, (style) => newsText(report.value, style, zoneOf(settings)));
      } finally {
        await core.value.close();
      }
    });
}

async function news(
  context: CliContext,
  core: Core,
  mark: boolean,
): Answer<NewsReport & { readonly marked: boolean }> {
  const { sync, search, settings, systemUser, paths } = core;
  const reader = await findReader({ files: sync.files, settings, systemUser }, context.cwd);
  if (!reader.ok) return reader;
  const caught = await catchUpTexts(sync, search, context.signal);
  if (!caught.ok) return caught;
  const { files, clock } = sync;
  const report = await listNews(
    { sync, search: search.search, notes: { files, clock, paths } },
    reader.value,
  );
  if (!report.ok) return report;
  const marked = mark ? await markLooked({ ...sync, paths }, reader.value, report.value.look) : ok(null);
  return marked.ok ? ok({ ...report.value, marked: mark }) : marked;
}
