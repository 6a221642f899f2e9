import type { LogRow } from '../../../shared/domain/log-query.ts';
import { plainWords } from '../../../shared/format/plain-words.ts';
import { logTitle } from '../../../shared/format/log-title.ts';
import { shortDay, dayOf } from '../../../shared/format/time.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { InboxNote } from '../../../shared/ipc/payloads.ts';
import { hashOf } from '../../../shared/ipc/route.ts';
import type { StatusSnapshot } from '../../../shared/ipc/status.ts';
import { routeOfProblem } from '../../core/app/notes/announcements.ts';
import { shortened, stateLines } from './tray-words.ts';

/** Items that start or pause work. */
export type StartingAction =
  | { readonly do: 'push' | 'index' | 'full' | 'git' | 'resume' }
  | { readonly do: 'pause'; readonly for: 'hour' | 'tomorrow' };

/** What a menu item does. */
export type TrayAction =
  | StartingAction
  | { readonly do: 'quit' }
  | { readonly do: 'panel' }
  /** Without a route: the last place. */
  | { readonly do: 'browse'; readonly route?: string };

/** A menu item, independent of the platform. */
export interface TrayLine {
  /** Empty for a separator. */
  readonly label: string;
  /** Null for an item that is only text. */
  readonly action: TrayAction | null;
  readonly lines?: readonly TrayLine[];
}

/** The menu's contents besides the status. */
export interface TrayLists {
  /** Newest first. */
  readonly recent: readonly LogRow[];
  /** Unread, newest first. */
  readonly notes: readonly InboxNote[];
}

/** The contents before the core is open. */
export const NOTHING_LISTED: TrayLists = { recent: [], notes: [] };

const MOST_LINES = 5;
const MOST_LETTERS = 60;
const SEPARATOR: TrayLine = { label: '', action: null };
const words = en.desktop.menu;

/**
 * Builds the tray's menu; a pure function.
 * @param status null while the app starts
 * @param timeZone IANA name for times
 */
export function trayMenu(
  status: StatusSnapshot | null,
  lists: TrayLists,
  timeZone: string,
): readonly TrayLine[] {
  return [
    ...(status === null ? [said(en.desktop.starting)] : stateSection(status, timeZone)),
    SEPARATOR,
    { label: words.save, action: { do: 'browse', route: hashOf({ view: 'save' }) } },
    ...syncSection(status),
    SEPARATOR,
    ...readSection(lists, timeZone, status),
    SEPARATOR,
    { label: words.openBrowser, action: { do: 'browse' } },
    // On Linux a click may open only the menu, so the panel is reachable from here as well.
    { label: words.openPanel, action: { do: 'panel' } },
    {
      label: words.settings,

      action: { do: 'browse', route: hashOf({ view: 'settings' }) },
    },
    SEPARATOR,
    { label: words.quit, action: { do: 'quit' } },
  ];
}

function stateSection(status: StatusSnapshot, timeZone: string): TrayLine[] {
  const [first = '', ...more] = stateLines(status, timeZone);
  const toSync: TrayAction = { do: 'browse', route: hashOf({ view: 'sync' }) };
  const head: TrayLine = status.attention.length > 0 ? { label: first, action: toSync } : said(first);
  return [head, ...problemLines(status), ...more.map(said)];
}

/** What needs the person, each item leading to where it is answered. */
function problemLines({ attention }: StatusSnapshot): TrayLine[] {
  return attention.slice(0, MOST_LINES).map((item): TrayLine => ({
    label: shortened(words.problem(en.sync.attentionKinds[item.kind], item.subject), MOST_LETTERS),
    action: { do: 'browse', route: routeOfProblem(item) },
  }));
}

function syncSection(status: StatusSnapshot | null): TrayLine[] {
  const ready = status !== null && status.machine !== null;
  const when = (action: TrayAction, possible: boolean): TrayAction | null => (possible ? action : null);
  return [
    { label: words.pushNow, action: when({ do: 'push' }, ready) },
    { label: words.pullIndex, action: when({ do: 'index' }, ready) },
    { label: words.fullSync, action: when({ do: 'full' }, ready) },
    {
      label: words.gitSync,

      action: when({ do: 'git' }, ready && status.workspaces.length > 0),
    },
    status?.paused?.reason === 'asked'
      ? { label: words.resume, action: { do: 'resume' } }
      : {
          label: words.pause,
          action: null,
          lines: [
            { label: words.pauseHour, action: when({ do: 'pause', for: 'hour' }, status !== null) },
            { label: words.pauseTomorrow, action: when({ do: 'pause', for: 'tomorrow' }, status !== null) },
          ],
        },
  ];
}

function readSection(
  { recent, notes }: TrayLists,
  timeZone: string,
  status: StatusSnapshot | null,
): TrayLine[] {
  const today = dayOf(status?.at ?? 0, timeZone);
  const logs = recent.slice(0, MOST_LINES).map((row): TrayLine => ({
    label: shortened(`${shortDay(row.date, today)}  ${logTitle(row)}`, MOST_LETTERS),
    action: { do: 'browse', route: hashOf({ view: 'logs', log: row.id }) },
  }));
  const unread = notes.slice(0, MOST_LINES).map((note): TrayLine => ({
    label: shortened(words.note(note.from, plainWords(note.text)), MOST_LETTERS),
    action: { do: 'browse', route: hashOf({ view: 'logs', log: note.log, line: note.line }) },
  }));
  const all: TrayLine = {
    label: words.allNotes,
    action: { do: 'browse', route: hashOf({ view: 'notes' }) },
  };
  return [
    { label: words.recentLogs, action: null, lines: logs.length === 0 ? [said(words.noLogs)] : logs },
    {
      label: words.unreadNotes(status?.unread ?? 0),
      action: null,
      lines: [...(unread.length === 0 ? [said(words.noNotes)] : unread), SEPARATOR, all],
    },
  ];
}

function said(label: string): TrayLine {
  return { label, action: null };
}
