import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ProcessFigures {
  readonly wallMs: number;
  /** Largest resident set of the process, bytes; 0 when it was not asked for, or the program is not Node. */
  readonly maxRssBytes: number;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end and measures it as a whole.
 * @param program an executable; `node` means this Node
 * @param options.memory have Node report its memory, for which it loads a module: four milliseconds of an empty program
 */
export function measureProcess(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { memory: reports = true }: { readonly memory?: boolean } = {},
): Promise<ProcessFigures> {
  const isNode = program === 'node';
  const report = fileURLToPath(new URL('./report-memory.mjs', import.meta.url));
  const command = isNode ? process.execPath : program;
  const all = isNode && reports ? ['--import', report, ...args] : [...args];
  return new Promise((settle, fail) => {
    const started = performance.now();
    const child = spawn(command, all, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const parts = ['', '', ''];
    for (const [at, stream] of [child.stdout, child.stderr, child.stdio[3]].entries())
      stream?.on('data', (chunk: Buffer) => (parts[at] += chunk.toString()));
    child.once('error', fail);
    child.once('close', (code) => {
      const [stdout = '', stderr = '', memory = ''] = parts;
      settle({
        wallMs: performance.now() - started,
        maxRssBytes: Number(memory) * 1024,
        exitCode: code ?? 1,
        stdout,
        stderr,
      });
    });
  });
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Wall time of a whole process, median of some runs after one that warms the disk. */
export async function medianWall(
  runs: number,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const walls: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const figures = await measureProcess(program, args, env, { memory: false });
    if (figures.exitCode !== 0)
      throw new Error(
        `${program} ${args.join(' ')} ended with ${figures.exitCode}: ${figures.stderr || figures.stdout}`,
      );
    if (run > 0) walls.push(figures.wallMs);
  }
  return median(walls);
}
