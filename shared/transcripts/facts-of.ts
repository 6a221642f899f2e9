import type { AgentId } from './agents.ts';
import type { TitleSource, TranscriptEvent } from './events.ts';
import { askedWords, promptTitle } from './prompt-title.ts';
import type { SessionCounts, SessionFacts } from './session-facts.ts';

const RANKS: readonly TitleSource[] = ['person', 'agent', 'summary', 'prompt'];
const TITLE_LENGTH = 200;

/**
 * Derives the facts of a session from its settled events (`foldEvents`).
 * @param isWhole true when they cover the whole transcript: then counts are included
 */
export function factsOf(
  agent: AgentId,
  id: string,
  events: readonly TranscriptEvent[],
  isWhole: boolean,
): SessionFacts {
  const own = events.filter((event) => event.by === null);
  const times = own.flatMap((event) => (event.at === null ? [] : [event.at]));
  const settings = own.filter((event) => event.kind === 'setting');
  const lineage = events.filter((event) => event.kind === 'lineage');
  return {
    agent,
    id,
    titles: titlesOf(own),
    lineage: lineage.map(({ relation, session }) => ({ relation, session })),
    firstKey: own.find((event) => event.kind === 'prompt' || event.kind === 'reply')?.key ?? null,
    folders: distinct(settings.map((event) => event.folder)),
    branches: distinct(settings.map((event) => event.branch)),
    remotes: distinct(settings.map((event) => event.remote)),
    versions: distinct(settings.map((event) => event.version)),
    models: distinct([
      ...settings.map((event) => event.model),
      ...own.map((event) => (event.kind === 'reply' ? (event.model ?? undefined) : undefined)),
    ]),
    startedBy: settings.find((event) => event.startedBy !== undefined)?.startedBy ?? null,
    firstAt: times.reduce<number | null>((least, at) => (least === null ? at : Math.min(least, at)), null),
    lastAt: times.reduce<number | null>((most, at) => (most === null ? at : Math.max(most, at)), null),
    counts: isWhole ? countsOf(events) : null,
    isUnderstood: events.some((event) => event.kind !== 'unknown'),
  };
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

function titlesOf(events: readonly TranscriptEvent[]): SessionFacts['titles'] {
  const titles = events.flatMap((event) =>
    event.kind === 'title' ? [{ title: cut(event.title), source: event.source }] : [],
  );
  const asked = firstAsked(events);
  if (asked !== '') titles.push({ title: cut(asked), source: 'prompt' });
  // The last of each kind wins; of prompts, the client's own choice precedes the first words.
  return RANKS.flatMap((rank) => {
    const ofRank = titles.filter(({ source }) => source === rank);
    return rank === 'prompt' ? ofRank.slice(0, 1) : ofRank.slice(-1);
  });
}

/** At whole words: no finder recognizes half a secret. */
function cut(title: string): string {
  return title.length <= TITLE_LENGTH ? title : title.slice(0, TITLE_LENGTH).replace(/\S*$/, '').trimEnd();
}

/** The first words asked, or a command without any if there is nothing else; a prompt with only an image has none. */
export function firstAsked(events: readonly TranscriptEvent[]): string {
  let command = '';
  for (const event of events) {
    const title = event.kind === 'prompt' ? promptTitle(event.text.text) : '';
    const words = askedWords(title);
    if (words !== '') return words;
    if (command === '') command = title;
  }
  return command;
}

function countsOf(events: readonly TranscriptEvent[]): SessionCounts {
  const counts = { prompts: 0, replies: 0, tools: 0, commands: 0, failures: 0, commits: 0, subagents: 0 };
  const paths = new Set<string>();
  let unknownLines = 0;
  for (const event of events) {
    if (event.kind === 'unknown') unknownLines += 1;
    if (event.kind === 'prompt' && event.by === null) counts.prompts += 1;
    if (event.kind === 'reply' && event.by === null) counts.replies += 1;
    if (event.kind === 'tool-started') counts.tools += 1;
    if (event.kind === 'commit') counts.commits += 1;
    if (event.kind === 'subagent-started') counts.subagents += 1;
    if (event.kind !== 'tool-ended') continue;
    if (event.use.does === 'command') counts.commands += 1;
    if (event.outcome === 'failed') counts.failures += 1;
    else if (event.use.does === 'change' && event.outcome !== 'rejected')
      for (const file of event.use.files) paths.add(file.to ?? file.path);
  }
  return { ...counts, changedFiles: paths.size, unknownLines };
}
