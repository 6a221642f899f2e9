import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { claudePath } from '../../main/testing/capture-world.ts';
import { dataFolder, HOUR_MS } from '../harness/data-folder.ts';
import { startDisplay } from '../harness/display.ts';
import { resolveElectronDist } from '../harness/electron-dist.ts';
import { ensurePackedApp } from '../harness/packed-app.ts';
import type { BenchRow } from './bench-row.ts';
import { idOf, transcript } from './bench-transcripts.ts';
import { withApp } from './started-app.ts';

const SESSIONS = 2_000;
const [REST_MS, PAGE_MS] = [4_000, 8_000];

/** What the window is worth while the app keeps every session for the first time: its frames, and how long the core takes to answer. */
export async function captureFramesBench(scale = 1): Promise<BenchRow[]> {
  const count = Math.max(50, Math.round(SESSIONS * scale));
  const answer = await resolveElectronDist((line) => console.log(line));
  if ('reason' in answer) throw new Error(answer.reason);
  const program = await ensurePackedApp(answer.dist, (line) => console.log(line));
  const root = mkdtempSync(join(tmpdir(), 'session-log-frames-bench-'));
  const display = await startDisplay();
  try {
    const folder = dataFolder(join(root, 'home'), undefined, HOUR_MS);
    folder.log('2026-11-19-bench-first.md', '# First\n\nA log that is there already.\n');
    for (let n = 0; n < count; n++) put(join(root, 'ada', claudePath(idOf(n))), transcript(n));
    const env = { SESSION_LOG_HOME: folder.home, CLAUDE_CONFIG_DIR: join(root, 'ada', '.claude') };
    const subject = { program, args: [], env, shows: '[role=listbox] [role=option]' };
    return await withApp(display.name, subject, async (app) => measure(await app.firstWindow(), count));
  } finally {
    await display.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function measure(page: Page, count: number): Promise<BenchRow[]> {
  await goTo(page, '#/sessions');
  const keep = page.getByRole('button', { name: 'Keep all' });
  await keep.waitFor();
  const rest = await watch(page, REST_MS);
  await keep.click();
  await page.getByRole('progressbar', { name: 'Keeping sessions' }).waitFor();
  const sessions = await watch(page, PAGE_MS);
  await goTo(page, '#/logs');
  const logs = await watch(page, PAGE_MS);
  if (!(await isKeeping(page))) throw new Error('All was kept before it was measured.');
  return [
    ...rows(`the sessions page while ${count} are kept`, sessions, rest),
    ...rows('the list of logs meanwhile', logs, rest),
    row(
      'core: answer to a call meanwhile (p95)',
      Math.max(sessions.answer, logs.answer),
      null,
      'ms',
      'under 100 ms',
      (it) => it < 100,
    ),
  ];
}

/** What the preload gives a page. */
interface Bridge {
  readonly api: { invoke(channel: string, input: object): Promise<{ readonly value: unknown }> };
}

async function isKeeping(page: Page): Promise<boolean> {
  const list = await page.evaluate(() => (globalThis as unknown as Bridge).api.invoke('operations.list', {}));
  const { running } = list.value as { readonly running: readonly { readonly kind: string }[] };
  return running.some(({ kind }) => kind === 'capture');
}

interface Watched {
  /** A second. */
  readonly frames: number;
  /** 99th percentile of the time between two frames, ms. */
  readonly frame: number;
  /** 95th percentile of the time that a call takes, ms. */
  readonly answer: number;
}

/** Scrolls the list on the page up and down as a wheel does, and asks the core something ten times a second. */
function watch(page: Page, ms: number): Promise<Watched> {
  return page.evaluate(async (forMs) => {
    const { api } = globalThis as unknown as Bridge;
    const [frames, answers]: [number[], number[]] = [[], []];
    const end = performance.now() + forMs;
    const atPercent = (times: number[], percent: number): number =>
      times.toSorted((one, other) => one - other)[Math.floor((times.length * percent) / 100)] ?? Number.NaN;
    const asked = (async () => {
      while (performance.now() < end) {
        const before = performance.now();
        await api.invoke('status.get', {});
        answers.push(performance.now() - before);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    await new Promise<void>((resolve) => {
      let last = performance.now();
      const frame = (now: number): void => {
        frames.push(now - last);
        last = now;
        const list = document.querySelector('[role=listbox]');
        if (list !== null) list.scrollTop = (frames.length * 60) % Math.max(1, list.scrollHeight);
        if (now < end) requestAnimationFrame(frame);
        else resolve();
      };
      requestAnimationFrame(frame);
    });
    await asked;
    return {
      frames: (frames.length * 1_000) / forMs,
      frame: atPercent(frames.slice(5), 99),
      answer: atPercent(answers, 95),
    };
  }, ms);
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((place) => {
    globalThis.location.hash = place;
  }, hash);
}

/** Frames of a page while the app works, against the page at rest in the same run: a busy machine drops frames of both. */
function rows(page: string, found: Watched, rest: Watched): BenchRow[] {
  return [
    row(
      `${page}: frames`,
      found.frames,
      rest.frames,
      'a second',
      'at least 0.9x the page at rest',
      (it) => it >= 0.9,
    ),
    row(
      `${page}: longest frame of a hundred`,
      found.frame,
      rest.frame,
      'ms',
      'at most 2x the page at rest',
      (it) => it <= 2,
    ),
  ];
}

/** @param holds told the ratio where there is a peer, else the value */
function row(
  name: string,
  value: number,
  peer: number | null,
  unit: string,
  target: string,
  holds: (value: number) => boolean,
): BenchRow {
  const ratio = peer === null ? null : value / peer;
  return { name: `capture: ${name}`, value, unit, peer, ratio, target, ok: holds(ratio ?? value) };
}
