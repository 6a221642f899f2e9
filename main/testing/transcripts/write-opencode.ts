import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openConnection, type SqliteConnection } from '../../adapters/sqlite/sqlite-connection.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { WrittenSession } from './written-session.ts';

type Json = Record<string, unknown>;

/** A session in the form of `opencode export`. */
export interface OpencodeExport {
  readonly info: Json;
  readonly messages: readonly { readonly info: Json; readonly parts: readonly Json[] }[];
}

/** The text that the export of a session has. */
export function opencodeText({ info, messages }: OpencodeExport): string {
  const lines = messages.map((one) => `\n${JSON.stringify(one)}`);
  return `{"info":${JSON.stringify(info)},"messages":[${lines.join(',')}\n]}\n`;
}

/** The tables of opencode 1.2, as far as they matter. */
const TABLES = `
  create table if not exists session (id text primary key, project_id text, parent_id text, directory text, title text, version text,
    time_created integer, time_updated integer);
  create table if not exists message (id text primary key, session_id text, time_created integer, time_updated integer, data text);
  create index if not exists message_session_idx on message (session_id);
  create table if not exists part (id text primary key, message_id text, session_id text, time_created integer, time_updated integer, data text);
  create index if not exists part_message_idx on part (message_id);
  create index if not exists part_session_idx on part (session_id);`;

/** Opens the database below a root as opencode does, with a journal beside it; close it after use. */
export function openOpencode(root: string): SqliteConnection {
  mkdirSync(root, { recursive: true });
  const db = openConnection(join(root, 'opencode.db'), 1_000);
  db.pragma('journal_mode = wal');
  db.exec(TABLES);
  return db;
}

/** Puts a session into a database. */
export function insertSession(db: SqliteConnection, { info, messages }: OpencodeExport): void {
  const { created, updated } = info['time'] as Record<string, number>;
  const column = (name: string): string | null => (info[name] ?? null) as string | null;
  const id = column('id');
  db.run(
    'insert or replace into session values (?, ?, ?, ?, ?, ?, ?, ?)',
    id,
    'project',
    column('parentID'),
    column('directory'),
    column('title'),
    column('version'),
    created ?? 0,
    updated ?? 0,
  );
  for (const { info: head, parts } of messages) {
    const { id: message, sessionID: _session, ...data } = head;
    const at = (head['time'] as Record<string, number>)['created'] ?? 0;
    db.run(
      'insert or replace into message values (?, ?, ?, ?, ?)',
      message as string,
      id,
      at,
      at,
      JSON.stringify(data),
    );
    for (const { id: part, messageID: _message, sessionID: _of, ...own } of parts)
      db.run(
        'insert or replace into part values (?, ?, ?, ?, ?, ?)',
        part as string,
        message as string,
        id,
        at,
        at,
        JSON.stringify(own),
      );
  }
}

/** Writes sessions into the database below a root, and closes it as opencode does when it ends. */
export function writeOpencode(root: string, sessions: readonly WrittenSession[]): void {
  const db = openOpencode(root);
  for (const { files, main } of sessions)
    insertSession(db, JSON.parse(String(files.get(main))) as OpencodeExport);
  db.pragma('wal_checkpoint(truncate)');
  db.close();
  for (const side of ['-wal', '-shm']) rmSync(join(root, `opencode.db${side}`), { force: true });
}

/** Writes sessions into the folders that opencode had before 1.2. */
export function writeStorage(root: string, sessions: readonly WrittenSession[]): void {
  const put = (value: Json, ...path: readonly string[]): void => {
    const file = join(root, 'storage', ...path.slice(0, -1), `${path.at(-1)}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(value, null, 2));
  };
  for (const { id, files, main } of sessions) {
    const { info, messages } = JSON.parse(String(files.get(main))) as OpencodeExport;
    put(info, 'session', 'global', id);
    for (const { info: head, parts } of messages) {
      const message = head['id'] as string;
      put(head, 'message', id, message);
      for (const part of parts) put(part, 'part', message, part['id'] as string);
    }
  }
}

/** A session with everything a log tells of. @param random decides names and lengths */
export function writeOpencodeSession(random: SeededRandom): WrittenSession {
  const id = `ses_${random.hex(12)}`;
  const word = random.pick(['parser', 'pier', 'crane', 'ledger']);
  const sha = random.hex(4).slice(0, 7);
  let at = Date.UTC(2026, 6, 19, 23, 0, 0) + random.below(86_400_000);
  const from = at;
  let count = 0;
  const ids = (): string => String(++count).padStart(6, '0');
  const message = (
    role: string,
    more: Json,
    ...parts: readonly Json[]
  ): OpencodeExport['messages'][number] => {
    at += 2_000;
    const own = `msg_${ids()}`;
    return {
      info: { role, time: { created: at }, ...more, id: own, sessionID: id },
      parts: parts.map((part) => ({ ...part, id: `prt_${ids()}`, messageID: own, sessionID: id })),
    };
  };
  const say = (words: string, more: Json = {}): Json => ({ type: 'text', text: words, ...more });
  const tool = (
    name: string,
    input: Json,
    output: string,
    metadata: Json = {},
    status = 'completed',
  ): Json => ({
    type: 'tool',
    tool: name,
    callID: `call_${id}_${ids()}`,
    state: { status, input, output, metadata, time: { start: at, end: at + 500 } },
  });
  const path = `/home/ada/harbour/src/${word}.ts`;
  const page = `/home/ada/harbour/docs/${word}.md`;
  const tokens = { input: 900, output: 30, reasoning: 0, cache: { read: 100, write: 0 } };
  const model = { modelID: 'claude-sonnet-5', providerID: 'anthropic', cost: 0.01, tokens };
  const messages = [
    message('user', {}, say(`Fix the ${word}, please`), say('<file>...</file>', { synthetic: true })),
    message(
      'assistant',
      model,
      { type: 'step-start' },
      say('I will look.'),
      tool('bash', { command: 'npm test', description: 'Test' }, '1 failing', { exit: 1 }),
      tool('edit', { filePath: path, oldString: 'one', newString: 'two' }, 'Edited'),
      tool('write', { filePath: page, content: '# Words\n' }, 'Wrote', { exists: false }),
      tool('bash', { command: `git commit -am "Fix ${word}"` }, `[main ${sha}] Fix ${word}`, { exit: 0 }),
      tool('todowrite', { todos: [{ content: 'Test it', status: 'pending' }] }, 'ok'),
      { type: 'step-finish' },
    ),
    message('user', {}, say('And now\nthe rest')),
    message('assistant', model, say('Done.')),
  ];
  const info = {
    id,
    parentID: null,
    directory: '/home/ada/harbour',
    title: `The ${word}`,
    version: '1.2.0',
    time: { created: from, updated: at },
  };
  const main = `export/${id}.json`;
  return {
    agent: 'opencode',
    version: '1.2.0',
    id,
    main,
    files: new Map([[main, opencodeText({ info, messages })]]),
    truth: {
      prompts: [`Fix the ${word}, please`, 'And now\nthe rest'],
      changedFiles: [path, page],
      commands: ['npm test', `git commit -am "Fix ${word}"`],
      failedCommands: 1,
      commits: [sha],
      folder: '/home/ada/harbour',
      title: `The ${word}`,
      subagents: 0,
      unknownLines: 0,
    },
  };
}

/** The tables of opencode 2, as far as they matter. */
const SECOND_TABLES = `
  create table if not exists session_v2 (id text primary key, project_id text, parent_id text, fork_session_id text, directory text, title text,
    version text, agent text, model text, cost real default 0 not null, tokens_input integer default 0 not null, time_created integer,
    time_updated integer);
  create table if not exists session_message (id text primary key, session_id text, type text, seq integer, time_created integer,
    time_updated integer, data text);
  create index if not exists session_message_seq on session_message (session_id, seq);`;

/** A session in the form of the export of opencode 2. */
interface SecondExport {
  readonly info: Json;
  readonly messages: readonly Json[];
}

/** Puts a session of opencode 2 into a database. */
export function insertSecond(db: SqliteConnection, { info, messages }: SecondExport): void {
  db.exec(SECOND_TABLES);
  const { created = 0, updated = 0 } = info['time'] as Record<string, number>;
  const column = (value: unknown): string | null => (value ?? null) as string | null;
  db.run(
    'insert or replace into session_v2 values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0.5, 900, ?, ?)',
    column(info['id']),
    column(info['projectID']),
    column(info['parentID']),
    column(info['forkSessionID']),
    column((info['location'] as Json)['directory']),
    column(info['title']),
    column(info['version']),
    column(info['agent']),
    JSON.stringify(info['model']),
    created,
    updated,
  );
  for (const [seq, { id, type, ...data }] of messages.entries()) {
    const at = (data['time'] as Record<string, number>)['created'] ?? 0;
    db.run(
      'insert or replace into session_message values (?, ?, ?, ?, ?, ?, ?)',
      column(id),
      column(info['id']),
      column(type),
      seq,
      at,
      at,
      JSON.stringify(data),
    );
  }
}

/** Writes sessions of opencode 2 into the database below a root, and closes it as opencode does when it ends. */
export function writeSecond(root: string, sessions: readonly WrittenSession[]): void {
  const db = openOpencode(root);
  for (const { files, main } of sessions)
    insertSecond(db, JSON.parse(String(files.get(main))) as SecondExport);
  db.pragma('wal_checkpoint(truncate)');
  db.close();
  for (const side of ['-wal', '-shm']) rmSync(join(root, `opencode.db${side}`), { force: true });
}

/** A session of opencode 2 with everything a log tells of. @param random decides names and lengths */
export function writeSecondSession(random: SeededRandom): WrittenSession {
  const id = `ses_${random.hex(12)}`;
  const word = random.pick(['parser', 'pier', 'crane', 'ledger']);
  const sha = random.hex(4).slice(0, 7);
  const from = Date.UTC(2026, 8, 19, 23, 0, 0) + random.below(86_400_000);
  let at = from;
  let count = 0;
  const message = (type: string, more: Json): Json => {
    at += 2_000;
    return {
      time: { created: at, completed: at + 500 },
      ...more,
      id: `msg_${String(++count).padStart(6, '0')}`,
      type,
    };
  };
  const tool = (
    name: string,
    input: Json,
    said: string,
    metadata: Json = {},
    status = 'completed',
  ): Json => ({
    type: 'tool',
    id: `call_${id}_${String(++count)}`,
    name,
    state: { status, input, content: [{ type: 'text', text: said }], metadata },
    time: { created: at, ran: at + 10, completed: at + 400 },
  });
  const path = `/home/ada/harbour/src/${word}.ts`;
  const model = { id: 'claude-sonnet-5', providerID: 'anthropic' };
  const answer = (...content: readonly Json[]): Json =>
    message('assistant', {
      agent: 'build',
      model,
      content,
      cost: 0.01,
      tokens: { input: 900, output: 30, reasoning: 0, cache: { read: 100, write: 0 } },
    });
  const messages = [
    message('agent-switched', { agent: 'build' }),
    message('system', { text: 'Today is another day.' }),
    message('user', { text: `Fix the ${word}, please` }),
    answer(
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'I will look.' },
      tool('shell', { command: 'npm test' }, '1 failing', { exit: 1, truncated: false }),
      tool(
        'edit',
        { path: `src/${word}.ts`, oldString: 'one', newString: 'two' },
        `Edited src/${word}.ts (1 replacement)`,
      ),
      tool(
        'write',
        { path: `docs/${word}.md`, content: '# Words\n' },
        `Created file successfully: docs/${word}.md`,
      ),
      tool('shell', { command: `git commit -am "Fix ${word}"` }, `[main ${sha}] Fix ${word}`, { exit: 0 }),
    ),
    message('synthetic', { text: 'A task of yours has ended.' }),
    message('user', { text: 'And now\nthe rest' }),
    answer({ type: 'text', text: 'Done.' }),
    message('idle', { outcome: 'succeeded' }),
  ];
  const info = {
    id,
    projectID: 'project',
    agent: 'build',
    cost: 0.5,
    title: `The ${word}`,
    version: '2.0.12',
    location: { directory: '/home/ada/harbour' },
    tokens: { input: 900 },
    time: { created: from, updated: at },
    model,
  };
  const main = `export/v2/${id}.json`;
  const lines = messages.map((one) => `\n${JSON.stringify(one)}`);
  return {
    agent: 'opencode',
    version: '2.0.12',
    id,
    main,
    files: new Map([[main, `{"info":${JSON.stringify(info)},"messages":[${lines.join(',')}\n]}\n`]]),
    truth: {
      prompts: [`Fix the ${word}, please`, 'And now\nthe rest'],
      changedFiles: [path, `/home/ada/harbour/docs/${word}.md`],
      commands: ['npm test', `git commit -am "Fix ${word}"`],
      failedCommands: 1,
      commits: [sha],
      folder: '/home/ada/harbour',
      title: `The ${word}`,
      subagents: 0,
      unknownLines: 0,
    },
  };
}
