import { plural } from '../../../shared/format/amount.ts';
import { AGENT_NAMES, type AgentId } from '../../../shared/transcripts/agents.ts';
import type { SessionFacts } from '../../../shared/transcripts/session-facts.ts';
import { factsOf, firstAsked } from '../../../shared/transcripts/facts-of.ts';
import { pendingSection, referenceSection } from './closing-sections.ts';
import type { Stretch } from './collect-session.ts';
import { createLogWords, type LogWords, type Withhold } from './log-words.ts';
import { eventsOf, type StretchView } from './stretch-view.ts';
import { summarySection } from './summary-section.ts';
import {
  changesSection,
  commandsSection,
  decisionsSection,
  infrastructureSection,
  problemsSection,
} from './work-sections.ts';

/** Inputs of a captured log; the same inputs give the same text everywhere. */
export interface CaptureMaterial {
  readonly agent: AgentId;
  readonly session: string;
  readonly stretches: readonly Stretch[];
  /** SHA-256 of each stretch's bytes in the main file, hex, and the end of the last one. */
  readonly digests: readonly string[];
  readonly bytes: number;
  /** Time for events without one, epoch milliseconds. */
  readonly fallbackAt: number;
  readonly clock: {
    /** `HH:MM`, and the day as `YYYY-MM-DD`, in the log's zone. */
    time(at: number): string;
    day(at: number): string;
  };
  readonly withhold: Withhold;
}

/** One stretch as text: what a writer would pass to `save`. */
export interface CapturedStretch {
  /** Words for the file name, the title and an update's heading. */
  readonly topic: string;
  /** Start and end, epoch milliseconds. */
  readonly startAt: number;
  readonly endAt: number;
  readonly text: string;
  readonly prompts: number;
  /** False when nothing was done: no file changed, no command run, nothing committed. */
  readonly hasEffect: boolean;
}

const TOPIC_CHARACTERS = 80;

/** Builds the text of every stretch: ten sections in order. Pure. */
export function captureText(material: CaptureMaterial): readonly CapturedStretch[] {
  let folder: string | null = null;
  return material.stretches.map((stretch, index) => {
    const facts = factsOf(material.agent, material.session, stretch.own, true);
    folder ??= facts.folders[0] ?? null;
    return stretchText(material, stretch, index, facts, folder);
  });
}

function stretchText(
  material: CaptureMaterial,
  stretch: Stretch,
  index: number,
  facts: SessionFacts,
  folder: string | null,
): CapturedStretch {
  const { agent, session, clock, withhold } = material;
  const words = createLogWords(withhold);
  const timeOf = (at: number | null): string => (at === null ? '' : clock.time(at));
  const view: StretchView = { stretch, words, timeOf, folder };
  const topic = topicOf(facts, stretch, index, words);
  const transcript = {
    agentName: AGENT_NAMES[agent],
    session,
    digest: material.digests[index] ?? '',
    from: stretch.from,
    to: stretch.to ?? material.bytes,
  };
  const sections: [string, string][] = [
    ...(index === 0 ? [['User', userLines(material, stretch, facts, words)] as [string, string]] : []),
    ['Session Summary', `${opening(material, stretch, facts)}\n\n${summarySection(view)}`],
    ['Key Decisions', decisionsSection(view)],
    ['Problems Encountered', problemsSection(view)],
    ['Configuration Changes', changesSection(view)],
    ['Credentials & Secrets', ''],
    ['Infrastructure & Servers', infrastructureSection(view)],
    ['Commands & Outputs', commandsSection(view)],
    ['Pending / Incomplete Tasks', pendingSection(view)],
    ['Reference Information', referenceSection(view, transcript)],
  ];
  const labels = words.labels().map((label) => `- ${label}`);
  const text = sections
    // Updates omit empty sections.
    .map(([name, body]): [string, string] => [
      name,
      name === 'Credentials & Secrets' ? labels.join('\n') || 'None.' : body,
    ])
    .filter(([, body]) => index === 0 || body !== 'None.')
    .map(([name, body]) => `## ${name}\n\n${body}`)
    .join('\n\n');
  const counts = facts.counts;
  return {
    topic,
    startAt: stretch.startAt ?? material.fallbackAt,
    endAt: stretch.endAt ?? material.fallbackAt,
    text: index === 0 ? `# Session Log \u2014 ${topic}\n\n${text}\n` : `${text}\n`,
    prompts: counts?.prompts ?? 0,
    hasEffect:
      (counts?.changedFiles ?? 0) + (counts?.commits ?? 0) > 0 ||
      eventsOf(stretch, 'tool-ended', 'all').some(
        ({ use }) => use.does === 'command' || use.does === 'change',
      ),
  };
}

/** The session's name from people, else what the agent did, else the start of the first prompt. */
function topicOf(facts: SessionFacts, stretch: Stretch, index: number, words: LogWords): string {
  const asked = words.line(firstAsked(stretch.own), TOPIC_CHARACTERS);
  if (index > 0) return asked === '' ? 'continued' : asked;
  const [title] = facts.titles;
  return title === undefined
    ? `${AGENT_NAMES[facts.agent]} session`
    : words.line(title.title, TOPIC_CHARACTERS);
}

function userLines(
  { clock, fallbackAt }: CaptureMaterial,
  stretch: Stretch,
  facts: SessionFacts,
  words: LogWords,
): string {
  const [start, end] = [stretch.startAt ?? fallbackAt, stretch.endAt ?? fallbackAt];
  const versions = facts.versions.map((version) => words.line(version, 40)).join(', ');
  const models = facts.models.map((model) => words.line(model, 80)).join(', ');
  const minutes = Math.round((end - start) / 60_000);
  const lasted = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return [
    `- **Agent:** ${AGENT_NAMES[facts.agent]}${versions === '' ? '' : ` ${versions}`}`,
    ...(models === '' ? [] : [`- **Model:** ${models}`]),
    `- **Duration:** ${clock.day(start)} ${clock.time(start)} to ${clock.time(end)} (${lasted})`,
  ].join('\n');
}

/** States what this is, and how much. */
function opening({ agent }: CaptureMaterial, stretch: Stretch, { counts }: SessionFacts): string {
  const files = counts?.changedFiles ?? 0;
  const facts = [
    plural(counts?.prompts ?? 0, 'prompt'),
    ...(files === 0 ? [] : [`${plural(files, 'file')} changed`]),
    ...((counts?.commands ?? 0) === 0 ? [] : [plural(counts?.commands ?? 0, 'command')]),
    ...((counts?.commits ?? 0) === 0 ? [] : [plural(counts?.commits ?? 0, 'commit')]),
    ...(stretch.own.some(({ kind }) => kind === 'compacted') ? ['compacted on the way'] : []),
  ];
  return `_Captured from the transcript of ${AGENT_NAMES[agent]}; nobody wrote this log. ${facts.join(', ')}._`;
}
