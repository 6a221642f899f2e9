import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { foldEvents, type FoldedEvents } from '../../../shared/transcripts/fold-events.ts';
import { compactEvent } from './compact-event.ts';
import { SHOWN_COMMANDS } from './stretch-view.ts';

/** Part of a session without a long silence before one of its prompts. */
export interface Stretch {
  /** Epoch milliseconds of its first and last timed event; null without one. */
  readonly startAt: number | null;
  readonly endAt: number | null;
  /** Of the main file: its start, and the start of the next; the last one ends with the bytes. */
  readonly from: number;
  readonly to: number | null;
  /** Events of the session itself, in order; then its subagents' meanwhile. */
  readonly own: readonly TranscriptEvent[];
  readonly helpers: readonly TranscriptEvent[];
  /** True when the person rewound past its start: parts of earlier ones were undone. */
  readonly isRewound: boolean;
}

/** Splits a session's events into stretches. */
export interface SessionCollector {
  /** Events of the session's own file, in order. */
  addOwn(events: readonly TranscriptEvent[]): void;
  /** Adds events of its subagents, after all own ones. */
  addHelpers(events: readonly TranscriptEvent[]): void;
  stretches(): readonly Stretch[];
}

/**
 * Silence before a prompt that starts another stretch, in milliseconds. Not a setting: a session's log must be the same on every machine,
 * and whether it was written at once or as the session continued.
 */
const SILENCE_MS = 10 * 60_000;

interface OpenStretch {
  startAt: number | null;
  endAt: number | null;
  readonly from: number;
  readonly own: FoldedEvents;
  isRewound: boolean;
  /** Commands whose output is or was kept. */
  commands: number;
  /** Keys of unanswered calls, by call; and the answered calls. */
  readonly calls: Map<string, string>;
  readonly answered: Set<string>;
  /** Keys of replies that were no closing ones. */
  readonly dropped: Set<string>;
  /** The agent's last reply since the last prompt. */
  reply: Extract<TranscriptEvent, { kind: 'reply' }> | null;
}

/**
 * A finished stretch never changes again: later repetitions about it are skipped. So a log made of stretches only grows, however often it
 * is made.
 */
export function collectSession(copied: ReadonlySet<string> = new Set()): SessionCollector {
  const over: OpenStretch[] = [];
  const closed = new Set<string>();
  const answered = new Set<string>();
  let open = openStretch(0);
  const helpers: TranscriptEvent[] = [];
  const texts = new Map<string, string>();
  const same = (text: string): string => texts.get(text) ?? (texts.set(text, text), text);

  const begin = (event: TranscriptEvent): void => {
    over.push(open);
    for (const key of [...open.own.keys(), ...open.dropped]) closed.add(key);
    for (const call of open.answered) answered.add(call);
    open = openStretch(event.place.offset);
  };
  const add = (event: TranscriptEvent): void => {
    if (event.kind === 'retracted') {
      const reachesBack = event.andAfter && event.keys.some((key) => closed.has(key));
      if (reachesBack) open = { ...openStretch(open.from), startAt: open.startAt, isRewound: true };
      else open.own.add([event]);
      return;
    }
    if (copied.has(event.key)) {
      // Folder and title apply to the fork as well.
      if (['setting', 'title'].includes(event.kind)) open.own.add([event]);
      return;
    }
    if (closed.has(event.key)) return;
    if (event.kind === 'tool-started' && [answered, open.answered].some((calls) => calls.has(event.call)))
      return;
    const silence = event.at === null || open.endAt === null ? 0 : event.at - open.endAt;
    if (silence >= SILENCE_MS && event.kind === 'prompt' && !open.own.has(event.key)) begin(event);
    open.own.add([shortened(open, event)]);
    settle(open, event);
    if (event.at === null) return;
    open.startAt = Math.min(open.startAt ?? event.at, event.at);
    open.endAt = Math.max(open.endAt ?? event.at, event.at);
  };

  return {
    addOwn(events) {
      for (const event of events) {
        const compact = event.by === null ? compactEvent(event, same) : null;
        if (compact !== null) add(compact);
        else if (event.by !== null) this.addHelpers([event]);
      }
    },
    addHelpers(events) {
      for (const event of events) {
        const isWork = ['tool-ended', 'commit', 'pull-request'].includes(event.kind);
        const compact = isWork && !copied.has(event.key) ? compactEvent(event, same) : null;
        if (compact !== null) helpers.push(compact);
      }
    },
    stretches() {
      const all = [...over, open];
      const of = shareOut(helpers, all);
      return all.map((stretch, index) => ({
        startAt: stretch.startAt,
        endAt: stretch.endAt,
        from: stretch.from,
        to: all[index + 1]?.from ?? null,
        own: stretch.own.events(),
        helpers: of[index]?.events() ?? [],
        isRewound: stretch.isRewound,
      }));
    },
  };
}

function openStretch(from: number): OpenStretch {
  return {
    startAt: null,
    endAt: null,
    from,
    own: foldEvents(),
    isRewound: false,
    commands: 0,
    calls: new Map(),
    answered: new Set(),
    dropped: new Set(),
    reply: null,
  };
}

/** Drops the output of a successful command beyond those shown. */
function shortened(stretch: OpenStretch, event: TranscriptEvent): TranscriptEvent {
  if (event.kind !== 'tool-ended' || event.use.does !== 'command' || event.output === null) return event;
  const isShown = stretch.commands++ < SHOWN_COMMANDS || event.outcome === 'failed';
  return isShown ? event : { ...event, output: null };
}

/** Drops what no log uses after this event: the start of a finished call, and all but a turn's closing words. */
function settle(stretch: OpenStretch, event: TranscriptEvent): void {
  const { kind } = event;
  if (kind === 'tool-started') stretch.calls.set(event.call, event.key);
  if (kind === 'tool-ended' || kind === 'subagent-ended') {
    stretch.own.remove(stretch.calls.get(event.call) ?? '');
    stretch.calls.delete(event.call);
    stretch.answered.add(event.call);
  }
  if (kind === 'prompt') stretch.reply = null;
  if (kind !== 'reply') return;
  const { reply } = stretch;
  // The log names another model.
  if (reply !== null && reply.key !== event.key && reply.model === event.model) {
    stretch.own.remove(reply.key);
    stretch.dropped.add(reply.key);
  }
  stretch.reply = event;
}

/** A subagent's work belongs to the stretch of its time; without a time, to the first. */
function shareOut(
  helpers: readonly TranscriptEvent[],
  stretches: readonly OpenStretch[],
): readonly FoldedEvents[] {
  const folds = stretches.map(() => foldEvents());
  for (const event of helpers) {
    const at = event.at;
    const index = at === null ? 0 : stretches.findLastIndex(({ startAt }) => (startAt ?? 0) <= at);
    folds[Math.max(0, index)]?.add([event]);
  }
  return folds;
}
