import { decodeLogStrictly } from '../../../shared/domain/decode-log.ts';
import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Locks } from '../ports/lock.ts';
import { chooseHome, type AuthorPlace } from './choose-home.ts';
import { checkHost, type Identity } from '../author/author-file.ts';
import {
  dayFolder,
  resolveLogFolder,
  scopeOfFolder,
  withoutLinks,
  type LogFolder,
  type Scope,
} from './log-folder.ts';
import { parseSessionId } from '../../../shared/domain/session-mark.ts';
import { normalBreaks } from './split-sections.ts';
import type { LogHome } from '../workspaces/workspace.ts';
import { zonedTime, zoneKey, zoneLabel, type ZonedTime } from '../../../shared/domain/zoned-time.ts';
import type { DataPaths } from '../files/data-paths.ts';

export interface SaveDeps {
  readonly files: Files;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
  readonly bytes: Pick<Bytes, 'sha256'>;
}

/** A save's paths in the data folder. */
export type SavePaths = Pick<DataPaths, 'sessionLogs' | 'settings' | 'unsaved' | 'sessionHints' | 'saveLock'>;

/** Where a save happens. */
export interface SavePlace extends AuthorPlace {
  readonly paths: SavePaths;
  /** `app.timeZone` of the settings: an IANA name, empty for the machine's own zone. */
  readonly timeZone: string;
  /** `save.toStore` of the settings. */
  readonly toStore: Settings['save']['toStore'];
}

/** What can be decided about a save before its text exists. */
export interface SaveWhere {
  readonly cwd: string;
  /** The work tree's folder, absolute; null for the one around `cwd`. */
  readonly workspace: string | null;
  /** See `CalledFrom`. */
  readonly inDataFolder?: boolean;
  /** Null for what `cwd` implies. */
  readonly scope: Scope | null;
  /** Id of the agent's session; null if unknown, which makes this save a separate session. */
  readonly session: string | null;
}

export interface SaveRequest extends SaveWhere {
  /** What was done, Markdown in UTF-8 (or UTF-16 with a byte order mark, as PowerShell writes it). */
  readonly text: Uint8Array;
  /** A file still has the text when the save fails; a stream does not, so its text is kept. */
  readonly from: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'stream' };
  /** Null to take it from the text. */
  readonly topic: string | null;
  /** A log to continue or to make under exactly this name, absolute; null to decide by session and topic. */
  readonly log: string | null;
}

/** A save's place, author and time. */
export interface SaveBase {
  readonly home: LogHome;
  readonly identity: Identity;
  readonly folder: LogFolder;
  readonly scopeNamed: boolean;
  readonly time: ZonedTime;
  /** Common name of the zone; only updates show it: it is slow to get. */
  readonly zoneLabel: () => string;
  /** See `zoneKey`. */
  readonly zoneKey: string;
  readonly session: string;
  /** False when this save generated the session id. */
  readonly sessionKnown: boolean;
  readonly warnings: readonly string[];
}

/** Everything decided before the first byte is written. */
export interface SavePlan extends SaveBase {
  readonly topic: string | null;
  readonly log: string | null;
  readonly text: string;
  /** See `SessionMark.text`. */
  readonly textHash: string;
}

/** Checks a request against workspace, identity and clock, without writing anything. */
export async function planSave(deps: SaveDeps, place: SavePlace, request: SaveRequest): Answer<SavePlan> {
  const text = decode(request.text);
  if (!text.ok) return text;
  const base = await checkBase(deps, place, request);
  if (!base.ok) return base;
  return ok({
    ...base.value,
    topic: request.topic,
    log: request.log,
    text: text.value,
    textHash: deps.bytes.sha256(new TextEncoder().encode(text.value)).slice(0, 16),
  });
}

/** The checks that need no text: a person is told before writing it, not after. Writes nothing. */
export async function checkBase(deps: SaveDeps, place: SavePlace, where: SaveWhere): Answer<SaveBase> {
  const session = parseSessionId(where.session ?? `manual-${deps.random.hex(8)}`);
  if (!session.ok) return session;
  const chosen = await chooseHome(deps.files, place, where);
  if (!chosen.ok) return chosen;
  const { home, identity } = chosen.value;
  const host = checkHost(identity, place.hostname);
  if (!host.ok) return host;
  const now = deps.clock.now();
  const time = zonedTime(now, place.timeZone);
  if (!time.ok) return time;
  const scope = where.scope ?? scopeOfFolder(home, where.cwd);
  const folder = await resolveLogFolder(deps.files, home, scope);
  if (!folder.ok) return folder;
  if (home.kind === 'workspace') {
    const real = await withoutLinks(deps.files, home, dayFolder(folder.value, time.value.date));
    if (!real.ok) return real;
  }
  return ok({
    home,
    identity,
    folder: folder.value,
    scopeNamed: where.scope !== null,
    time: time.value,
    zoneLabel: () => zoneLabel(now, place.timeZone),
    zoneKey: zoneKey(now, place.timeZone),
    session: session.value,
    sessionKnown: where.session !== null,
    warnings: [...chosen.value.warnings, ...folder.value.warnings],
  });
}

function decode(bytes: Uint8Array): Result<string, AppError> {
  const text = decodeLogStrictly(bytes);
  if (text === null)
    return fail(
      'invalid-input',
      'The text is not UTF-8.',
      'Convert it first, e.g. with `iconv -f WINDOWS-1252 -t UTF-8`.',
    );
  if (text.trim() !== '') return ok(normalBreaks(text));
  return fail(
    'invalid-input',
    'There is nothing to save: the text is empty.',
    'Pass the log on standard input, with --file, or write it with --edit.',
  );
}
