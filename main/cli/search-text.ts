import type {
  SearchAnswer,
  SearchHit,
  SearchRung,
  SearchSnippet,
} from '../../shared/domain/search-answer.ts';
import { plural } from '../../shared/format/amount.ts';
import type { TerminalStyle } from './terminal-style.ts';

const RUNGS: Readonly<Record<SearchRung, string>> = {
  phrase: 'as a phrase',
  near: 'close together',
  all: 'all words',
  similar: 'in other forms of the words',
  most: 'most of the words',
};

/** Formats hits for people: title and facts, the lines with the words highlighted, and the id that `show` takes. */
export function searchText(answer: SearchAnswer, style: TerminalStyle): string {
  if (answer.hits.length === 0) return nothingText(answer);
  const rungs = new Set(answer.hits.map(({ rung }) => rung));
  const lines: string[] = [];
  let rung: SearchRung | null = null;
  for (const hit of answer.hits) {
    if (rungs.size > 1 && hit.rung !== rung) lines.push(style.faint(`\u2014 ${RUNGS[hit.rung]} \u2014`), '');
    rung = hit.rung;
    lines.push(...hitLines(hit, style), '');
  }
  return [...lines, ...footer(answer)].join('\n');
}

function hitLines(hit: SearchHit, style: TerminalStyle): readonly string[] {
  const facts = [hit.day, hit.user, hit.project ?? hit.client, hit.host]
    .filter((fact) => fact !== null)
    .join(', ');
  const where = hit.pulled
    ? ''
    : hit.commit === null
      ? ' [not pulled]'
      : ` [only in commit ${hit.commit.slice(0, 9)}]`;
  const more = hit.more.length === 0 ? '' : ` (+${plural(hit.more.length, 'more session')} of this log)`;
  return [
    `${style.bold(hit.title ?? hit.path)}  ${facts}${where}${more}`,
    ...hit.snippets.map((snippet) => snippetLine(snippet, style)),
    `  ${style.faint(hit.id)}`,
  ];
}

function snippetLine({ line, section, text, marks }: SearchSnippet, style: TerminalStyle): string {
  let marked = '';
  let at = 0;
  for (const [start, end] of marks) {
    marked += `${text.slice(at, start)}${style.bold(style.warn(text.slice(start, end)))}`;
    at = end;
  }
  const place = section === null ? `${line}` : `${line} ${section}`;
  return `  ${style.faint(`${place}:`)} ${marked}${text.slice(at)}`;
}

function footer(answer: SearchAnswer): readonly string[] {
  const { count, atLeast } = answer.total;
  const shown = answer.hits.length + answer.hits.reduce((sum, { more }) => sum + more.length, 0);
  const total = `${atLeast ? 'at least ' : ''}${plural(count, 'hit')}`;
  const rest = answer.next === null ? '' : `; the next: --cursor ${answer.next}`;
  return [`${answer.next === null ? total : `${shown} of ${total}`}${rest}`, ...remarks(answer)];
}

function nothingText(answer: SearchAnswer): string {
  return [
    'Nothing found.',
    ...remarks(answer),
    // A person who was told why there is nothing needs no other advice.
    ...(answer.waiting > 0 || answer.explanations.length > 0
      ? []
      : [
          '`session-log sync --index` brings what other machines have pushed; fewer words or word* find more.',
        ]),
  ].join('\n');
}

function remarks({ explanations, waiting }: SearchAnswer): readonly string[] {
  const late =
    waiting === 0
      ? []
      : [
          `${plural(waiting, 'log')} of this machine ${waiting === 1 ? 'is' : 'are'} not read in yet; the next search goes on, \`session-log search --update\` does it at once.`,
        ];
  return [...explanations, ...late];
}
