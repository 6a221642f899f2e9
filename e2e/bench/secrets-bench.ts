import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { scanBytes } from '../../main/adapters/secrets/scan-bytes.ts';
import { cleanPages } from '../../main/testing/clean-pages.ts';
import { PLANTED_OF_EACH, plantedSecrets } from '../../main/testing/planted-secrets.ts';
import type { BenchRow } from './bench-row.ts';

const SEED = 20_261_129;
const CLEAN_PAGES = 5_000;
/** Characters of a page of documentation. */
const PAGE = 4_000;
const MOST_DOCUMENTATION = 6_000_000;
const root = resolve(import.meta.dirname, '../..');

/** How well secrets are found, how often something is taken for one, and what looking costs. */
export async function secretsBench(): Promise<BenchRow[]> {
  const documentation = pagesOfDocumentation(join(root, 'node_modules'));
  const megabytes = documentation.reduce((sum, page) => sum + page.length, 0) / 1e6;
  const clean = cleanPages(SEED, CLEAN_PAGES);
  return [
    recall(),
    falseAlarms(`false alarms in ${CLEAN_PAGES} clean pages`, clean),
    falseAlarms(`false alarms in ${megabytes.toFixed(1)} MB of public documentation`, documentation),
    speed('looking through 1 MB of documentation', documentation),
    speed('looking through 1 MB of pages full of digests and identifiers', clean),
  ];
}

function recall(): BenchRow {
  const planted = plantedSecrets(SEED, PLANTED_OF_EACH);
  const found = planted.filter(({ value, text }) => {
    const at = text.indexOf(value);
    return find(text).some(({ start, end }) => start <= at && end >= at + value.length);
  });
  const share = (100 * found.length) / planted.length;
  return row(`secrets found of ${planted.length} planted`, share, '%', 'at least 97 %', share >= 97);
}

function falseAlarms(name: string, pages: readonly string[]): BenchRow {
  const alarms = pages.filter((page) => find(page).length > 0).length;
  const rate = (200 * alarms) / pages.length;
  return row(name, rate, 'in 200 pages', 'at most 1 in 200 pages', rate <= 1);
}

function speed(name: string, pages: readonly string[]): BenchRow {
  const text = pages.join('\n').slice(0, 1_000_000).padEnd(1_000_000);
  const times = Array.from({ length: 9 }, () => {
    const before = process.cpuUsage();
    find(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  }).sort((a, b) => a - b);
  const median = times[4] ?? 0;
  return row(name, median, 'ms of processor', 'under 200 ms', median < 200);
}

function find(text: string): ReturnType<typeof scanBytes> {
  return scanBytes(new TextEncoder().encode(text), (word) => countTokens(word));
}

/** Markdown that installed packages bring, each text once, in pages. */
function pagesOfDocumentation(folder: string): readonly string[] {
  const texts = new Set<string>();
  let size = 0;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:md|markdown)$/i.test(file))
    .sort();
  for (const file of files) {
    if (size > MOST_DOCUMENTATION) break;
    const text = readFileSync(join(folder, file), 'latin1');
    if (text.length < 1_000 || texts.has(text)) continue;
    texts.add(text);
    size += text.length;
  }
  return [...texts].flatMap((text) =>
    Array.from({ length: Math.ceil(text.length / PAGE) }, (_, at) => text.slice(at * PAGE, (at + 1) * PAGE)),
  );
}

function row(name: string, value: number, unit: string, target: string, ok: boolean): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target, ok };
}
