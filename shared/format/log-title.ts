import type { LogRow } from '../domain/log-query.ts';
import { en } from '../i18n/en.ts';

/** What a log is called: its title, else its topic in words, else its file's name. */
export function logTitle(row: Pick<LogRow, 'title' | 'topic' | 'kind' | 'date' | 'path'>): string {
  if (row.title !== null && row.title !== '') return row.title;
  if (row.topic !== null) return sentence(row.topic);
  if (row.kind === 'daily') return en.logs.dailyLog(row.date);
  return row.path.split('/').at(-1) ?? en.logs.untitled;
}

function sentence(topic: string): string {
  const words = topic.replaceAll('-', ' ').trim();
  return words === '' ? en.logs.untitled : words.charAt(0).toUpperCase() + words.slice(1);
}
