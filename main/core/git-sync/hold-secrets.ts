import { appError, type AppError } from '../../../shared/app-error.ts';
import type { HeldSecret, HeldSecrets } from '../../../shared/domain/held-secrets.ts';
import { plural } from '../../../shared/format/amount.ts';
import { lineFinder } from '../../../shared/secrets/line-finder.ts';
import { nameWithoutSecrets, secretsInName } from '../../../shared/secrets/secret-name.ts';
import { inFolder } from '../files/folder-path.ts';
import { publicRemote } from './public-remote.ts';
import type { Selection } from './own-paths.ts';
import type { TreeRun } from './tree-run.ts';

/** A larger file is no log, and git has better tools for it. Bytes. */
const MOST_SCANNED = 16 * 1024 * 1024;
/** Most names shown; all are in the details. */
const NAMED = 3;

/**
 * Excludes Markdown with secrets from a commit: a repository's history cannot be taken back. A vault is meant for them.
 * @returns what may be committed, and what a person must decide; null when there is nothing
 */
export async function holdSecrets(
  run: TreeRun,
  selection: Selection,
): Promise<{ readonly selection: Selection; readonly held: AppError | null }> {
  const watch = run.deps.secrets;
  if (watch === undefined || run.request.withSecrets === true) return { selection, held: null };
  const secrets: HeldSecret[] = [];
  const held = new Set<string>();
  const hold = (path: string, found: Omit<HeldSecret, 'path'>): void => {
    held.add(path);
    secrets.push({ path: nameWithoutSecrets(path), ...found });
  };
  for (const path of selection.commit.filter((one) => /\.md$/i.test(one))) {
    for (const { start, end, kind } of secretsInName(path)) {
      const id = watch.idOf(new TextEncoder().encode(path.slice(start, end)));
      hold(path, { line: 0, kind: `${kind} in its name`, id });
    }
    const file = inFolder(run.repo.tree, path);
    const facts = await run.deps.files.stat(file);
    if (!facts.ok || facts.value?.kind !== 'file' || facts.value.size > MOST_SCANNED) continue;
    const bytes = await run.deps.files.read(file);
    if (!bytes.ok || bytes.value === null) continue;
    const found = await watch.find(bytes.value, run.request.signal);
    // An unscannable file is held like one with a secret: its content is unknown.
    if (!found.ok) hold(path, { line: 1, kind: 'not looked through', id: '' });
    else {
      const lineOf = lineFinder(bytes.value);
      for (const { start, end, kind } of found.value) {
        const id = watch.idOf(bytes.value.subarray(start, end));
        hold(path, { line: lineOf(start), kind, id });
      }
    }
  }
  if (secrets.length === 0) return { selection, held: null };
  const open = run.request.withSecrets === 'unless-public' ? await publicRemote(run) : null;
  if (run.request.withSecrets === 'unless-public' && open === null) return { selection, held: null };
  const stays = (path: string): boolean => !held.has(path);
  return {
    selection: {
      ...selection,
      commit: selection.commit.filter(stays),
      untracked: selection.untracked.filter(stays),
    },
    held: notCommitted({ tree: run.repo.tree, secrets, open }, held.size),
  };
}

/** Means the same to every shell, so a command with it can be pasted whoever chose the name. */
const PLAIN = /^[\w./-]+$/;

/** The file for a command that is pasted. */
function onlyFile({ tree, secrets }: HeldSecrets): string {
  const paths = new Set(secrets.map(({ path }) => `${tree}/${path}`));
  const [path = ''] = paths;
  return paths.size === 1 && PLAIN.test(path) ? path : '<file>';
}

function notCommitted(all: HeldSecrets, files: number): AppError {
  const { tree, secrets, open } = all;
  const named = secrets
    .slice(0, NAMED)
    .map(({ path, line, kind }) => `${path}${line === 0 ? '' : ` line ${line}`}: ${kind}`);
  const rename = secrets.some(({ line }) => line === 0) ? 'Rename a file with a secret in its name. ' : '';
  const more = secrets.length > NAMED ? ` and ${secrets.length - NAMED} more` : '';
  const what = `${plural(files, 'log')} in ${tree} ${files === 1 ? 'was' : 'were'} not committed`;
  const details = { cause: 'secrets', ...all };
  const file = onlyFile(all);
  const folder = PLAIN.test(tree) ? tree : '<folder>';
  if (open !== null)
    return appError(
      'attention',
      `${what}: anyone can read ${open}, and there are secrets in them: ${named.join('; ')}${more}.`,
      `${rename}Make the repository private again. Or put labels in their place: \`session-log secrets withhold ${file}\`. Or commit them all the same: \`session-log git-sync --with-secrets ${file}\`.`,
      { details },
    );
  return appError(
    'attention',
    `${what}, because of secrets: ${named.join('; ')}${more}.`,
    `${rename}To put labels in their place and keep the values here: \`session-log secrets withhold ${file}\`. Where only you read the repository, let it take them: \`session-log config set git.withSecrets ${folder}\`.`,
    { details },
  );
}
