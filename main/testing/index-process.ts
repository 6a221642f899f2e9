import { execFile, spawn, type ChildProcess } from 'node:child_process';

const INDEX = new URL('../adapters/sqlite/sqlite-log-index.ts', import.meta.url).href;
const SAMPLES = new URL('./sample-shards.ts', import.meta.url).href;

/** What {@link indexProcess} puts around the body of a script. */
function script(body: string): string[] {
  return [
    '--input-type=module',
    '--eval',
    `import { createSqliteLogIndex } from ${JSON.stringify(INDEX)};
     import { sampleShard } from ${JSON.stringify(SAMPLES)};
     const [file] = process.argv.slice(1);
     const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
     ${body}`,
    '--',
  ];
}

/**
 * Runs a script in a process of its own, which has `createSqliteLogIndex`, `sampleShard`, `file` and `say`.
 * @returns what it said, one value a line
 */
export function runIndexProcess(body: string, file: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...script(body), file], (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else
        resolve(
          stdout
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as unknown),
        );
    });
  });
}

/** As {@link runIndexProcess}, but running: to be killed. */
export function startIndexProcess(body: string, file: string): ChildProcess {
  return spawn(process.execPath, [...script(body), file], { stdio: ['ignore', 'pipe', 'inherit'] });
}
