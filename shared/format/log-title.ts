import { parseLogId } from '../domain/log-path.ts';
import { isAboutLogs, parseLogName } from '../domain/log-name.ts';
import type { LogRow } from '../domain/log-query.ts';
import type { SearchHit } from '../domain/search-answer.ts';
import { en } from '../i18n/en.ts';
import { shortDay } from './time.ts';

/** The facts a row's title comes from. */
export type TitleFacts = Pick<LogRow, 'id' | 'title' | 'topic' | 'kind' | 'date' | 'path'>;

/** Strips "Session Log: " from "Session Log: Retries": every title could start with it. */
const LABEL = /^session[ -]?log\s*(?:[:–—]|-\s)\s*/i;
const ONLY_DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The title of a session or log everywhere (list, panel, reader, palette, tray): its title, else its topic in words, else its file
 * name. A daily log as a file is titled by its day, whatever it contains: its sessions have titles of their own.
 */
export function logTitle(row: TitleFacts): string {
  if (isDailyFile(row)) return en.logs.dailyLog(shortDay(row.date, row.date));
  // A file about logs is not a log, and is not titled like one.
  if (row.kind === 'other' && isAboutLogs(row.path)) return row.path.split('/').at(-1) ?? row.path;
  const title = (row.title ?? '').replace(LABEL, '').trim();
  if (title !== '' && !ONLY_DAY.test(title)) return title;
  if (row.topic !== null) return sentence(row.topic);
  if (title !== '') return title;
  return row.path.split('/').at(-1) ?? en.logs.untitled;
}

/** The title of a search hit, a thread of tasks or a news item, the same as its log has elsewhere. */
export function hitTitle(hit: Pick<SearchHit, 'id' | 'title' | 'path' | 'day'>): string {
  const { kind, topic } = parseLogName(hit.path);
  return logTitle({ id: hit.id, title: hit.title, topic, kind, date: hit.day, path: hit.path });
}

/** True for a daily log as a whole, false for one session in it. */
export function isDailyFile(row: Pick<LogRow, 'id' | 'kind'>): boolean {
  return row.kind === 'daily' && !isPart(row);
}

/** True for one session inside a daily log. */
export function isPart(row: Pick<LogRow, 'id'>): boolean {
  const id = parseLogId(row.id);
  return id.ok && id.value.part !== null;
}

function sentence(topic: string): string {
  const words = topic.replaceAll('-', ' ').trim();
  return words === '' ? en.logs.untitled : words.charAt(0).toUpperCase() + words.slice(1);
}
