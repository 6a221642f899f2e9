import type { AppError } from '../app-error.ts';
import { en } from '../i18n/en.ts';
import type { Route, SettingsPage } from '../ipc/route.ts';
import { dateTime } from './time.ts';

const words = en.remedies;

/** Something the window can do with one click instead of a command. */
export type RemedyAction =
  | { readonly kind: 'go'; readonly label: string; readonly route: Route }
  | { readonly kind: 'run'; readonly label: string; readonly run: RemedyRun };

export type RemedyRun = 'push' | 'index' | 'full' | 'git-sync';

/** A remedy as shown in a window. */
export interface WindowRemedy {
  /** Sentences; empty when the buttons say everything. */
  readonly text: string;
  /** Without duplicates, in the order of the text. */
  readonly actions: readonly RemedyAction[];
}

const run = (what: RemedyRun, label: string): RemedyAction => ({ kind: 'run', label, run: what });
const go = (route: Route, label: string): RemedyAction => ({ kind: 'go', label, route });
const page = (name: SettingsPage): RemedyAction => go({ view: 'settings', page: name }, words.pages[name]);

/** The window's action for a command, first match wins; any other command works only in a terminal. */
const BUTTONS: readonly (readonly [command: RegExp, action: RemedyAction])[] = [
  [/^sync --full\b|^verify\b/, run('full', words.full)],
  [/^sync --index\b/, run('index', words.index)],
  [/^sync --pull\b/, go({ view: 'logs' }, words.logs)],
  [/^sync --push .*--(?:force|deleted)\b/, go({ view: 'sync' }, words.details)],
  [/^sync\b/, run('push', words.push)],
  [/^restore --all\b/, go({ view: 'sync' }, words.restoreAll)],
  [/^(?:restore|doctor|status)\b/, go({ view: 'sync' }, words.details)],
  [/^git-sync\b/, run('git-sync', words.gitSync)],
  [/^config \w+ store\./, page('store')],
  [/^config \w+ git\./, page('workspaces')],
  [/^config \w+ schedule\.|^schedule\b/, page('schedule')],
  [/^config \w+ notifications\./, page('notifications')],
  [/^config \w+ capture\./, page('sessions')],
  [/^config\b/, page('app')],
  [/^(?:store|audit|drill|recover|invite|machines (?:join|requests|admit|remove))\b/, page('readers')],
  [/^secrets (?:un)?share\b/, page('readers')],
  [/^(?:init|machines?|whoami)\b/, page('machine')],
  [/^sessions\b/, go({ view: 'sessions' }, words.sessions)],
  [/^(?:list|show|search)\b/, go({ view: 'logs' }, words.logs)],
  [/^notes\b/, go({ view: 'notes' }, words.notes)],
  [/^(?:pending|since)\b/, go({ view: 'pending' }, words.pending)],
  [/^save\b/, go({ view: 'save' }, words.save)],
  [/^(?:setup|hooks)\b/, go({ view: 'welcome' }, words.welcome)],
];

function actionFor(command: string): RemedyAction | null {
  return BUTTONS.find(([pattern]) => pattern.test(command))?.[1] ?? null;
}

/** `session-log …` in backticks, after a colon up to the end of its sentence, or alone. */
const QUOTED = /`session-log ([^`]*)`/;
const AFTER_COLON = /:\s*session-log ((?:(?!\.(?:\s|$))[^\n])*)\.?/;
const ALONE = /^session-log (.+)$/;
/** The step works only in a terminal: this window has been refused it, and a button would lead back here. */
const IN_TERMINAL = /\bin a terminal\b/i;
/** The step is for somebody at another machine: a button would run it on the wrong one. */
const ELSEWHERE = /\bon (?!this\b)(?:that|the) machine\b|`session-log [^`]*`,? (?:on|there\b)/;

/**
 * Converts a remedy, which is written for every interface and so for a terminal, to what a window shows: sentences without commands,
 * options, setting keys and machine times, and a button for each command the window can carry out.
 * @param timeZone in which times are shown
 */
export function windowRemedy(error: Pick<AppError, 'remedy' | 'action'>, timeZone: string): WindowRemedy {
  const actions: RemedyAction[] = [];
  const add = (action: RemedyAction | null): void => {
    if (action !== null && !actions.some(({ label }) => label === action.label)) actions.push(action);
  };
  const text = error.remedy
    .split(/(?<=[.!?])\s+(?=[\p{Lu}`“])|\n/u)
    .map((sentence) => withoutCommands(sentence.trim(), ELSEWHERE.test(sentence) ? () => undefined : add))
    .filter((sentence) => sentence !== '')
    .join(' ');
  const command = error.action === undefined ? undefined : ALONE.exec(error.action)?.[1];
  if (command !== undefined && actions.length === 0 && !ELSEWHERE.test(error.remedy)) add(actionFor(command));
  return { text: windowWords(text, timeZone), actions };
}

/**
 * Returns message and remedy of an error in one text, for places without room for a button.
 * @param timeZone in which times are shown
 */
export function failureWords(error: Pick<AppError, 'message' | 'remedy'>, timeZone: string): string {
  const parts = [windowWords(error.message, timeZone), windowRemedy(error, timeZone).text];
  return parts.filter((part) => part !== '').join(' ');
}

function withoutCommands(sentence: string, add: (action: RemedyAction | null) => void): string {
  const alone = ALONE.exec(sentence)?.[1];
  if (alone !== undefined) {
    const action = actionFor(alone);
    add(action);
    return action === null ? inTerminal(alone) : '';
  }
  let text = sentence;
  for (let match = AFTER_COLON.exec(text); match !== null; match = AFTER_COLON.exec(text)) {
    const action = actionFor(match[1] ?? '');
    add(action);
    text = text.replace(
      match[0],
      action === null ? `, in a terminal: “session-log\u00a0${match[1] ?? ''}”.` : '.',
    );
  }
  if (IN_TERMINAL.test(text))
    return text.replaceAll(new RegExp(QUOTED, 'g'), (_, command: string) => `“session-log\u00a0${command}”`);
  for (let match = QUOTED.exec(text); match !== null; match = QUOTED.exec(text)) {
    const command = match[1] ?? '';
    // Command syntax does not matter in a window.
    if (command.endsWith('--help')) return '';
    const action = actionFor(command);
    add(action);
    const shown = action === null ? `“session-log\u00a0${command}” in a terminal` : `“${action.label}”`;
    text = text
      .replace(`Run ${match[0]}`, action === null ? `Run ${shown}` : `Choose ${shown}`)
      .replace(`run ${match[0]}`, action === null ? `run ${shown}` : `choose ${shown}`)
      .replace(match[0], shown);
  }
  return isAboutOptions(text) ? '' : text;
}

function inTerminal(command: string): string {
  return `In a terminal: “session-log\u00a0${command}”.`;
}

/** Options belong to a command line; other programs' options are in quotes. */
function isAboutOptions(sentence: string): boolean {
  return /(?:^|\s)--[a-z]/.test(sentence.replaceAll(/`[^`]*`|“[^”]*”/g, ''));
}

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const SETTING = new RegExp(
  `(?<![\\w./-])(?:${Object.keys(words.settingNames)
    .map((key) => key.replace('.', '\\.'))
    .join('|')})(?![\\w-]|\\.\\w)`,
  'g',
);

/**
 * Rewrites an error's text for a window: times by the person's clock, settings by name, no Markdown marks.
 * @param timeZone in which times are shown
 */
export function windowWords(text: string, timeZone: string): string {
  return text
    .replaceAll(INSTANT, (instant) => dateTime(Date.parse(instant), timeZone))
    .replaceAll(SETTING, (key, at: number, whole: string) => {
      // Inside a command it has to be typed as is.
      if (/“session-log\u00a0[^”]*$/.test(whole.slice(0, at))) return key;
      const name = words.settingNames[key] ?? key;
      return at === 0 ? `${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
    })
    .replaceAll(/`([^`]*)`/g, '“$1”')
    .replaceAll('`', '’')
    .replaceAll(/\b([Rr])(?:un|epeat) (?:the|this|that) (?:same )?command(?: again)?/g, (_, first: string) =>
      first === 'R' ? 'Try again' : 'try again',
    );
}
