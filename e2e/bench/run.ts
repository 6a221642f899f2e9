/**
 * `npm run bench [name…] [scale]`: runs the benchmarks and prints a table (a scale below 1 makes smaller ones of those that know it); writes bench-results.json. Figures are medians, and ratios are against a
 * peer measured in the same run, because a bare number says more about the machine than about us. Never part of `npm test`.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BenchRow } from './bench-row.ts';

const here = dirname(fileURLToPath(import.meta.url));
const isScale = (word: string): boolean => /^0?\.\d+$/.test(word);
const wanted = process.argv.slice(2).filter((word) => !isScale(word));
const scale = Number(process.argv.find(isScale) ?? 1);
const names = readdirSync(here)
  .filter((file) => file.endsWith('-bench.ts'))
  .map((file) => file.slice(0, -'-bench.ts'.length))
  .sort();
const chosen =
  wanted.length === 0 ? names : names.filter((name) => wanted.some((word) => name.includes(word)));

if (chosen.length === 0) {
  console.error(`No benchmark is called ${wanted.join(', ')}. There are: ${names.join(', ')}`);
  process.exit(64);
}

const rows: BenchRow[] = [];
let failed = 0;
for (const name of chosen) {
  console.error(`\n${name} …`);
  try {
    const found = await run(name);
    for (const row of found) console.error(`  ${line(row)}`);
    rows.push(...found);
  } catch (error) {
    failed++;
    console.error(
      `  ${name} could not run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}
console.log(`\n${table(rows)}`);
writeFileSync(resolve(here, '../../bench-results.json'), `${JSON.stringify(rows, null, 2)}\n`);
console.log(
  `\n${rows.filter((row) => row.ok).length} of ${rows.length} figures reach their target${failed > 0 ? `; ${failed} benchmarks could not run` : ''}. Written to bench-results.json.`,
);
process.exit(failed > 0 ? 1 : 0);

/** A benchmark file exports one function whose name ends in `Bench`. */
async function run(name: string): Promise<readonly BenchRow[]> {
  const loaded = (await import(pathToFileURL(join(here, `${name}-bench.ts`)).href)) as Record<
    string,
    unknown
  >;
  const bench = Object.entries(loaded).find(
    ([key, value]) => key.endsWith('Bench') && typeof value === 'function',
  );
  if (!bench) throw new Error(`${name}-bench.ts exports no function ending in Bench`);
  return (bench[1] as (scale: number) => Promise<readonly BenchRow[]>)(scale);
}

function line(row: BenchRow): string {
  return `${row.ok ? 'ok  ' : 'MISS'} ${row.name}: ${figure(row.value)} ${row.unit}${row.peer === null ? '' : ` (peer ${figure(row.peer)})`}${row.ratio === null ? '' : `, ${figure(row.ratio)}x`}; target ${row.target}`;
}

function table(all: readonly BenchRow[]): string {
  const cells = [
    ['', 'figure', 'value', 'peer', 'ratio', 'target'],
    ...all.map((row) => [
      row.ok ? 'ok' : 'MISS',
      row.name,
      `${figure(row.value)} ${row.unit}`,
      row.peer === null ? '' : figure(row.peer),
      row.ratio === null ? '' : `${figure(row.ratio)}x`,
      row.target,
    ]),
  ];
  const widths = cells[0]?.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0))) ?? [];
  return cells
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(2);
}
