import { pathToFileURL } from 'node:url';
import { SETTING_CLASSES, type SettingKey } from '../../shared/domain/setting-classes.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import type { ParsedInput } from '../../shared/ipc/contract.ts';

/** One step of a page that a person must confirm in the terminal. */
export interface GuardedStep {
  /**
   * Its description, on one line: `git.wikiCommand: "" -> "make wiki"`. Contains the page's text, so it is hostile until sanitized for
   * printing.
   */
  readonly what: string;
  /** The command that does it without a browser. */
  readonly command: string;
}

type Look<N extends CallName> = (input: ParsedInput<N>, settings: Settings | null) => readonly GuardedStep[];

/** `plain`: a page may do it; otherwise determines what must be confirmed first. */
type Guard<N extends CallName> = 'plain' | Look<N>;

const step = (what: string, command: string): readonly GuardedStep[] => [{ what, command }];

/** One line per channel; a channel without its line does not compile. */
const GUARDS: { readonly [N in CallName]: Guard<N> } = {
  'app.hidePanel': 'plain',
  'app.info': 'plain',
  'app.openBrowser': 'plain',
  'app.quit': 'plain',
  'app.reveal': 'plain',
  'attention.answer': ({ answer, item }) =>
    answer === 'commit-secrets' || answer === 'always-commit-secrets'
      ? step(`${answer}: ${item}`, 'session-log git-sync --with-secrets')
      : [],
  'cli.install': () => step('install the command line', 'session-log setup'),
  'cli.remove': 'plain',
  'cli.status': 'plain',
  'clipboard.copy': 'plain',
  'clipboard.read': 'plain',
  'gitSync.run': 'plain',
  'identity.acceptHostname': 'plain',
  'identity.adopt': 'plain',
  'identity.card': 'plain',
  'identity.create': 'plain',
  'identity.split': 'plain',
  'logs.compare': 'plain',
  'logs.copies': 'plain',
  'logs.days': 'plain',
  'logs.facets': 'plain',
  'logs.groups': 'plain',
  'logs.openInEditor': 'plain',
  'logs.page': 'plain',
  'logs.pull': 'plain',
  'logs.read': 'plain',
  'logs.reveal': 'plain',
  'logs.row': 'plain',
  'machines.list': 'plain',
  'news.list': 'plain',
  'news.looked': 'plain',
  'notes.list': 'plain',
  'notes.markDone': 'plain',
  'notes.markRead': 'plain',
  'notes.reopen': 'plain',
  'operations.cancel': 'plain',
  'operations.list': 'plain',
  'paths.pick': 'plain',
  'pause.clear': 'plain',
  'pause.set': 'plain',
  'save.check': 'plain',
  'save.session': 'plain',
  'pending.list': 'plain',
  'pending.mark': 'plain',
  'sealing.admit': ({ machine, words }) =>
    step(
      `let ${machine} read everything, whose words are: ${words.join(' ')}`,
      'session-log machines admit <machine>',
    ),
  'sealing.audit': 'plain',
  'sealing.drill': 'plain',
  // Contains no secret.
  'sealing.invite': 'plain',
  // Only a request; a member decides.
  'sealing.join': 'plain',
  // A holder of the recovery key is already a member.
  'sealing.recover': 'plain',
  'sealing.recoveryKey': 'plain',
  'sealing.remove': ({ recipient }) =>
    step(`take out whoever has the key ${recipient}`, 'session-log machines remove <machine>'),
  'sealing.requests': 'plain',
  'sealing.seal': ({ newRecovery }) =>
    newRecovery
      ? step('make another recovery key, which opens everything', 'session-log store seal --new-recovery')
      : step('seal what this machine has in the store', 'session-log store seal'),
  'sealing.unseal': () =>
    step(
      'store in the clear, so that whoever can read the store can read this machine\u2019s logs',
      'session-log store unseal',
    ),
  'search.build': 'plain',
  'search.find': 'plain',
  'search.keep': 'plain',
  'search.kept': 'plain',
  'search.status': 'plain',
  'secrets.allow': ({ id }) =>
    step(`take the value ${id} for no secret`, 'session-log secrets allow <id> <file>'),
  // A page that may read an own log may read the values behind its labels.
  'secrets.reveal': 'plain',
  'secrets.share': ({ key, how }) =>
    how === 'share'
      ? step(
          `let the machine with the key ${key} read the values kept here`,
          'session-log secrets share <key>',
        )
      : [],
  'secrets.shared': 'plain',
  'sessions.capture': 'plain',
  'sessions.conversation': 'plain',
  'sessions.list': 'plain',
  'sessions.outline': 'plain',
  // Writes to the agent's own location, without overwriting anything.
  'sessions.restore': 'plain',
  'settings.export': 'plain',
  'settings.get': 'plain',
  'settings.import': ({ text }, settings) => imported(text, settings),
  'settings.recover': 'plain',
  'settings.set': ({ change }, settings) => changed(change, settings),
  // A test sends the credentials to the tested address.
  'settings.testStore': ({ store }, settings) => changed({ store }, settings),
  'setup.cancel': 'plain',
  'setup.connectAgent': ({ dryRun }) =>
    dryRun ? [] : step('let the hooks of Claude Code run this program', 'session-log hooks install'),
  'setup.copyLogs': ({ workspace, dryRun }) =>
    dryRun
      ? []
      : step(`copy the logs of ${shown(workspace)} into the data folder`, 'session-log migrate --copy'),
  'setup.disconnectAgent': 'plain',
  'setup.look': 'plain',
  'setup.makeFolder': ({ path }, settings) => changed({ store: { url: pathToFileURL(path).href } }, settings),
  'setup.nearby': 'plain',
  'setup.undoCopy': 'plain',
  'setup.writeIdentity': 'plain',
  'shell.openLink': 'plain',
  'status.get': 'plain',
  'sync.full': 'plain',
  'sync.index': 'plain',
  'sync.push': 'plain',
  'update.check': 'plain',
  'update.install': () => step('install the update', 'session-log doctor'),
  'workspaces.add': ({ path, role }, settings) =>
    role === 'vault'
      ? changed({ git: { vault: path } }, settings)
      : changed({ git: { workspaces: [...(settings?.git.workspaces ?? []), path] } }, settings),
  'workspaces.remove': 'plain',
};

/**
 * Returns the steps of a call that a person must confirm in the terminal; none for most calls, and for a change without effect.
 * @param input as returned by the contract's schema
 * @param settings the current ones; null when they cannot be read
 */
export function guardedSteps<N extends CallName>(
  channel: N,
  input: ParsedInput<N>,
  settings: Settings | null,
): readonly GuardedStep[] {
  const guard: Guard<N> = GUARDS[channel];
  return guard === 'plain' ? [] : guard(input, settings);
}

type Groups = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** The non-plain settings whose value would change. */
function changed(change: object, settings: Settings | null): readonly GuardedStep[] {
  const now: Groups = settings === null ? {} : (settings as unknown as Groups);
  return Object.entries(change as Groups).flatMap(([group, fields]) =>
    Object.entries(fields ?? {}).flatMap(([field, value]) => {
      const key = `${group}.${field}`;
      const kind = Object.hasOwn(SETTING_CLASSES, key) ? SETTING_CLASSES[key as SettingKey] : 'runs';
      const before = now[group]?.[field];
      if (kind === 'plain' || shown(before) === shown(value)) return [];
      return step(
        `${key}: ${shown(before)} -> ${shown(value)}`,
        `session-log config set ${key} ${typed(value)}`,
      );
    }),
  );
}

/** Replacing the whole settings file is always confirmed; the changes are listed if it can be parsed. */
function imported(text: string, settings: Settings | null): readonly GuardedStep[] {
  let groups: unknown;
  try {
    groups = JSON.parse(text);
  } catch {
    groups = null;
  }
  const isObject = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const named = isObject(groups)
    ? changed(Object.fromEntries(Object.entries(groups).filter(([, fields]) => isObject(fields))), settings)
    : [];
  return [...step('take over a whole file of settings', 'session-log config set <key> <value>'), ...named];
}

/** Formats a value as typed in any shell; one that needs quotes, which a page may have written, is left to the person. */
function typed(value: unknown): string {
  const text = String(Array.isArray(value) && value.length === 1 ? value[0] : value);
  const isPlain = typeof value !== 'object' || (Array.isArray(value) && value.length === 1);
  return isPlain && /^[A-Za-z0-9/~][\w./:@~+-]{0,200}$/.test(text) ? text : '<value>';
}

function shown(value: unknown): string {
  return value === undefined ? 'not known' : JSON.stringify(value);
}
