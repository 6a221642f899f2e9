import { parseLogId } from '../domain/log-path.ts';
import { isAboutLogs, parseLogName } from '../domain/log-name.ts';
import type { LogRow } from '../domain/log-query.ts';
import type { SearchHit } from '../domain/search-answer.ts';
import { en } from '../i18n/en.ts';
import { shortDay } from './time.ts';

/** What a row is called by. */
export type TitleFacts = Pick<LogRow, 'id' | 'title' | 'topic' | 'kind' | 'date' | 'path'>;

/** "Session Log: Retries" is about retries: what every log is need not stand before it. */
const LABEL = /^session[ -]?log\s*(?:[:–—]|-\s)\s*/i;
const ONLY_DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * What a session or log is called everywhere (list, panel, reader, palette, tray): its title, else its topic in words, else its file's
 * name. A daily log as a file is called by its day, whatever stands in it: its sessions have the titles.
 */
export function logTitle(row: TitleFacts): string {
  if (isDailyFile(row)) return en.logs.dailyLog(shortDay(row.date, row.date));
  // What speaks of logs is none, and is not called as if it were.
  if (row.kind === 'other' && isAboutLogs(row.path)) return row.path.split('/').at(-1) ?? row.path;
  const title = (row.title ?? '').replace(LABEL, '').trim();
  if (title !== '' && !ONLY_DAY.test(title)) return title;
  if (row.topic !== null) return sentence(row.topic);
  if (title !== '') return title;
  return row.path.split('/').at(-1) ?? en.logs.untitled;
}

/** What a hit of a search, a thread of tasks or a piece of news is called, as its log is elsewhere. */
export function hitTitle(hit: Pick<SearchHit, 'id' | 'title' | 'path' | 'day'>): string {
  const { kind, topic } = parseLogName(hit.path);
  return logTitle({ id: hit.id, title: hit.title, topic, kind, date: hit.day, path: hit.path });
}

/** True for a daily log as a whole, false for one session in it. */
export function isDailyFile(row: Pick<LogRow, 'id' | 'kind'>): boolean {
  return row.kind === 'daily' && !isPart(row);
}

/** True for one session as a daily log has it. */
export function isPart(row: Pick<LogRow, 'id'>): boolean {
  const id = parseLogId(row.id);
  return id.ok && id.value.part !== null;
}

function sentence(topic: string): string {
  const words = topic.replaceAll('-', ' ').trim();
  return words === '' ? en.logs.untitled : words.charAt(0).toUpperCase() + words.slice(1);
}
