import type { CalendarDate } from '../ids.ts';
import { findDays } from './find-day.ts';

/** The day that a heading begins or ends with: one in the middle is its subject ("after the outage of …"). */
export function headingDay(title: string): CalendarDate | null {
  const found = findDays(title).find(({ start, end }) => {
    const before = title.slice(0, start);
    const after = title.slice(end);
    return (
      namesLogOnly(before) ||
      LOG_ENDING.test(before) ||
      (SET_OFF.test(before) && (NOTHING_MORE.test(after) || SET_OFF_BEHIND.test(after)))
    );
  });
  return found?.date ?? null;
}

/** A dash, colon or bracket, perhaps with a weekday; or words that introduce the day. */
const SET_OFF =
  /(?:^|\s)(?:as of|stand|vom)\s$|[-\u2010-\u2015:|(,/\u00b7\u2022[\uff08\u3010]\s*(?:\p{L}{2,12},?\s)?$/u;
/** A bracket with a few words or its end, a time, perhaps a weekday. */
const NOTHING_MORE =
  /^,[^()]{1,60}\)$|^\s?[(\uff08][^()\uff08\uff09]{1,20}[)\uff09]$|^[\s)\]\p{P}\d:TZ]*(?:\p{L}{2,14})?[\s)\]]*$/u;

/** The day is followed by another dash: `Session 5 — 2026-01-05 — the mail server`. */
const SET_OFF_BEHIND = /^\s*(?:[\u2010-\u2015:|\u00b7\u2022]|-\s)/u;

/** Words that mean a log, not its subject. */
const LOG_WORDS: ReadonlySet<string> = new Set(
  `s session sessions log logs devlog worklog diary journal notes note summary report recap dev work working daily coding agent claude code
  development day update handoff handover for of on date the from sitzung tagebuch protokoll vom am relácia denník záznam zo dňa deník сессия
  сессии журнал лог отчет отчёт дневник за от セッション ログ セッションログ 作業ログ 作業記録 作業日誌 日報 日誌 开发日志 工作日志 日志 会话 会话日志 세션 로그 세션로그 작업일지
  bitácora diario sesión rapport du del diário registro sessão mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday
  sunday montag dienstag mittwoch donnerstag freitag samstag sonntag`.split(/\s+/),
);

/** A word for a log right before its day. */
const LOG_ENDING =
  /(?:日志|日誌|日记|日記|记录|記録|ログ|日報|报告|報告|履歴|バックアップ|일지|로그|기록|(?:^|\s)(?:log|logs|journal|diary|report|sessions?|backup|handoff|handover|recap|сессии|сессия|отч[её]т|лог|журнал|дневник|relácie|relácia|denník|záznam|deník|sitzung|protokoll|tagebuch|sesi[oó]n|bit[aá]cora|diario|sess[aã]o|rapport))[\s:：\u2010-\u2015-]{0,3}$/iu;

function namesLogOnly(words: string): boolean {
  return words
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .every((word) => word === '' || LOG_WORDS.has(word) || /^s?\d{1,4}$/.test(word));
}
