/** What a label at the top of a log refers to. */
export type LabelKind = 'date' | 'author' | 'user' | 'project' | 'client' | 'tags';

/** Labels people use for these, in lower case, by language. A label with one more word ("session date") is matched by its last word. */
const LABELS: Readonly<Record<LabelKind, readonly string[]>> = {
  date: [
    'date, dates, day, executed, captured, date/time, date & time, datetime, timestamp, created, created at, created on, started, started at, start, when, session start',
    'datum, tag der sitzung, erstellt, erstellt am, beginn',
    'dátum, dátum a čas, vytvorené, začiatok, datum a čas, vytvořeno',
    'дата, дата и время, дата сессии, дата создания, создано, огноо',
    '日付, 日時, 作成日, 作成日時, 実施日, 作業日, 依頼日, 実行日, 開始, 開始日時, 記録日, セッション日, セッション日時',
    '日期, 日期時間, 日期时间, 创建日期, 创建时间, 建立日期, 会话日期, 會話日期, 时间, 時間, 记录日期, 调研时间, 生成时间, 发布时间, 操作时间',
    '날짜, 일자, 일시, 작성일, 작업일, 세션 날짜',
    'fecha, fecha y hora, fecha de la sesión, fecha de sesión, creado, creado el, inicio',
    'date de la session, date de session, créé le, date et heure',
    'data, data e hora, data da sessão, criado em, data e ora, data della sessione, creato il',
    'data sesji, utworzono, dato, päivämäärä, tarih, oturum tarihi, ngày, dată, ημερομηνία, تاريخ, التاريخ, תאריך',
  ],
  author: [
    'author, authors, written by, by, logged by, recorded by, developer, engineer, operator, prepared by',
    'autor, autorin, verfasser, verfasserin, autora, auteur, autore, автор, исполнитель, 作者, 作成者, 記録者, 担当, 担当者, 著者, 撰写人, 작성자',
  ],
  user: [
    'user, username, benutzer, používateľ, uživatel, пользователь, ユーザー, ユーザ, 用户, 使用者, 사용자, usuario, utilisateur, utente',
  ],
  project: [
    'project, project name, projekt, projet, proyecto, projeto, progetto, проект, プロジェクト, 项目, 專案, 项目名称, 프로젝트',
  ],
  client: ['client, customer, kunde, zákazník, klient, cliente, клиент, заказчик, クライアント, 客户, 고객'],
  tags: [
    'tags, tag, labels, keywords, schlagwörter, štítky, теги, タグ, 标签, 標籤, 태그, etiquetas, étiquettes',
  ],
};

const BY_LABEL: ReadonlyMap<string, LabelKind> = new Map(
  Object.entries(LABELS).flatMap(([kind, lists]) =>
    lists.flatMap((list) =>
      list.split(', ').map((label): [string, LabelKind] => [label.normalize('NFC'), kind as LabelKind]),
    ),
  ),
);

/** Dates of something other than the log itself. */
const OTHER_DAYS =
  /(?:^| )(?:last|next|due|end|target|release|released?|updates?|updated|modified|deadline|expiry|go-live|birth|effective|aktualizacji|actualización|обновления)(?: |$)/;
/** A label of up to three words means a date if it begins or ends like this: "session date", "data kompilacji", "дата создания". */
const OF_DAY = /^(?:(?:date|datum|dátum|дата|fecha|data)(?: \p{L}+){1,2}|(?:\p{L}+ ){1,2}date)$/u;

/** Returns what a label refers to; null for any other. `isForeign`: its language writes dates with points, day first. */
export function readLabel(label: string): { readonly kind: LabelKind; readonly isForeign: boolean } | null {
  const plain = label
    .normalize('NFC')
    .toLowerCase()
    .replace(/^[^\p{L}]+/u, '')
    .replace(/[^\p{L}\p{M}]+$/u, '')
    .replaceAll(/\s+/g, ' ');
  const isForeign =
    !/^[a-z &/]+$/.test(plain) || /^(?:datum|data|fecha|dato|tarih|beginn|erstellt)\b/.test(plain);
  const kind = BY_LABEL.get(plain);
  if (kind) return { kind, isForeign };
  return OF_DAY.test(plain) && !OTHER_DAYS.test(plain) ? { kind: 'date', isForeign } : null;
}
