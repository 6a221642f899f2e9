import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startBrowse } from '../harness/browse.ts';
import { findChromium } from '../harness/chromium.ts';
import { dataFolder, HOUR_MS, type DataFolder } from '../harness/data-folder.ts';
import type { BenchRow } from './bench-row.ts';
import { median } from './measured-process.ts';
import { at, row, said } from './search-figures.ts';
import { corpus } from './search-questions.ts';

const LOGS = 100_000;
const [TRIALS, SAVED] = [5, 9];
/** Letters of a question, and the pause after each: 100 words a minute. */
const [LETTERS, PAUSE_MS] = [25, 120];
const [REST_MS, SCROLL_MS] = [3_000, 3_000];
/** For what a busy machine shows late. */
const WAIT_MS = 120_000;
const FRAME_MS = 1_000 / 60;
const HITS = '[role=listbox][aria-label="Found logs"]';

/** The browser view over very many logs: its frames while somebody types and scrolls the hits, and when the hits are there. */
export async function typingBench(scale = 1): Promise<BenchRow[]> {
  const found = findChromium();
  if ('reason' in found) throw new Error(found.reason);
  const count = Math.round(LOGS * scale);
  const root = mkdtempSync(join(tmpdir(), 'session-log-typing-bench-'));
  try {
    const folder = dataFolder(join(root, 'home'), undefined, HOUR_MS);
    for (let number = 0; number < count; number++) {
      const { path, text } = corpus.log(number);
      folder.log(path, text);
    }
    await folder.cli('list', '--limit', '1');
    await folder.cli('search', corpus.word(900), '--update');
    const browse = await startBrowse(folder.home);
    const browser = await chromium.launch(found.options);
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      page.setDefaultTimeout(WAIT_MS);
      await page.goto(browse.url);
      await page.getByRole('listbox', { name: 'Logs' }).getByRole('option').first().waitFor();
      return await measure(page, folder, count);
    } finally {
      await browser.close();
      await browse.stop();
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function measure(page: Page, folder: DataFolder, count: number): Promise<BenchRow[]> {
  await watch(page);
  const rest = await during(page, () => page.waitForTimeout(REST_MS));
  // One that is nobody's: what is loaded and compiled at the first question.
  await type(page, TRIALS);
  const typed: Typed[] = [];
  for (let trial = 0; trial < TRIALS; trial++) typed.push(await type(page, trial));
  const scrolled = await during(page, () => scroll(page));
  const of = `typing ${LETTERS} letters over ${count} logs`;
  const rows = [
    ...noticed(
      of,
      { frames: typed.flatMap(({ frames }) => frames), tasks: typed.flatMap(({ tasks }) => tasks) },
      rest,
    ),
    said(`${of}: from the last to the hits`, median(typed.map(({ hitsMs }) => hitsMs)), 'ms'),
    ...noticed('scrolling the hits', scrolled, rest),
    row('a log that was written is among the hits', await saved(page, folder), 's', 'within 2 s', 2),
  ];
  return rows.map((one) => ({ ...one, name: `search: ${one.name}` }));
}

/** What a page did meanwhile, all in milliseconds. */
interface Noted {
  /** Times between frames. */
  readonly frames: readonly number[];
  /** Of the processor, the tasks of its thread; frames are due every 17. */
  readonly tasks: readonly number[];
}

interface Typed extends Noted {
  /** From the last key to the last change of the list of hits. */
  readonly hitsMs: number;
}

/** Frames against the page at rest in the same run: a busy machine drops frames of both. Tasks say the same on any. */
function noticed(what: string, { frames, tasks }: Noted, rest: Noted): BenchRow[] {
  const [longest, peer] = [frames, rest.frames].map((all) =>
    at(
      [...all].sort((a, b) => a - b),
      0.99,
    ),
  ) as [number, number];
  return [
    {
      ...row(`${what}: longest frame of a hundred`, longest, 'ms', 'at most 1.2x the page at rest'),
      peer,
      ratio: longest / peer,
      ok: longest <= 1.2 * peer,
    },
    row(
      `${what}: the page's longest task, of the processor`,
      Math.max(...tasks),
      'ms',
      'under 50, or it is a long task',
      50,
    ),
    said(`${what}: tasks longer than a frame`, tasks.filter((ms) => ms > FRAME_MS).length, ''),
  ];
}

/** What {@link watch} keeps in the page. */
interface Watch {
  frames: number[];
  /** When the last key was pressed, and when the hits last changed. */
  key: number;
  changed: number;
}

function watch(page: Page): Promise<void> {
  return page.evaluate((hits) => {
    const noted: Watch = { frames: [], key: 0, changed: 0 };
    (globalThis as unknown as { noted: Watch }).noted = noted;
    let last = performance.now();
    const frame = (now: number): void => {
      noted.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    addEventListener('keydown', ({ timeStamp }) => (noted.key = timeStamp), true);
    new MutationObserver((changes) => {
      const isHits = ({ target }: MutationRecord): boolean =>
        target instanceof Element && (target.closest(hits) ?? target.querySelector(hits)) !== null;
      if (changes.some(isHits)) noted.changed = performance.now();
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  }, HITS);
}

async function during(page: Page, work: () => Promise<unknown>): Promise<Noted> {
  const browser = page.context().browser();
  const take = (): Promise<readonly number[]> =>
    page.evaluate(() => {
      const { noted } = globalThis as unknown as { noted: Watch };
      return noted.frames.splice(0);
    });
  await browser?.startTracing(page, { categories: ['toplevel'] });
  await take();
  await work();
  const frames = await take();
  return { frames, tasks: tasksOf(String(await browser?.stopTracing())) };
}

/** What Chromium's trace says of the tasks of the page's thread. */
function tasksOf(trace: string): readonly number[] {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const pages = new Set(traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(thread));
  return traceEvents
    .filter((event) => event.name === 'ThreadControllerImpl::RunTask' && pages.has(thread(event)))
    .map(({ tdur = 0 }) => tdur / 1_000);
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Of the processor, microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Types a question into the emptied box, and waits for its hits. */
async function type(page: Page, trial: number): Promise<Typed> {
  const box = page.getByRole('searchbox', { name: 'Find logs' });
  await box.fill('');
  await page.getByRole('listbox', { name: 'Logs', exact: true }).waitFor();
  await box.focus();
  const words = [40, 300, 2_000, 900, 1_400].map((rank) => corpus.word(rank + 7 * trial));
  const text = words.join(' ').slice(0, LETTERS).trim();
  const noted = await during(page, async () => {
    for (const letter of text) {
      await page.keyboard.press(letter === ' ' ? 'Space' : letter);
      await page.waitForTimeout(PAUSE_MS);
    }
    await page.waitForFunction(
      ([hits, asked]) => {
        const isAsked = decodeURIComponent(location.hash).includes(`q=${asked}`);
        const list = document.querySelector(hits ?? '');
        const isQuiet = performance.now() - (globalThis as unknown as { noted: Watch }).noted.changed > 500;
        return isAsked && isQuiet && (list?.closest('[aria-busy=false]') ?? null) !== null;
      },
      [HITS, text],
    );
  });
  const { key, changed } = await page.evaluate(() => (globalThis as unknown as { noted: Watch }).noted);
  return { ...noted, hitsMs: changed - key };
}

/** Scrolls the hits down as a wheel does, and loads further pages. */
async function scroll(page: Page): Promise<void> {
  await page.locator(HITS).hover();
  const end = performance.now() + SCROLL_MS;
  while (performance.now() < end) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(40);
  }
}

/** Seconds from writing a log into the data folder to its hit on the screen, in the middle of some trials. */
async function saved(page: Page, folder: DataFolder): Promise<number> {
  const times: number[] = [];
  for (let trial = 0; trial < SAVED; trial++) {
    const word = `gyroscope${String.fromCodePoint(97 + trial)}`;
    await page.getByRole('searchbox', { name: 'Find logs' }).fill(word);
    await page.getByText('Nothing found').waitFor();
    const started = performance.now();
    folder.log(`2026-11-28-mara-${word}.md`, `# Drift\n\nThe ${word} drifts at noon.\n`);
    await page.locator(HITS).getByRole('option').first().waitFor();
    times.push((performance.now() - started) / 1_000);
  }
  return median(times);
}
