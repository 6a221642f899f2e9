import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openConnection } from '../../adapters/sqlite/sqlite-connection.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { uuid } from './write-claude-code.ts';
import type { WrittenSession } from './written-session.ts';

/** How Cursor's editor keeps its conversations: a document of each, or a table of their heads besides (3.16). */
export const COMPOSER_VERSIONS = ['documents', 'heads'] as const;
export type ComposerVersion = (typeof COMPOSER_VERSIONS)[number];

type Json = Record<string, unknown>;

interface ComposerExport {
  readonly id: string;
  readonly folder: string | null;
  readonly head: Json | null;
  readonly composer: Json;
  readonly bubbles: readonly Json[];
}

const WORKSPACE = '0123456789abcdef0123456789abcdef';

function exportText({ id, folder, head, composer, bubbles }: ComposerExport): string {
  const lines = bubbles.map((bubble) => `\n${JSON.stringify(bubble)}`);
  return `{"id":${JSON.stringify(id)},"folder":${JSON.stringify(folder)},"head":${JSON.stringify(head)},"composer":${JSON.stringify(composer)},"bubbles":[${lines.join(',')}\n]}\n`;
}

/** Writes conversations into the database below a root, as the editor leaves it when it ends. */
export function writeComposers(root: string, sessions: readonly WrittenSession[]): void {
  const path = join(root, 'globalStorage', 'state.vscdb');
  mkdirSync(dirname(path), { recursive: true });
  const db = openConnection(path, 1_000);
  db.exec(
    'create table if not exists ItemTable (key text unique on conflict replace, value blob); create table if not exists cursorDiskKV (key text unique on conflict replace, value blob)',
  );
  for (const { files, main } of sessions) {
    const one = JSON.parse(String(files.get(main))) as ComposerExport;
    const put = (key: string, value: Json): number =>
      db.run('insert into cursorDiskKV values (?, ?)', key, JSON.stringify(value));
    put(`composerData:${one.id}`, one.composer);
    // The document alone says in which order they stand.
    for (const bubble of [...one.bubbles].reverse())
      put(`bubbleId:${one.id}:${String(bubble['bubbleId'])}`, bubble);
    put('composerData:empty-state-draft', { composerId: 'empty-state-draft' });
    if (one.head === null) continue;
    db.exec(
      'create table if not exists composerHeaders (composerId text primary key, workspaceId text, createdAt integer, lastUpdatedAt integer, isSubagent integer, value text)',
    );
    db.run(
      'insert or replace into composerHeaders values (?, ?, ?, ?, ?, ?)',
      one.id,
      one.folder === null ? 'empty-window' : WORKSPACE,
      one.head['createdAt'] as number,
      one.composer['lastUpdatedAt'] as number,
      one.head['isSubagent'] === true ? 1 : 0,
      JSON.stringify(one.head),
    );
    if (one.folder === null) continue;
    const workspace = join(root, 'workspaceStorage', WORKSPACE, 'workspace.json');
    mkdirSync(dirname(workspace), { recursive: true });
    writeFileSync(workspace, JSON.stringify({ folder: `file://${one.folder}` }));
  }
  db.close();
  for (const side of ['-wal', '-shm']) rmSync(`${path}${side}`, { force: true });
}

/** A session with everything a log tells of. @param random decides names and lengths */
export function writeComposer(random: SeededRandom, version: ComposerVersion): WrittenSession {
  const id = uuid(random);
  const word = random.pick(['parser', 'pier', 'crane', 'ledger']);
  const sha = random.hex(4).slice(0, 7);
  const from = Date.UTC(2026, 7, 17, 18, 0, 0) + random.below(86_400_000);
  let at = from;
  const bubble = (type: 1 | 2, more: Json): Json => {
    at += 2_000;
    return { _v: 3, type, bubbleId: uuid(random), createdAt: new Date(at).toISOString(), ...more };
  };
  const call = (name: string, params: Json, result: Json | string, status = 'completed'): Json =>
    bubble(2, {
      capabilityType: 15,
      text: '',
      toolFormerData: {
        tool: 15,
        name,
        toolCallId: `toolu_${random.hex(8)}`,
        params: JSON.stringify(params),
        rawArgs: '',
        status,
        result: typeof result === 'string' ? result : JSON.stringify(result),
      },
    });
  const folder = '/home/ada/harbour';
  const path = `${folder}/src/${word}.ts`;
  const page = `${folder}/docs/${word}.md`;
  const modelInfo = { modelName: 'claude-fable-5' };
  const bubbles = [
    bubble(1, { text: `Fix the ${word}, please` }),
    bubble(2, { text: '', thinking: { text: '', signature: 'x' }, capabilityType: 30 }),
    bubble(2, { text: 'I will look.', modelInfo, tokenCount: { inputTokens: 900, outputTokens: 30 } }),
    call('read_file_v2', { targetFile: path }, 'const x = 1;'),
    call(
      'run_terminal_command_v2',
      { command: 'npm test', cwd: folder },
      { output: '1 failing', exitCodeV2: 1 },
    ),
    call(
      'search_replace',
      { file_path: path, old_string: 'one', new_string: 'two' },
      { diff: { chunks: [{ linesAdded: 1, linesRemoved: 1 }] } },
    ),
    call('write', { file_path: page, contents: '# Words\n' }, { isNewFile: true }),
    call('run_terminal_cmd', { command: `git commit -am "Fix ${word}"` }, `[main ${sha}] Fix ${word}\n`),
    call('run_terminal_cmd', { command: 'sleep 900' }, '', 'started'),
    bubble(1, { text: 'And now\nthe rest' }),
    bubble(2, { text: 'Done.', modelInfo }),
  ];
  const isNew = version === 'heads';
  const composer = {
    _v: isNew ? 17 : 3,
    composerId: id,
    createdAt: from,
    lastUpdatedAt: at,
    fullConversationHeadersOnly: bubbles.map(({ bubbleId, type }) => ({ bubbleId, type })),
    ...(isNew ? {} : { name: `The ${word}`, trackedGitRepos: [{ repoPath: folder }] }),
  };
  const head = isNew ? { type: 'head', name: `The ${word}`, createdAt: from } : null;
  const main = `export/${id}.json`;
  return {
    agent: 'cursor',
    version,
    id,
    main,
    files: new Map([[main, exportText({ id, folder: isNew ? folder : null, head, composer, bubbles })]]),
    truth: {
      prompts: [`Fix the ${word}, please`, 'And now\nthe rest'],
      changedFiles: [path, page],
      commands: ['npm test', `git commit -am "Fix ${word}"`],
      failedCommands: 1,
      commits: [sha],
      folder,
      title: `The ${word}`,
      subagents: 0,
      unknownLines: 0,
    },
  };
}
