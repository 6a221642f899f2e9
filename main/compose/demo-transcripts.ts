import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Answer } from '../../shared/app-error.ts';
import { err, ok } from '../../shared/result.ts';
import { DEMO_TRANSCRIPTS, playTranscript, type DemoTranscript } from '../core/demo/demo-transcripts.ts';
import { problemOf } from '../core/workflows/outcome.ts';
import { sweepSessions } from '../core/workflows/sweep-sessions.ts';
import { captureHere } from './capture-here.ts';
import type { Core } from './core.ts';
import { agentsOf } from './played-machine.ts';

/**
 * Plays the agents of one machine: writes their transcripts where they would be, and captures finished sessions.
 * @param samples the folder of the person's texts
 * @param idOf the id of a session by its name
 * @returns the number of logs made
 */
export async function playAgents(
  core: Core,
  user: string,
  samples: string,
  idOf: (name: string) => string,
): Answer<number> {
  const now = core.sync.clock.now();
  const put = async (one: DemoTranscript): Promise<readonly string[]> => {
    const sample = await readFile(join(samples, 'sessions', `${one.text}.jsonl`), 'utf8');
    const { files, endedAt } = playTranscript(one, sample, idOf(one.text), now);
    const paths: string[] = [];
    for (const [name, text] of files) {
      const path = join(agentsOf(core.paths), name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      await utimes(path, endedAt / 1_000, endedAt / 1_000);
      paths.push(path);
    }
    return paths;
  };
  const own = DEMO_TRANSCRIPTS.filter((one) => one.user === user);
  const gone: string[] = [];
  for (const one of own.filter(({ state }) => state !== 'going')) {
    const paths = await put(one);
    if (one.state === 'gone') gone.push(...paths);
  }
  const swept = await sweepSessions(await captureHere(core), { sessions: 'all', asked: true });
  if (!swept.ok) return swept;
  const problem = problemOf(swept);
  if (problem !== null) return err(problem);
  for (const path of gone) await rm(path);
  for (const one of own.filter(({ state }) => state === 'going')) await put(one);
  return ok(swept.value.report.logs.length);
}
