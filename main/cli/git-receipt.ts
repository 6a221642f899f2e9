import { EXIT, exitCodeOf } from '../../shared/app-error.ts';
import { plural } from '../../shared/format/amount.ts';
import { forTerminalLine } from '../../shared/domain/terminal-text.ts';
import type { GitSyncReport, TreeReport } from '../core/git-sync/report.ts';
import { worstTree } from '../core/workflows/worst-tree.ts';

const SHORT = 10;
const WIKI_KINDS = ['clients', 'projects', 'systems', 'patterns'];

/**
 * Formats the summary for a terminal: the post-commit summary of the save-and-sync document for each tree, or the one deferred
 * sentence, and never both. Names from files and git are made safe for a terminal.
 */
export function formatReceipt(report: GitSyncReport): string {
  const worst = worstTree(report);
  const only = report.trees.length === 1;
  const parts = report.trees.map((tree) => formatTree(tree, only));
  // A deferred run has not succeeded; a summary above it would suggest otherwise.
  if (worst?.state === 'deferred') return `${deferredSentence(worst)}\n`;
  return `${parts.join('\n\n')}\n`;
}

function formatTree(tree: TreeReport, only: boolean): string {
  const lines = tree.state === 'deferred' ? [deferredSentence(tree)] : summary(tree);
  const title = only ? [] : [`${tree.role === 'vault' ? 'Vault' : 'Workspace'}: ${tree.tree}`];
  return [...title, ...lines].map(forTerminalLine).join('\n');
}

function summary(tree: TreeReport): readonly string[] {
  const lines: string[] = [];
  const { commit, push, files, arrived } = tree;
  if (commit || push) {
    lines.push('## Post-commit Summary');
    if (commit) lines.push(`Commit: ${short(commit.sha)} ${commit.subject}`, `Author: ${commit.author}`);
    lines.push(
      push
        ? `Push: ${push.old === null ? '(new)' : short(push.old)}..${short(push.new)} ${tree.branch ?? 'HEAD'} -> ${push.branch} (${push.remote})`
        : `Push: none${tree.state === 'local' ? ': no remote to push to' : ''}`,
    );
    for (const { path, added, change } of files)
      lines.push(`File: ${path} (+${added} ${added === 1 ? 'line' : 'lines'}, ${change})`);
    const wiki = wikiLine(tree);
    if (wiki !== null) lines.push(wiki);
  } else if (tree.problem === null) {
    lines.push(
      arrived
        ? `Up to date with what came from the remote (${plural(arrived.logs.length, 'session log')}).`
        : 'Nothing to sync.',
    );
  }
  for (const { path, to } of tree.rescued) lines.push(`Moved aside: ${path} -> ${to}`);
  for (const path of tree.othersUncommitted) lines.push(`Not committed, of another session: ${path}`);
  if (tree.leftUncommitted > 0) lines.push(leftSentence(tree.leftUncommitted));
  for (const warning of tree.warnings) lines.push(`[WARN] ${warning}`);
  if (tree.problem) lines.push(`[ATTENTION] ${tree.problem.message}`, `  ${tree.problem.remedy}`);
  return lines;
}

function leftSentence(files: number): string {
  return `Not committed: ${files} other changed ${files === 1 ? 'file' : 'files'} (\`git status\` lists them; name them or use --all)`;
}

function wikiLine({ files }: TreeReport): string | null {
  const articles = files.filter(
    ({ path, change }) => /^wiki\/.+\.md$/.test(path) && path !== 'wiki/index.md' && change !== 'removed',
  );
  if (articles.length === 0) return null;
  const kinds = WIKI_KINDS.filter((kind) => articles.some(({ path }) => path.startsWith(`wiki/${kind}/`)));
  const where = kinds.length === 0 ? '' : ` (${kinds.join('/')})`;
  return `Wiki updates: ${articles.length} ${articles.length === 1 ? 'article' : 'articles'} updated${where}`;
}

/** What a person reads instead of a summary. */
export function deferredSentence(tree: TreeReport): string {
  const { problem, commit } = tree;
  const kept = commit
    ? `what you saved is committed here as ${short(commit.sha)} and will sync on the next run`
    : 'your session log is written locally and will sync on the next run';
  const why =
    problem?.code === 'offline'
      ? 'the remote is out of reach'
      : problem?.details?.['owner']
        ? 'another sync is running'
        : null;
  const detail = problem === null ? '' : ` (${problem.message})`;
  return forTerminalLine(`Sync deferred${why === null ? '' : ` - ${why}`}; ${kept}${detail}`);
}

function short(sha: string): string {
  return sha.slice(0, SHORT);
}

/** Process exit code of a report: that of the first tree that needs a person, else of the first deferred one, else 0. */
export function exitCodeOfReport(report: GitSyncReport): number {
  const worst = worstTree(report);
  if (worst === null || worst.problem === null) return EXIT.done;
  if (worst.state === 'attention') return exitCodeOf(worst.problem);
  // Unreachable has a separate code, so that a script can distinguish it from another running sync.
  return exitCodeOf(worst.problem) === EXIT.unavailable ? EXIT.unavailable : EXIT.deferred;
}
