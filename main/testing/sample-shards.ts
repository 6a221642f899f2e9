import type { CalendarDate, LogPath, MachineUuid } from '../../shared/domain/ids.ts';
import type { LogEntry } from '../../shared/domain/log-entry.ts';
import type { ShardContent } from '../core/ports/log-index.ts';
import { splitShard } from '../core/sync/shard.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

/** One machine's shard with everything that {@link LogIndex.putShard} takes. */
export interface SampleShard {
  readonly content: ShardContent;
  readonly head: readonly LogEntry[];
  readonly segments: readonly { readonly name: string; readonly entries: readonly LogEntry[] }[];
}

const DAY_MS = 86_400_000;
const USERS = [
  'hal',
  'ana',
  'ben',
  'chris',
  'dora',
  'emil',
  'fatima',
  'goran',
  'hana',
  'ivo',
  'jan',
  'karla',
  'luis',
  'mira',
  'nils',
  'olga',
] as const;
const PROJECTS = ['atlas', 'beacon', 'comet', 'delta', 'ember', 'falcon', 'glacier', 'harbor'] as const;
const CLIENTS = ['acme', 'globex', 'initech', 'umbrella'] as const;
const VERBS = [
  'add',
  'cache',
  'check',
  'close',
  'cut',
  'drop',
  'export',
  'find',
  'fix',
  'fold',
  'guard',
  'harden',
  'index',
  'join',
  'keep',
  'lock',
  'repair',
  'merge',
] as const;
const THINGS = [
  'parser',
  'login',
  'token',
  'retry',
  'queue',
  'worker',
  'render',
  'scroll',
  'theme',
  'icon',
  'build',
  'release',
  'schema',
  'query',
  'page',
] as const;
const PARTS = [
  'north',
  'south',
  'inner',
  'outer',
  'upper',
  'lower',
  'early',
  'late',
  'wide',
  'narrow',
  'old',
  'new',
  'warm',
  'cold',
  'light',
  'dark',
] as const;

/**
 * A machine of a busy team, always the same for a number: five logs a day, a tenth of them with words beyond ASCII, some in projects and
 * for clients, a few with notes; split into head and segments as the product does it.
 * @param number which machine
 * @param logs how many logs it has
 */
export function sampleShard(number: number, logs: number): SampleShard {
  const random = createSeededRandom(number + 1);
  const machine = uuidOf(random);
  const user = USERS[number % USERS.length] as string;
  const entries = Array.from({ length: logs }, (_, at) => sampleEntry(random, user, at));
  const { entries: head, newSegments } = splitShard(
    entries.map((entry) => ({ path: entry.path, entry })),
    { segments: [], changed: null },
    entries.at(-1)?.date.slice(0, 7) ?? '',
    () => ({ update: () => undefined, hex: () => '' }),
  );
  const segments = newSegments.map(({ month, json }) => ({
    name: `${month}-1-${machine.slice(0, 8)}.json.gz`,
    entries: (JSON.parse([...json()].join('')) as { readonly entries: readonly LogEntry[] }).entries,
  }));
  return {
    content: {
      machine,
      host: `host-${number}.example.net`,
      updated: Date.UTC(2026, 10, 21) + number,
      generation: String(1_763_700_000_000_000 + number),
      seq: number,
      segments: segments.map((segment) => segment.name),
      receipts: [],
    },
    head,
    segments,
  };
}

function sampleEntry(random: SeededRandom, user: string, at: number): LogEntry {
  const day = Date.UTC(2025, 10, 22) + Math.floor(at / 5) * DAY_MS;
  const date = new Date(day).toISOString().slice(0, 10);
  const share = random.fraction();
  const folder =
    share < 0.3
      ? `projects/${random.pick(PROJECTS)}/session-logs/`
      : share < 0.45
        ? `clients/${random.pick(CLIENTS)}/session-logs/`
        : share < 0.7
          ? `${date.slice(0, 7)}/`
          : '';
  const topic = `${random.pick(VERBS)}-${random.pick(PARTS)}-${random.pick(THINGS)}-${random.below(100)}`;
  const title = `${random.pick(VERBS)} the ${random.pick(PARTS)} ${random.pick(THINGS)}`;
  const size = random.below(60_000);
  const noted = random.fraction() < 0.02;
  return {
    path: `${folder}${at % 5 === 0 ? `SESSION-LOG-${date}` : `${date}-${user}-${topic}`}.md` as LogPath,
    size,
    mtime: day + random.below(DAY_MS),
    sha256: random.hex(32),
    stored: { size, crc32c: 'yZRlqg==', generation: String(1_763_000_000_000_000 + random.below(1e12)) },
    date: date as CalendarDate,
    title: random.fraction() < 0.1 ? `${title} für Zoë 日本` : title,
    author: `Person ${user}`,
    sessions: at % 5 === 0 ? 3 : 1,
    notes: noted
      ? [
          {
            hash: random.hex(32),
            to: random.pick(USERS),
            from: user,
            date: date as CalendarDate,
            line: 12,
            text: `Please look at the ${random.pick(PARTS)} ${random.pick(THINGS)}.`,
            truncated: false,
          },
        ]
      : [],
  };
}

function uuidOf(random: SeededRandom): MachineUuid {
  return [4, 2, 2, 2, 6].map((bytes) => random.hex(bytes)).join('-') as MachineUuid;
}
