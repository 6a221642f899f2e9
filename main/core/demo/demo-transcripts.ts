import type { AgentId } from '../../../shared/transcripts/agents.ts';

/** One demo session of an agent: transcript, person and time. */
export interface DemoTranscript {
  readonly user: string;
  readonly agent: Extract<AgentId, 'claude-code' | 'codex' | 'gemini'>;
  /** Name of the transcript in assets/demo/<user>/sessions, without `.jsonl`; for a saved session, also its text's name. */
  readonly text: string;
  /** Days from its end to the demo's present. */
  readonly daysAgo: number;
  /** `gone`: deleted by its agent, only the copy is left. `going`: not kept yet. */
  readonly state?: 'gone' | 'going';
}

/** Claude Code deletes after 30 days, so two go within the week. */
export const DEMO_TRANSCRIPTS: readonly DemoTranscript[] = [
  { user: 'mara', agent: 'claude-code', text: 'ledger-double-post', daysAgo: 4.2 },
  { user: 'mara', agent: 'codex', text: 'statement-export-csv', daysAgo: 1.9 },
  { user: 'priya', agent: 'claude-code', text: 'restore-drill', daysAgo: 2.1 },
  { user: 'jonas', agent: 'claude-code', text: 'chips-lose-focus', daysAgo: 34.6, state: 'gone' },
  { user: 'jonas', agent: 'claude-code', text: 'print-styles', daysAgo: 27.6 },
  { user: 'jonas', agent: 'claude-code', text: 'bundle-grew', daysAgo: 25.3 },
  { user: 'jonas', agent: 'gemini', text: 'empty-states-translated', daysAgo: 12.4 },
  { user: 'jonas', agent: 'codex', text: 'date-picker-upgrade', daysAgo: 6.3 },
  { user: 'jonas', agent: 'claude-code', text: 'statement-list-jumps', daysAgo: 3.2 },
  { user: 'jonas', agent: 'claude-code', text: 'dark-mode-contrast', daysAgo: 0.4 },
  { user: 'jonas', agent: 'claude-code', text: 'keyboard-date-range', daysAgo: 0.001, state: 'going' },
];

/** A transcript in the form of its agent. */
export interface PlayedTranscript {
  /** Its files, by their paths below the home folder of the machine's person. */
  readonly files: ReadonlyMap<string, string>;
  /** Time of the last entry, epoch milliseconds. */
  readonly endedAt: number;
}

const DAY_MS = 86_400_000;

/**
 * Shifts a sample in time: `@{120}` in it is 120 seconds after the start, `@{session}` its id.
 * @param now epoch milliseconds
 */
export function playTranscript(
  { agent, daysAgo }: DemoTranscript,
  sample: string,
  session: string,
  now: number,
): PlayedTranscript {
  const seconds = [...sample.matchAll(/@\{(\d+)\}/g)].map(([, number]) => Number(number));
  const endedAt = now - daysAgo * DAY_MS;
  const startedAt = endedAt - Math.max(0, ...seconds) * 1_000;
  const timeOf = (second: number): string => new Date(startedAt + second * 1_000).toISOString();
  const text = sample
    .replaceAll('@{session}', session)
    .replaceAll(/@\{(\d+)\}/g, (_, second: string) => timeOf(Number(second)));
  const [, folder = '/'] = /"(?:cwd":|directories":\[)"([^"]+)"/.exec(text) ?? [];
  return { files: new Map(placesOf(agent, { text, folder, session, start: timeOf(0) })), endedAt };
}

function placesOf(
  agent: DemoTranscript['agent'],
  one: {
    readonly text: string;
    readonly folder: string;
    readonly session: string;
    readonly start: string;
  },
): readonly (readonly [path: string, text: string])[] {
  const { text, folder, session, start } = one;
  const day = start.slice(0, 10);
  switch (agent) {
    case 'claude-code':
      return [[`.claude/projects/${folder.replaceAll(/[^A-Za-z0-9]/g, '-')}/${session}.jsonl`, text]];
    case 'codex': {
      const time = start.slice(0, 19).replaceAll(':', '-');
      return [[`.codex/sessions/${day.replaceAll('-', '/')}/rollout-${time}-${session}.jsonl`, text]];
    }
    case 'gemini': {
      const time = start.slice(0, 16).replaceAll(':', '-');
      return [
        [`.gemini/tmp/demo/chats/session-${time}-${session.slice(0, 8)}.jsonl`, text],
        ['.gemini/tmp/demo/.project_root', folder],
      ];
    }
  }
}
