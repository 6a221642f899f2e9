import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClaudeCodeSource } from '../claude-code/claude-code-source.ts';
import { createCodexSource } from '../codex/codex-source.ts';
import { lookAtFolders, standingRoots } from './folders.ts';

const answers = async (): Promise<boolean> => true;
const ID = '8f14e45f-ceea-467f-a0e6-5b1c8d2f0a11';
let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'roots-')));
});
afterEach(() => rmSync(home, { recursive: true }));

it('finds sessions below a root that is a link, under the name that it was given by (23)', async () => {
  mkdirSync(join(home, 'real', 'projects', '-x'), { recursive: true });
  writeFileSync(join(home, 'real', 'projects', '-x', `${ID}.jsonl`), '{"type":"user"}\n');
  symlinkSync(join(home, 'real'), join(home, 'link'));
  const source = createClaudeCodeSource([join(home, 'link')], answers);
  const { sessions } = await source.find();
  expect(sessions).toMatchObject([{ id: ID, root: join(home, 'link') }]);
  const parts: Uint8Array[] = [];
  for await (const part of source.read(sessions[0]!.files[0]!)) parts.push(Buffer.from(part));
  expect(Buffer.concat(parts).toString()).toBe('{"type":"user"}\n');
});

it('takes a root and a link to it for one, in either order (23)', async () => {
  mkdirSync(join(home, 'real'));
  symlinkSync(join(home, 'real'), join(home, 'link'));
  const roots = [join(home, 'real'), join(home, 'link')];
  expect(await standingRoots(roots, answers, [])).toEqual([join(home, 'real')]);
  expect(await standingRoots(roots.toReversed(), answers, [])).toEqual([join(home, 'link')]);
});

it('goes through links to folders and takes no link to a file, a folder that leads back into itself included (23)', async () => {
  const day = join(home, 'elsewhere', '03', '01');
  const name = `rollout-2026-03-01T10-00-00-${ID}.jsonl`;
  mkdirSync(day, { recursive: true });
  mkdirSync(join(home, 'sessions'));
  writeFileSync(join(day, name), '{}\n');
  symlinkSync(join(home, 'elsewhere'), join(home, 'sessions', '2026'));
  symlinkSync(join(home, 'sessions'), join(home, 'sessions', '2027'));
  symlinkSync('/etc/passwd', join(day, `rollout-2026-03-01T11-00-00-${ID.replace('8', '9')}.jsonl`));
  const { sessions } = await createCodexSource([home], answers).find();
  expect(sessions.map(({ files }) => files.map((file) => file.name))).toEqual([
    [`sessions/2026/03/01/${name}`],
  ]);
});

it('passes over a link to nowhere', async () => {
  symlinkSync(join(home, 'nowhere'), join(home, 'link'));
  const problems: { path: string; problem: string }[] = [];
  expect(await standingRoots([join(home, 'link')], answers, problems)).toEqual([]);
  expect(problems).toEqual([]);
  expect(await lookAtFolders().entries(home)).toEqual({ files: [], folders: [] });
});
