import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { SessionFacts } from '../../../shared/transcripts/session-facts.ts';
import type { Files } from '../ports/files.ts';
import type { FoundSession, TranscriptSource } from '../ports/transcript-source.ts';
import type { Withholding } from './log-words.ts';
import { printOf, type KnownSession } from './known-sessions.ts';
import { projectOf } from './project-of.ts';

/** What it takes besides the session. */
export interface DescribeDeps {
  readonly files: Files;
  readonly withhold: Withholding;
}

/** Reads facts from a session's head and tail, unless known. Reads nothing of an unchanged session. */
export async function describeSession(
  deps: DescribeDeps,
  source: Pick<TranscriptSource, 'describe'>,
  session: FoundSession,
  before: KnownSession,
): Answer<KnownSession> {
  const print = printOf(session);
  const sizes = session.files.map(({ size }) => size);
  const known = {
    ...before,
    root: session.root,
    print,
    size: sizes.reduce((sum, size) => sum + size, 0),
    mtimeMs: Math.max(...session.files.map(({ mtimeMs }) => mtimeMs)),
    isGone: false,
  };
  if (known.factsPrint === print) return ok(known);
  const facts = await source.describe(session);
  return facts.ok ? ok(await withFacts(deps, known, facts.value, print)) : facts;
}

/** A session's known state with its facts. */
export async function withFacts(
  { files, withhold }: DescribeDeps,
  known: KnownSession,
  facts: SessionFacts,
  print: string,
): Promise<KnownSession> {
  const { counts } = facts;
  const [folder = null] = facts.folders;
  const title = facts.titles[0]?.title;
  const isSame = known.factsPrint !== '' && known.folder === folder;
  return {
    ...known,
    factsPrint: print,
    isWhole: counts !== null,
    // It is listed and kept in the state folder: a prompt may begin with a secret.
    title: title === undefined ? known.title : await withhold((find) => find(title).text),
    project: isSame ? known.project : await projectOf(files, facts),
    folder,
    firstKey: facts.firstKey,
    startedBy: facts.startedBy,
    startedAt: facts.firstAt,
    lastAt: facts.lastAt,
    models: [...facts.models],
    isUnderstood: facts.isUnderstood,
    prompts: counts?.prompts ?? known.prompts,
    changedFiles: counts?.changedFiles ?? known.changedFiles,
    commands: counts?.commands ?? known.commands,
    commits: counts?.commits ?? known.commits,
  };
}
