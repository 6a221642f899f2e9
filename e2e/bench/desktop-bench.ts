import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { createSqliteLogIndex } from '../../main/adapters/sqlite/sqlite-log-index.ts';
import { sampleShard } from '../../main/testing/sample-shards.ts';
import { unwrap } from '../../shared/result.ts';
import { asOtherMachine, dataFolder, HOUR_MS } from '../harness/data-folder.ts';
import { startDesktop } from '../harness/desktop.ts';
import { startDisplay } from '../harness/display.ts';
import { resolveElectronDist } from '../harness/electron-dist.ts';
import { ensurePackedApp } from '../harness/packed-app.ts';
import type { BenchRow } from './bench-row.ts';
import { median } from './measured-process.ts';
import { cpuSeconds, totalPss } from './process-tree.ts';
import { withApp, type Subject } from './started-app.ts';

const RENDERER = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'out', 'renderer');
const RUNS = 5;
/** Logs of 10 MB, each opened once: one that was open a while ago is still in the page. */
const LARGE = 3;
const [MACHINES, LOGS] = [55, 1_825];
/** Longer than a closed window is kept. */
const SETTLE_MS = 14_000;
const WATCH_MS = 20_000;
const MB = 1024 * 1024;
const USUAL_LOG = '2026-11-19-bench-usual.md';

/** An Electron app with nothing in it: a tray and a window with a heading. */
const EMPTY = `
import { app, BrowserWindow, nativeImage, Tray } from 'electron';
app.on('window-all-closed', () => undefined);
void app.whenReady().then(() => {
  globalThis.tray = new Tray(nativeImage.createFromBitmap(Buffer.alloc(1024, 255), { width: 16, height: 16 }));
  const window = new BrowserWindow({ width: 1240, height: 800, webPreferences: { sandbox: true } });
  window.loadURL('data:text/html,<title>empty</title><h1>empty</h1>');
});
`;

/** The desktop app beside an Electron app with nothing in it, in the same run. */
export async function desktopBench(): Promise<BenchRow[]> {
  const answer = await resolveElectronDist((line) => console.log(line));
  if ('reason' in answer) throw new Error(answer.reason);
  const program = await ensurePackedApp(answer.dist, (line) => console.log(line));
  const root = mkdtempSync(join(tmpdir(), 'session-log-desktop-bench-'));
  const display = await startDisplay();
  try {
    const home = join(root, 'home');
    await fillHome(home);
    mkdirSync(join(root, 'empty'));
    writeFileSync(join(root, 'empty', 'package.json'), '{"name":"empty","type":"module","main":"main.js"}');
    writeFileSync(join(root, 'empty', 'main.js'), EMPTY);
    const ours: Subject = {
      program,
      args: [],
      env: { SESSION_LOG_HOME: home },
      shows: '[role=listbox] [role=option]',
    };
    const empty: Subject = {
      program: answer.dist.program,
      args: [join(root, 'empty')],
      env: {},
      shows: 'h1',
    };
    return [
      ...(await starts(display.name, ours, empty)),
      ...(await idle(display.name, ours, empty)),
      ...sizes(),
      ...(await using(display.name, ours)),
    ];
  } finally {
    await display.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** A data folder with a large index and one very large log, on the embedded store: one that cannot be reached would be tried again and again. */
async function fillHome(home: string): Promise<void> {
  const folder = dataFolder(home, undefined, HOUR_MS);
  const own = await asOtherMachine(folder, 'bench');
  const index = createSqliteLogIndex({ file: join(home, 'state', 'index.db'), own: own as never });
  for (let number = 0; number < MACHINES; number += 1) {
    const shard = sampleShard(number, LOGS);
    unwrap(await index.putShard(shard.content, shard.head, shard.segments));
  }
  await index.close();
  const line = 'The tunnel was down because the key had **expired**; it was rotated and `wg` restarted.\n\n';
  for (let run = 0; run < LARGE; run += 1)
    folder.log(largeLog(run), `# Large\n\nLINE ${run}\n\n${line.repeat(Math.ceil((10 * MB) / line.length))}`);
  folder.log(USUAL_LOG, usualLog());
}

function largeLog(run: number): string {
  return `2026-11-20-bench-large-${run}.md`;
}

/** A log of the usual kind and size: sections with paragraphs, lists, a table and code, 8 KB in all. */
function usualLog(): string {
  const part = (title: string): string =>
    [
      `## ${title}`,
      'The **tunnel** was down because the key had expired; see [the ticket](https://tracker.example/58).',
      '- rotated the key on `edge-1`\n- restarted `wg-quick`\n- told *Priya*',
      '| step | before | after |\n|---|---|---|\n| read | 120 ms | 14 ms |\n| write | 80 ms | 22 ms |',
      '```sh\nwg show wg0 latest-handshakes\nsystemctl restart wg-quick@wg0\n```',
    ].join('\n\n');
  const text = `# Usual\n\n${Array.from({ length: 40 }, (_, at) => part(`Section ${at + 1}`)).join('\n\n')}`;
  return `${text.slice(0, 8_000)}\n`;
}

async function starts(display: string, ours: Subject, empty: Subject): Promise<BenchRow[]> {
  const found = { ours: { tray: [], rows: [] }, empty: { tray: [], rows: [] } } as Record<
    'ours' | 'empty',
    { tray: number[]; rows: number[] }
  >;
  // One after the other in turn, so that both meet the same weather; the first of each warms the disk.
  for (let run = 0; run <= RUNS; run += 1)
    for (const [name, subject] of [
      ['empty', empty],
      ['ours', ours],
    ] as const)
      await withApp(display, subject, async (app, desktop, started) => {
        // From the same moment in both: the driver's own start comes before the app's.
        const tray = desktop.tray.items.next(() => true, 'the tray').then(() => performance.now() - started);
        const window = await app.firstWindow();
        await window.locator(subject.shows).first().waitFor();
        if (run === 0) return;
        found[name].rows.push(performance.now() - started);
        found[name].tray.push(await tray);
      });
  const [tray, rows] = [median(found.ours.tray), median(found.ours.rows)];
  return [
    against('desktop: tray up', tray, median(found.empty.tray), 'ms', 1.8),
    against(`desktop: first rows of ${MACHINES * LOGS} logs`, rows, median(found.empty.rows), 'ms', 2.2),
  ];
}

async function idle(display: string, ours: Subject, empty: Subject): Promise<BenchRow[]> {
  const measure = (subject: Subject): Promise<{ readonly pss: number; readonly cpu: number }> =>
    withApp(display, subject, async (app) => {
      const window = await app.firstWindow();
      await window.locator(subject.shows).first().waitFor();
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
      await pause(SETTLE_MS);
      const pid = app.process().pid ?? 0;
      const before = cpuSeconds(pid);
      await pause(WATCH_MS);
      return { pss: totalPss(pid) / MB, cpu: ((cpuSeconds(pid) - before) / (WATCH_MS / 1_000)) * 100 };
    });
  const peer = await measure(empty);
  const own = await measure(ours);
  return [
    against('desktop: memory, window closed (PSS of all processes)', own.pss, peer.pss, 'MB', 1.3),
    absolute('desktop: processor while idle, window closed, an inspector attached', own.cpu, '%', 0.5),
    absolute(
      'desktop: processor while idle, as started at login',
      await unwatchedCpu(display, ours),
      '%',
      0.5,
    ),
  ];
}

/** What the app in the tray uses when nobody drives it: the driver's inspector costs processor time of its own. */
async function unwatchedCpu(display: string, { program, args, env }: Subject): Promise<number> {
  const desktop = await startDesktop(display);
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = spawn(program, [...root, ...args, '--hidden'], {
    env: { ...desktop.env, ...env },
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => app.once('exit', () => resolve()));
  try {
    const tray = await desktop.tray.items.next(() => true, 'the tray');
    await tray.shows(({ tooltip }) => !tooltip.includes('Starting'), 'its state', SETTLE_MS);
    await pause(SETTLE_MS);
    const pid = app.pid ?? 0;
    const before = cpuSeconds(pid);
    await pause(WATCH_MS);
    return ((cpuSeconds(pid) - before) / (WATCH_MS / 1_000)) * 100;
  } finally {
    app.kill();
    await ended;
    await desktop.stop();
  }
}

/** What each page loads of script, as it would travel. */
function sizes(): BenchRow[] {
  const scripts = (page: string): number => {
    const html = readFileSync(join(RENDERER, page, 'index.html'), 'utf8');
    const files = [...html.matchAll(/(?:src|href)="\.\.\/(assets\/[^"]+\.js)"/g)].map(
      ([, file]) => file ?? '',
    );
    if (files.length === 0) throw new Error(`${page}/index.html loads no script`);
    return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(RENDERER, file))).length, 0) / 1_000;
  };
  return [
    absolute('panel: script, gzipped', scripts('panel'), 'KB', 150),
    absolute('log browser: script, gzipped', scripts('browser'), 'KB', 250),
  ];
}

async function using(display: string, ours: Subject): Promise<BenchRow[]> {
  return withApp(display, ours, async (app) => {
    const page = await app.firstWindow();
    await page.locator(ours.shows).first().waitFor();
    const frames = await scrollFrames(page);
    const machine = await page.evaluate(async () => {
      const { api } = globalThis as unknown as {
        api: { invoke(channel: string, input: object): Promise<{ value: { machine: { uuid: string } } }> };
      };
      return (await api.invoke('app.info', {})).value.machine.uuid;
    });
    const opened: number[] = [];
    for (let run = 0; run < LARGE; run += 1) {
      await page.evaluate(() => {
        window.location.hash = '#/notes';
      });
      await page.getByRole('heading', { name: 'Notes' }).first().waitFor();
      const before = performance.now();
      await page.evaluate(
        (hash) => {
          window.location.hash = hash;
        },
        `#/logs/${machine}/${largeLog(run)}`,
      );
      await page.getByRole('article').getByText(`LINE ${run}`).first().waitFor();
      opened.push(performance.now() - before);
    }
    await page.evaluate((hash) => {
      window.location.hash = hash;
    }, `#/logs/${machine}/${USUAL_LOG}`);
    await page.getByRole('article').getByText('Section 1', { exact: true }).first().waitFor();
    const drawn = median(await drawTimes(page));
    return [
      absolute('log browser: a log of 8 KB is drawn', drawn, 'ms', 16),
      absolute('log browser: frame while scrolling (p99)', frames, 'ms', 50),
      absolute('log browser: a log of 10 MB opens', median(opened), 'ms', 1_000),
    ];
  });
}

/** Scrolls through the list by leaps and steps for some seconds. @returns the 99th percentile of the frames' times, in ms */
function scrollFrames(page: Page): Promise<number> {
  return page
    .locator('[role=listbox]')
    .first()
    .evaluate(
      (list) =>
        new Promise<number>((resolve) => {
          const times: number[] = [];
          let last = performance.now();
          const began = last;
          const frame = (now: number): void => {
            times.push(now - last);
            last = now;
            if (now - began > 6_000) {
              const sorted = times.slice(5).toSorted((one, other) => one - other);
              resolve(sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN);
              return;
            }
            // Mostly as a wheel moves it, now and then as a dragged thumb does.
            if (times.length % 60 === 0) list.scrollTop = Math.random() * list.scrollHeight;
            else list.scrollTop += 120;
            requestAnimationFrame(frame);
          };
          requestAnimationFrame(frame);
        }),
    );
}

/**
 * Shows a log as raw text and as a document in turn. @returns what it takes from the click until the document's elements are made and
 * laid out, in ms, each time
 */
function drawTimes(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const toggle = (name: string): HTMLButtonElement => {
      const found = document.querySelector<HTMLButtonElement>(`button[aria-label="${name}"]`);
      if (found === null) throw new Error(`there is no button ${name}`);
      return found;
    };
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const times: number[] = [];
    for (let run = 0; run < 15; run += 1) {
      toggle('Show raw text').click();
      await frame();
      await frame();
      const back = toggle('Show formatted');
      const before = performance.now();
      back.click();
      // A click is handled to the end before the next task.
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', resolve, { once: true });
        port1.start();
        port2.postMessage(null);
      });
      const article = document.querySelector('article');
      if (!article?.querySelector('table')) throw new Error('the document is not drawn yet');
      article.getBoundingClientRect();
      times.push(performance.now() - before);
      await frame();
    }
    return times;
  });
}

function against(name: string, value: number, peer: number, unit: string, most: number): BenchRow {
  const ratio = value / peer;
  return { name, value, unit, peer, ratio, target: `at most ${most}x an empty app`, ok: ratio <= most };
}

function absolute(name: string, value: number, unit: string, below: number): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target: `under ${below} ${unit}`, ok: value < below };
}
