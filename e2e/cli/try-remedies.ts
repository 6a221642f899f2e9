import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Box, commandsIn, type Row } from './remedy-box.ts';

/** Brings each state about and runs the remedy as it was printed. */
export function tryRemedies(rows: readonly Row[]): void {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-remedies-')));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(rows.map((row) => [row.state, row] as const))('helps with %s', async (_, row) => {
    // All at one place: a data folder knows its own, and what one has been set up with can so be copied for the next.
    const folder = join(root, 'box');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const first = new Box(folder);
    const made = await row.bring(first);
    const [box, ended] = 'code' in made ? ([first, made] as const) : made;
    const commands = commandsIn(ended, box);
    const command = commands.find((words) => row.command.test(words.join(' ')));
    expect(command, `${ended.out}\n${ended.err}`).toBeDefined();
    const answer = await box.run(...(command ?? []));
    expect(answer, (command ?? []).join(' ')).toMatchObject({ code: row.code ?? 0 });
    await row.after?.(box, answer);
  });
}
